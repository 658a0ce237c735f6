import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Compiles src/ to dist/ and puts the data files that the program reads beside the code that reads them. It does
 * not check types (`npm run types` does), and it does nothing when dist/ was made from the same files: `npm start`
 * begins with it. With --declarations it writes the types of the library as well, which takes longer.
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

function compile(...options: string[]): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = join(root, 'tsconfig.build.json');
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const sources = filesBelow(join(root, 'src'));
const current = fingerprint(sources);
if (builtFrom() !== current) {
  rmSync(dist, { recursive: true, force: true });
  compile();
  for (const file of sources.filter((name) => !name.endsWith('.ts'))) {
    const target = join(dist, relative(join(root, 'src'), file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
  writeFileSync(stamp, current);
}
if (process.argv.includes('--declarations')) compile('--declaration', '--emitDeclarationOnly');
