import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, npmInstall, pack, removeFolders, ROOT, unpack } from '../support/packed.js';
import { killServers, startServer } from '../support/server-process.js';
import { graphiqlOptions } from '../support/graphiql-options.js';

const NAME = 'constant-contact-graphql';
const tool = (name: string) => join(ROOT, 'node_modules/.bin', name);
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
  peerDependencies: { graphql: string };
  devDependencies: Record<string, string>;
};

let tarball: string;
/** An application that has installed the tarball beside the oldest `graphql` that the package takes. */
let application: string;
/** Output of npm for that installation. */
let warnings: string;

beforeAll(() => {
  tarball = pack();
  application = emptyFolder();
  const oldest = manifest.peerDependencies.graphql.replace('^', '');
  const types = `@types/node@${manifest.devDependencies['@types/node'] ?? ''}`;
  const { status, stderr } = npmInstall(application, tarball, `graphql@${oldest}`, types);
  warnings = stderr;
  if (status !== 0) throw new Error(stderr);
}, 300_000);
afterEach(killServers);
afterAll(() => {
  removeFolders();
});

function run(command: string, ...args: string[]) {
  const { PATH, HOME } = process.env;
  return spawnSync(command, args, {
    cwd: application,
    encoding: 'utf8',
    env: { PATH, HOME, LOG_LEVEL: 'warn' },
    maxBuffer: 16 * 2 ** 20,
  });
}

describe('the tarball', () => {
  it('contains the published files and nothing else', () => {
    const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const others = files
      .map((file) => file.replace(/^package\//, ''))
      .filter((file) => !/^dist\/.+\.(js|d\.ts)$/.test(file))
      .filter((file) => !/^examples\/\d\d-[\w-]+(\.graphql|\.variables\.json)$/.test(file))
      .filter((file) => !/^examples\/actions\/\w+\.graphql$/.test(file))
      .filter((file) => !/^docs\/(decisions\/)?[\w-]+\.md$/.test(file));
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
    // Files that the code reads, and the licences of bundled packages.
    expect(assets.sort()).toEqual(['dist/THIRD-PARTY-NOTICES.txt', 'dist/server/pages/graphiql.css']);
    expect(files.some((file) => /^package\/examples\/01-/.test(file))).toBe(true);
    expect(files.filter((file) => file.startsWith('package/examples/actions/'))).toHaveLength(93);
  });

  it('is smaller than 2 MB', () => {
    expect(statSync(tarball).size).toBeLessThan(2_000_000);
  });

  it('contains the files that its types refer to in comments', () => {
    const directory = emptyFolder();
    unpack(tarball, directory);
    const cited = readdirSync(join(directory, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.d.ts'))
      .flatMap((file) => readFileSync(join(directory, 'dist', file), 'utf8').match(/\/\*\*[^]*?\*\//g) ?? [])
      .flatMap((comment) => comment.match(/\b[\w-]+(?:\/[\w.-]+)*\.(?:md|tsx?|js|css|ya?ml)\b/g) ?? []);
    expect(cited).toContain('docs/library.md');
    expect(cited.filter((file) => !existsSync(join(directory, file)))).toEqual([]);
  });

  it('contains every module that it imports, and depends on every imported package', async () => {
    const directory = emptyFolder();
    unpack(tarball, directory);
    const modules = readdirSync(join(directory, 'dist'), { recursive: true, encoding: 'utf8' })
      // Files in pages/ run in the browser, except for the worker that prepares them.
      .filter((file) => file.endsWith('.js') && !/^server.pages.(?!graphiql-bundle)/.test(file))
      .map((file) => join('dist', file));
    // A module that is missing is an error here.
    const { metafile } = await build({
      absWorkingDir: directory,
      entryPoints: ['dist/index.js', ...modules.filter((file) => /^dist.(cli\b|server.pages)/.test(file))],
      outdir: 'out',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      write: false,
      metafile: true,
    });
    expect(Object.keys(metafile.inputs).sort()).toEqual(modules.sort());
    const imports = Object.values(metafile.inputs)
      .flatMap((input) => input.imports)
      .filter(({ path, external }) => external && !isBuiltin(path))
      .map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
    const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    expect([...new Set(imports)].sort()).toEqual(installed.sort());
  });

  it('passes the package linters', () => {
    const lint = run(tool('publint'), 'run', tarball, '--strict');
    expect(lint.status, lint.stdout + lint.stderr).toBe(0);
    // The schemas are texts; all else resolves, as an ES module.
    const texts = ['--exclude-entrypoints', './schema.graphql', './schema.api.graphql'];
    const types = run(tool('attw'), tarball, '--profile', 'esm-only', ...texts);
    expect(types.status, types.stdout + types.stderr).toBe(0);
  });
});

describe('the program, installed globally', () => {
  it('runs with the `graphql` that npm installs as a peer', async () => {
    const prefix = emptyFolder();
    const { status, stderr } = npmInstall(prefix, '--global', '--prefix', prefix, tarball);
    expect(status, stderr).toBe(0);
    expect(existsSync(join(prefix, 'lib/node_modules', NAME, 'node_modules/graphql/package.json'))).toBe(
      true,
    );
    const program = join(prefix, 'bin', NAME);
    expect(run(program, '--version').stdout).toBe(`${manifest.version}\n`);
    expect(run(program, '--help').stdout).toContain('serve');
    const sdl = readFileSync(join(ROOT, 'schema.graphql'), 'utf8');
    expect(run(program, 'schema').stdout).toBe(sdl);

    const server = await startServer(program, ['serve', '--port', '0'], {
      cwd: prefix,
      port: /http:\/\/127\.0\.0\.1:(\d+)\/graphql/,
    });
    const query = '{ contacts(first: 1) { nodes { emailAddress { address } } } }';
    const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`);
    expect(await response.json()).toMatchObject({
      data: { contacts: { nodes: [{ emailAddress: { address: expect.stringContaining('@') } }] } },
    });
    // The first tab is the first of the examples.
    expect(await graphiqlOptions(server.url)).toContain('query ContactsWithLists');
    expect(await server.stop(), server.output()).toBe(0);
  });
});

describe('beside graphql 17', () => {
  it('npm refuses to install it, because of the peer conflict', () => {
    const folder = emptyFolder();
    expect(npmInstall(folder, 'graphql@17')).toMatchObject({ status: 0 });
    const { status, stderr } = npmInstall(folder, tarball);
    expect(status).not.toBe(0);
    expect(stderr).toContain('ERESOLVE');
    expect(stderr).toContain(`peer graphql@"${manifest.peerDependencies.graphql}" from ${NAME}@`);
    expect(existsSync(join(folder, 'node_modules', NAME))).toBe(false);
  });
});

describe('beside graphql 16', () => {
  it('only packages below Yoga ask for a newer Node', () => {
    const packages = [...warnings.matchAll(/EBADENGINE\s+package: '(.+)@/g)].map(([, name]) => name);
    const belowYoga = ['@whatwg-node/disposablestack', '@whatwg-node/promise-helpers'];
    expect(belowYoga).toEqual(expect.arrayContaining(packages));
  });

  it('the application and the library share one graphql', () => {
    expect(run('npm', 'ls', '--all', '--parseable', 'graphql').stdout.trim().split('\n')).toEqual([
      join(realpathSync(application), 'node_modules/graphql'),
    ]);
  });

  it('npx runs the command line', () => {
    expect(run('npx', '--no-install', NAME, '--version').stdout).toBe(`${manifest.version}\n`);
  });

  it('the library is imported, and its types compile down to the libraries that they name', () => {
    const source = join(ROOT, 'test/package/consumer/consumer.mts');
    copyFileSync(source, join(application, 'consumer.mts'));
    const options = {
      module: 'NodeNext',
      target: 'ES2022',
      strict: true,
      skipLibCheck: false,
      types: ['node'],
    };
    writeFileSync(
      join(application, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.mts'] }),
    );
    const compiled = run(tool('tsc'), '-p', application);
    expect(compiled.stdout + compiled.stderr).toBe('');
    const { stdout, stderr } = run(process.execPath, 'consumer.mjs');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      limits: { data: { limit: null } },
      data: { orders: [], contacts: { nodes: [{ contactId: expect.any(String) }] } },
    });
  });

  it('CommonJS programs import it as well', () => {
    copyFileSync(join(ROOT, 'test/package/consumer/consumer.cjs'), join(application, 'consumer.cjs'));
    expect(run(process.execPath, 'consumer.cjs')).toMatchObject({
      stdout: 'true true\n',
      stderr: '',
      status: 0,
    });
  });

  it('the schemas are resolved by name', () => {
    for (const name of ['schema.graphql', 'schema.api.graphql']) {
      const code = `console.log(import.meta.resolve('${NAME}/${name}'))`;
      const { stdout } = run(process.execPath, '--input-type=module', '-e', code);
      expect(existsSync(new URL(stdout.trim()))).toBe(true);
    }
  });

  it.each([
    ['cjs', ''],
    ['esm', "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"],
  ] as const)(
    'a program is bundled with it into one file (%s), which runs elsewhere',
    async (format, banner) => {
      const source = join(application, 'function.mjs');
      copyFileSync(join(ROOT, 'test/package/consumer/function.mjs'), source);
      const folder = emptyFolder();
      const { warnings: found } = await build({
        entryPoints: [source],
        outfile: join(folder, format === 'cjs' ? 'function.cjs' : 'function.mjs'),
        bundle: true,
        platform: 'node',
        target: 'node20',
        format,
        banner: { js: banner },
        logLevel: 'silent',
      });
      expect(found).toEqual([]);
      const [bundled = ''] = readdirSync(folder).filter((file) => file.startsWith('function.'));
      copyFileSync(join(ROOT, 'test/package/consumer/invoke.mjs'), join(folder, 'invoke.mjs'));
      const { stdout, stderr, status } = spawnSync(process.execPath, ['invoke.mjs', `./${bundled}`], {
        cwd: folder,
        encoding: 'utf8',
        env: { LOG_LEVEL: 'warn' },
      });
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      const answers = JSON.parse(stdout) as Record<string, { statusCode: number; body: string }>;
      expect(JSON.parse(answers['query']?.body ?? '')).toMatchObject({
        data: { contactLists: { nodes: [{ name: expect.any(String) }] } },
        extensions: { upstream: { calls: 1 } },
      });
      expect(answers['introspection']?.body).toContain('"name":"Query"');
      expect(JSON.parse(answers['health']?.body ?? '')).toMatchObject({ status: 'ok' });
      expect(answers['landing']?.body).toContain('<style>');
      expect(answers['landing']?.body).toContain(manifest.version);
      expect(answers['schema']?.body).toContain('type Contact ');
      expect(answers['graphiql']).toEqual({ statusCode: 503, body: expect.stringContaining('GRAPHIQL=off') });
    },
  );
});
