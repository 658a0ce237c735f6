import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Metafile } from 'esbuild';

/**
 * Makes dist/ of src/. It does not check types (`npm run types` does), and it does nothing when dist/ was made from the same
 * files: `npm start` begins with it. With --declarations it writes the types of the library as well, which takes longer.
 *
 * - The library is one file for each of src/, and has its dependencies from node_modules: whoever imports it has the same
 *   `graphql` as it has.
 * - The program (`dist/cli.js`, `dist/cli/worker.js`) is bundled with its dependencies into a few files of dist/program/,
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

const isProgram = (file: string) => /^cli(\.ts$|[\\/])/.test(relative(join(root, 'src'), file));

async function compile(files: readonly string[]): Promise<void> {
  const { build } = await import('esbuild');
  await build({ ...COMMON, entryPoints: files.filter((file) => !isProgram(file)) });
  const { metafile } = await build({
    ...COMMON,
    entryPoints: ['src/cli.ts', 'src/cli/worker.ts'],
    bundle: true,
    splitting: true,
    // As deep as the folders of src/, so that the data files are found from here by the same relative paths.
    chunkNames: 'program/[name]-[hash]',
    external: [
      // 9 MB of a page, which the first request for it loads.
      '@graphql-yoga/render-graphiql',
      // Shared with whatever tracer is loaded before the program.
      '@opentelemetry/api',
      // They ask for the names of their own files.
      'ioredis',
      'write-file-atomic',
    ],
    sourcemap: false,
    // CommonJS among the dependencies asks for Node's own modules by it.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    legalComments: 'none',
    metafile: true,
  });
  writeFileSync(join(dist, 'program/THIRD-PARTY-NOTICES.txt'), notices(metafile));
}

/** The licences of what is bundled, which want to be passed on with it. */
function notices({ inputs }: Metafile): string {
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

function declare(): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = join(root, 'tsconfig.build.json');
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
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
