import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type SchemaObject } from 'ajv';
import type * as Graphql from 'graphql';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildSchema } from '../../src/schema/index.js';
import { printSdl } from '../../src/schema/sdl.js';
import { readConfig } from '../../src/config.js';

// The router is a separate program, which no package includes. Its configuration is held against the shape that its
// documentation gives to the settings in use, where anything else is an error, as it is for the router.
const example = new URL('../../examples/supergraph/', import.meta.url);
const require = createRequire(new URL('package.json', example));

const object = (properties: Record<string, SchemaObject>, required: string[] = []): SchemaObject => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const bySubgraph = (of: SchemaObject): SchemaObject => ({ type: 'object', additionalProperties: of });
const boolean = { type: 'boolean' };
const duration = { type: 'string', pattern: '^\\d+(ms|s|m|h)$' };
const header = { type: 'string', pattern: '^[a-z0-9-]+$' };
const headerRules = object(
  {
    request: {
      type: 'array',
      items: {
        oneOf: [
          object({ propagate: object({ named: header }, ['named']) }, ['propagate']),
          object(
            { insert: object({ name: header, value: { type: 'string', minLength: 1 } }, ['name', 'value']) },
            ['insert'],
          ),
        ],
      },
    },
  },
  ['request'],
);
const shaping = object({ timeout: duration });
const ROUTER = object({
  supergraph: object({
    listen: { type: 'string', pattern: '^[\\d.]+:\\d+$' },
    path: { type: 'string', pattern: '^/' },
  }),
  headers: object({ all: headerRules, subgraphs: bySubgraph(headerRules) }),
  telemetry: object({
    exporters: object({
      tracing: object({ propagation: object({ trace_context: boolean, baggage: boolean }) }),
    }),
  }),
  apq: object({
    enabled: boolean,
    subgraph: object({
      all: object({ enabled: boolean }),
      subgraphs: bySubgraph(object({ enabled: boolean })),
    }),
  }),
  include_subgraph_errors: object({ all: boolean, subgraphs: bySubgraph(boolean) }),
  traffic_shaping: object({ router: shaping, all: shaping, subgraphs: bySubgraph(shaping) }),
});

interface Rule {
  propagate?: { named: string };
  insert?: { name: string; value: string };
}
interface RouterConfig {
  headers: { all: { request: Rule[] }; subgraphs: Record<string, { request: Rule[] }> };
  telemetry: { exporters: { tracing: { propagation: Record<string, boolean> } } };
  apq: { subgraph: { subgraphs: Record<string, unknown> } };
  include_subgraph_errors: { all: boolean; subgraphs: Record<string, boolean> };
  traffic_shaping: { router: { timeout: string }; subgraphs: Record<string, { timeout: string }> };
}

const config = parse(readFileSync(new URL('router.yaml', example), 'utf8')) as RouterConfig;
const FACADE = 'constantcontact';

it('has only settings that the router knows, each of its type', () => {
  const validate = new Ajv({ allErrors: true }).compile(ROUTER);
  validate(config);
  expect(validate.errors ?? []).toEqual([]);
});

it('names the subgraph as the supergraph does', () => {
  const { composeServices } = require('@theguild/federation-composition') as {
    composeServices(services: { name: string; url: string; typeDefs: Graphql.DocumentNode }[]): {
      supergraphSdl?: string;
    };
  };
  const graphql = require('graphql') as typeof Graphql;
  const { supergraphSdl = '' } = composeServices([
    {
      name: FACADE,
      url: 'http://127.0.0.1:4001/graphql',
      typeDefs: graphql.parse(printSdl(buildSchema({ nodeFields: false }))),
    },
    {
      name: 'orders',
      url: 'http://127.0.0.1:4002/graphql',
      typeDefs: graphql.parse(readFileSync(new URL('orders.graphql', example), 'utf8')),
    },
  ]);
  const subgraphs = [...supergraphSdl.matchAll(/@join__graph\(\s*name: "([^"]+)"/g)].map(([, name]) => name);
  expect(subgraphs.sort()).toEqual([FACADE, 'orders']);
  for (const named of [
    config.headers.subgraphs,
    config.apq.subgraph.subgraphs,
    config.include_subgraph_errors.subgraphs,
    config.traffic_shaping.subgraphs,
  ])
    expect(Object.keys(named)).toEqual([FACADE]);
});

it('forwards credentials only to the facade, replaces the key of the caller by its own, and forwards traces to all', () => {
  const propagated = (rules: Rule[]) => rules.flatMap(({ propagate }) => propagate?.named ?? []);
  const { request } = config.headers.subgraphs[FACADE] ?? { request: [] };
  expect(propagated(config.headers.all.request)).toEqual(['x-request-id']);
  expect(propagated(request)).toEqual(['authorization', 'x-access-token']);
  expect(request.flatMap(({ insert }) => insert ?? [])).toEqual([
    { name: 'x-api-key', value: '${env.FACADE_KEY}' },
  ]);
  expect(config.telemetry.exporters.tracing.propagation).toEqual({ trace_context: true, baggage: true });
});

it('has a longer timeout than an operation of the facade', () => {
  const { operationTimeoutSeconds } = readConfig({});
  const { router, subgraphs } = config.traffic_shaping;
  const facade = Number.parseInt(subgraphs[FACADE]?.timeout ?? '0', 10);
  expect(facade).toBeGreaterThan(operationTimeoutSeconds);
  expect(Number.parseInt(router.timeout, 10)).toBeGreaterThan(facade);
});
