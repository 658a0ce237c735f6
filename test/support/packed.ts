import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const folders: string[] = [];

/** A new folder for an application. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
  folders.push(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  return folder;
}

/** For `afterAll`: removes the folders of this file's applications and tarballs. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function npmInstall(folder: string, ...args: string[]): SpawnSyncReturns<string> {
  // `npm run --silent` passes its log level to child processes, which hides warnings.
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=warn'];
  return spawnSync('npm', ['install', ...options, ...args], { cwd: folder, encoding: 'utf8' });
}

/** Packs the build as for publishing. @returns path of the tarball */
export function pack(): string {
  const directory = mkdtempSync(join(tmpdir(), 'packed-'));
  folders.push(directory);
  const made = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', directory], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(made) as [{ filename: string }];
  return join(directory, filename);
}

/** Replaces the content of a folder with the packed files. */
export function unpack(tarball: string, directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', directory]);
}
