import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pack, ROOT } from '../support/packed.js';
import { killServers, startServer } from '../support/server-process.js';

const NAME = 'constant-contact-graphql';
const tool = (name: string) => join(ROOT, 'node_modules/.bin', name);
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  devDependencies: Record<string, string>;
};

let tarball: string;
/** A folder with nothing in it but an installation of the tarball. */
let folder: string;
/** What npm had to say of the installation. */
let warnings: string;

beforeAll(() => {
  tarball = pack();
  folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const { status, stderr } = spawnSync(
    'npm',
    [
      'install',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      // Under `npm run --silent` it would say nothing at all.
      '--loglevel=warn',
      tarball,
      // What a program in TypeScript on Node has anyway.
      `@types/node@${manifest.devDependencies['@types/node'] ?? ''}`,
    ],
    { cwd: folder, encoding: 'utf8' },
  );
  warnings = stderr;
  if (status !== 0) throw new Error(stderr);
}, 300_000);
afterEach(killServers);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(tarball, '..'), { recursive: true, force: true });
});

function run(command: string, ...args: string[]) {
  const { PATH, HOME } = process.env;
  return spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH, HOME, LOG_LEVEL: 'warn' },
    maxBuffer: 16 * 2 ** 20,
  });
}

describe('the tarball', () => {
  it('holds what is needed and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const others = files
      .map((file) => file.replace(/^package\//, ''))
      .filter((file) => !/^dist\/.+\.(js|d\.ts)$/.test(file))
      .filter((file) => !/^examples\/\d\d-[\w-]+(\.graphql|\.variables\.json)$/.test(file));
    const assets = others.filter((file) => file.startsWith('dist/'));
    expect(others.filter((file) => !file.startsWith('dist/')).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
      'schema.api.graphql',
      'schema.graphql',
    ]);
    // What the code reads beside itself, and the licences of what is bundled.
    expect(assets.sort()).toEqual([
      'dist/THIRD-PARTY-NOTICES.txt',
      'dist/constant-contact/contract/contract.json',
      'dist/server/pages/graphiql.css',
      'dist/server/pages/landing.css',
    ]);
    expect(files.some((file) => /^package\/examples\/01-/.test(file))).toBe(true);
  });

  it('is packaged by the rules', () => {
    const lint = run(tool('publint'), 'run', tarball, '--strict');
    expect(lint.status, lint.stdout + lint.stderr).toBe(0);
    // The schemas are texts; all else resolves, as an ES module.
    const texts = ['--exclude-entrypoints', './schema.graphql', './schema.api.graphql'];
    const types = run(tool('attw'), tarball, '--profile', 'esm-only', ...texts);
    expect(types.status, types.stdout + types.stderr).toBe(0);
  });
});

describe('in an empty folder', () => {
  it('nothing that is installed asks for a newer Node than the package does', () => {
    expect(warnings).not.toMatch(/EBADENGINE|Unsupported engine/);
    // What would ask for one is in the tarball, with its licence.
    expect(existsSync(join(folder, 'node_modules/graphql-yoga'))).toBe(false);
    const notices = readFileSync(join(folder, 'node_modules', NAME, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['graphql-yoga', '@graphql-yoga/render-graphiql', '@whatwg-node/promise-helpers'])
      expect(notices).toMatch(new RegExp(`^${name} \\d\\S* \\(MIT\\)$`, 'm'));
  });

  it('the command line runs', async () => {
    expect(run('npx', '--no-install', NAME, '--version').stdout).toBe(`${manifest.version}\n`);
    expect(run('npx', '--no-install', NAME, '--help').stdout).toContain('serve');
    const sdl = readFileSync(join(ROOT, 'schema.graphql'), 'utf8');
    expect(run('npx', '--no-install', NAME, 'schema').stdout).toBe(sdl);

    const server = await startServer(join(folder, 'node_modules/.bin', NAME), ['serve', '--port', '0'], {
      cwd: folder,
      port: /http:\/\/127\.0\.0\.1:(\d+)\/graphql/,
    });
    const query = '{ contacts(first: 1) { nodes { emailAddress { address } } } }';
    const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`);
    expect(await response.json()).toMatchObject({
      data: { contacts: { nodes: [{ emailAddress: { address: expect.stringContaining('@') } }] } },
    });
    const page = await fetch(`${server.url}/graphql`, { headers: { accept: 'text/html' } });
    // A tab of it is the first of the examples.
    expect((await page.text()).includes('query ContactsWithLists')).toBe(true);
    expect(await server.stop(), server.output()).toBe(0);
  });

  it('the library is imported, and its types are right down to the libraries that they name', () => {
    const source = join(ROOT, 'test/package/consumer/consumer.mts');
    copyFileSync(source, join(folder, 'consumer.mts'));
    const options = {
      module: 'NodeNext',
      target: 'ES2022',
      strict: true,
      skipLibCheck: false,
      types: ['node'],
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.mts'] }),
    );
    const compiled = run(tool('tsc'), '-p', folder);
    expect(compiled.stdout + compiled.stderr).toBe('');
    const { stdout, stderr } = run(process.execPath, 'consumer.mjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'Contact',
      data: { orders: [], contacts: { nodes: [{ contactId: expect.any(String) }] } },
    });
  });

  it('CommonJS imports it as well', () => {
    copyFileSync(join(ROOT, 'test/package/consumer/consumer.cjs'), join(folder, 'consumer.cjs'));
    expect(run(process.execPath, 'consumer.cjs')).toMatchObject({ stdout: 'Query\n', stderr: '', status: 0 });
  });

  it('the schemas are found by name', () => {
    for (const name of ['schema.graphql', 'schema.api.graphql']) {
      const code = `console.log(import.meta.resolve('${NAME}/${name}'))`;
      const { stdout } = run(process.execPath, '--input-type=module', '-e', code);
      expect(existsSync(new URL(stdout.trim()))).toBe(true);
    }
  });
});
