import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';

/**
 * Makes dist/ of src/. It does not check types (`npm run types` does), and it does nothing when dist/ was made from the same
 * files: `npm start` begins with it. With --declarations it writes the types of the library as well, which takes longer.
 *
 * - The library is one file for each of src/, and has its dependencies from node_modules: whoever imports it has the same
 *   `graphql` as it has.
 * - Yoga and its page are bundled into dist/vendor/. Packages below Yoga ask for a newer Node than this one does, and the
 *   `overrides` of package.json, which choose others, hold in this repository only.
 * - The program (`dist/cli.js`) is bundled with its dependencies into a few files of dist/program/,
 *   because to find, read and link 1,800 modules takes longer than all that a start does besides.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, '.built-from');

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Sizes and times of the sources and of whatever decides how they are compiled. */
function fingerprint(sources: string[]): string {
  const hash = createHash('sha256').update(process.version);
  const inputs = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.ts'];
  for (const file of [...sources, ...inputs.map((name) => join(root, name))]) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function builtFrom(): string | null {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return null;
  }
}

const COMMON: BuildOptions = {
  absWorkingDir: root,
  outdir: 'dist',
  outbase: 'src',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
};

/** What is bundled into dist/vendor/, by name. No type that the library exports is one of these packages'. */
const VENDORED: Readonly<Record<string, string>> = {
  'graphql-yoga': 'vendor/graphql-yoga',
  // 9 MB of a page, which the first request for it loads.
  '@graphql-yoga/render-graphiql': 'vendor/render-graphiql',
};

/** Leaves the imports of a library's file as they are, but has what is vendored from dist/vendor/. */
const LIBRARY_IMPORTS: Plugin = {
  name: 'library-imports',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
      if (kind === 'entry-point') return undefined;
      const file = VENDORED[path];
      if (!file) return { path, external: true };
      const relativePath = relative(resolveDir, join(root, 'src', `${file}.js`)).replaceAll('\\', '/');
      return { path: relativePath, external: true };
    });
  },
};

/**
 * The page is loaded from dist/vendor/ by the program as well; its own files are in dist/program/. `graphql` comes as ES modules,
 * whoever asks for it: of CommonJS each file that imports it gets an object of getters, one within another, of all its 500 names.
 */
const PROGRAM_IMPORTS: Plugin = {
  name: 'program-imports',
  setup({ onResolve }) {
    onResolve({ filter: /^graphql(\/|$)/ }, ({ path }) => {
      const module = join(root, 'node_modules', path);
      return { path: existsSync(`${module}.mjs`) ? `${module}.mjs` : join(module, 'index.mjs') };
    });
    onResolve({ filter: /^@graphql-yoga\/render-graphiql$/ }, ({ path }) => ({
      path: `../${String(VENDORED[path])}.js`,
      external: true,
    }));
  },
};

const BUNDLE = {
  ...COMMON,
  bundle: true,
  sourcemap: false,
  // CommonJS among the dependencies asks for Node's own modules by it.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  legalComments: 'none',
  metafile: true,
} as const satisfies BuildOptions;

const isProgram = (file: string) => /^cli(\.ts$|[\\/])/.test(relative(join(root, 'src'), file));

async function compile(files: readonly string[]): Promise<void> {
  const { build } = await import('esbuild');
  await build({
    ...COMMON,
    entryPoints: files.filter((file) => !isProgram(file)),
    bundle: true,
    plugins: [LIBRARY_IMPORTS],
  });
  const entryPoints = Object.entries(VENDORED).map(([name, out]) => ({ in: name, out }));
  const vendor = await build({ ...BUNDLE, entryPoints, external: ['graphql'] });
  const program = await build({
    ...BUNDLE,
    entryPoints: ['src/cli.ts'],
    splitting: true,
    // As deep as the folders of src/, so that the data files are found from here by the same relative paths.
    chunkNames: 'program/[name]-[hash]',
    plugins: [PROGRAM_IMPORTS],
    external: [
      // Shared with whatever tracer is loaded before the program.
      '@opentelemetry/api',
      // They ask for the names of their own files.
      'ioredis',
      'write-file-atomic',
    ],
  });
  const inputs = { ...vendor.metafile.inputs, ...program.metafile.inputs };
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(inputs));
}

/** The licences of what is bundled, which want to be passed on with it. */
function notices(inputs: Metafile['inputs']): string {
  const directories = Object.keys(inputs).flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
  );
  return [...new Set(directories)]
    .sort()
    .map((name) => {
      const directory = join(root, name);
      const {
        name: title,
        version,
        license,
      } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<string, string>;
      const texts = readdirSync(directory).filter((file) => /^(licen[cs]e|notice)/i.test(file));
      const all = texts.map((file) => readFileSync(join(directory, file), 'utf8').trim());
      return [`${String(title)} ${String(version)} (${String(license)})`, ...all].join('\n\n');
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`)
    .concat('\n');
}

function tsc(...args: string[]): string {
  const program = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], { cwd: root, encoding: 'utf8' });
  if (status === 0) return stdout;
  process.stderr.write(stdout);
  process.exit(status ?? 1);
}

/** Writes the types, and keeps those that the library's lead to: the others name packages that nobody has to install. */
function declare(): void {
  tsc('-p', 'tsconfig.build.json');
  const list = tsc('--listFilesOnly', '--module', 'nodenext', 'dist/index.d.ts');
  const kept = new Set(list.split(/\r?\n/).map((file) => resolve(file)));
  for (const file of filesBelow(dist)) if (file.endsWith('.d.ts') && !kept.has(file)) rmSync(file);
}

const sources = filesBelow(join(root, 'src'));
const current = fingerprint(sources);
if (builtFrom() !== current) {
  rmSync(dist, { recursive: true, force: true });
  await compile(sources.filter((name) => name.endsWith('.ts')));
  for (const file of sources.filter((name) => !name.endsWith('.ts'))) {
    const target = join(dist, relative(join(root, 'src'), file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
  writeFileSync(stamp, current);
}
if (process.argv.includes('--declarations')) declare();
