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
 * Builds dist/ from src/. Types are not checked (`npm run types` does that). Skipped when dist/ was built
 * from the same files, because `npm start` runs it first. --declarations also writes the library's types,
 * which takes longer.
 *
 * - The library is one file per source file and imports its dependencies from node_modules, so that an
 * application and the library share one `graphql`.
 * - The program (`dist/cli.js`) is bundled with its dependencies into a few files in dist/program/: loading
 * and linking 1,800 modules almost doubles the time from start to first answer.
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

/** Sizes and times of the sources and of the files that decide how they are compiled. */
function fingerprint(sources: string[]): string {
  const hash = createHash('sha256');
  const inputs = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/build.ts',
  ];
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
  logLevel: 'warning',
};

/**
 * The program bundles the ES modules of `graphql` for every importing package: otherwise there would be two
 * copies, and the CommonJS one wraps all 500 names in getters for each importer.
 */
const ONE_GRAPHQL: Plugin = {
  name: 'one-graphql',
  setup({ onResolve }) {
    onResolve({ filter: /^graphql(\/|$)/ }, ({ path }) => {
      const module = join(root, 'node_modules', path);
      return { path: existsSync(`${module}.mjs`) ? `${module}.mjs` : join(module, 'index.mjs') };
    });
  },
};

/** Matches reads of files next to the module. */
const FILE_READ = /readFileSync\(\s*new URL\('([^']+)', import\.meta\.url\),\s*'utf8',?\s*\)/g;
/** Files whose text is part of the code. */
const inlined = new Set<string>();

/** Inlines the text of those files, so that an application can bundle the library into one file. */
const INLINE_FILES: Plugin = {
  name: 'inline-files',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8').replaceAll(FILE_READ, (_read, place: string) => {
        const file = resolve(dirname(path), place);
        inlined.add(file);
        return JSON.stringify(readFileSync(file, 'utf8'));
      });
      return { contents, loader: 'ts' };
    });
  },
};

async function compile(): Promise<void> {
  const { build } = await import('esbuild');
  // Not written: only its list of files is used.
  const library = await build({
    ...COMMON,
    entryPoints: ['src/index.ts'],
    bundle: true,
    packages: 'external',
    splitting: true,
    write: false,
    metafile: true,
  });
  await build({
    ...COMMON,
    entryPoints: Object.keys(library.metafile.inputs),
    sourcemap: true,
    plugins: [INLINE_FILES],
  });
  const program = await build({
    ...COMMON,
    entryPoints: ['src/cli.ts'],
    bundle: true,
    splitting: true,
    // At the depth of the folders of src/, so that relative paths to data files are the same.
    chunkNames: 'program/[name]-[hash]',
    // Bundled CommonJS dependencies load Node's own modules with `require`.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    legalComments: 'none',
    // Keeps the package below 2 MB. Names and lines stay, for stack traces. Not `minifyIdentifiers` with
    // `keepNames`: it sets the name of every closure at runtime, which took a fifth of the time of a small
    // query.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 250,
    metafile: true,
    plugins: [ONE_GRAPHQL, INLINE_FILES],
    external: [
      // Must be the same module that a tracer loads before the program.
      '@opentelemetry/api',
      // A third of the program's size, mostly WebAssembly that does not compress.
      'undici',
      // They read files next to their own modules.
      'ioredis',
      'write-file-atomic',
    ],
  });
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), licenceNotices(program.metafile.inputs));
}

/** Licences of the bundled packages, which must be distributed with them. */
function licenceNotices(inputs: Metafile['inputs']): string {
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

/**
 * Writes the types, and keeps only those that the library's types reach: the others need packages that users
 * do not install.
 */
function writeDeclarations(): void {
  tsc('-p', 'tsconfig.build.json');
  const list = tsc('--listFilesOnly', '--module', 'nodenext', 'dist/index.d.ts');
  const kept = new Set(list.split(/\r?\n/).map((file) => resolve(file)));
  for (const file of filesBelow(dist)) if (file.endsWith('.d.ts') && !kept.has(file)) rmSync(file);
}

const sources = filesBelow(join(root, 'src'));
const current = fingerprint(sources);
if (builtFrom() !== current) {
  rmSync(dist, { recursive: true, force: true });
  await compile();
  for (const file of sources.filter((name) => !name.endsWith('.ts') && !inlined.has(name))) {
    const target = join(dist, relative(join(root, 'src'), file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
  writeFileSync(stamp, current);
}
if (process.argv.includes('--declarations')) writeDeclarations();
