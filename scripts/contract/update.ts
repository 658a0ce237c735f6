import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { contradictions } from './contradictions.js';
import { changesBetween } from './changes.js';
import { contractOf, filesOf, FILES, type Files } from './generate.js';
import type { Contract } from './model.js';
import { readSource, type Document } from './source.js';

const USAGE = `Usage: npm run contract:update -- <file or url>
       npm run contract:check`;

/** Directory of the generated files. */
export const CONTRACT = fileURLToPath(new URL('../../src/constant-contact/contract/', import.meta.url));

/**
 * Generates the files of `directory` from the vendor's contract.
 * @returns a report, and whether all corrections and checks still apply
 * @throws Error when the source cannot be read or is no contract; nothing is written then
 */
export async function update(
  source: string,
  directory: string,
): Promise<{ report: string[]; isSound: boolean }> {
  const { contract, results } = contractOf(await readSource(source));
  const files = await filesOf(contract);
  const old = await read(directory);
  const before = old['contract.json'] === '' ? null : (JSON.parse(old['contract.json']) as Contract);
  await mkdir(directory, { recursive: true });
  for (const name of FILES) {
    if (files[name] !== old[name]) await writeFile(join(directory, name), files[name]);
  }

  const changes = before ? changesBetween(before, contract) : ['There was no previous contract.'];
  const missing = results.filter(({ outcome }) => outcome === 'missing');
  const unneeded = results.filter(({ outcome }) => outcome === 'unneeded');
  const found = contradictions(contract);
  const corrected = results.length - missing.length - unneeded.length;
  return {
    report: [
      ...(changes.length > 0 ? changes : ['No operation, parameter or property has changed.']),
      `${corrected} corrections applied, ${unneeded.length} not needed, ${missing.length} without a place; ${found.length} contradictions.`,
      // A source without any error is the project's own, already corrected contract.
      ...(corrected > 0 ? unneeded.map(({ where, why }) => `not needed: ${where} (${why})`) : []),
      ...missing.map(({ where, why }) => `no such place: ${where} (${why})`),
      ...found.map((what) => `contradiction: ${what}`),
    ],
    isSound: missing.length === 0 && found.length === 0,
  };
}

/** Differences between the files of `directory` and those generated from its own contract, one line each. */
export async function drift(directory: string): Promise<string[]> {
  const old = await read(directory);
  if (old['contract.json'] === '') return ['contract.json is missing'];
  const committed = JSON.parse(old['contract.json']) as Contract;
  const { contract } = contractOf(committed as unknown as Document);
  const files = await filesOf(contract);
  const stale = FILES.filter((name) => files[name] !== old[name]);
  return [
    ...stale.map((name) => `${name} ${firstDifference(old[name], files[name])}`),
    ...(stale.includes('contract.json') ? changesBetween(committed, contract) : []),
  ];
}

async function read(directory: string): Promise<Files> {
  const texts = await Promise.all(
    FILES.map((name) => readFile(join(directory, name), 'utf8').catch(() => '')),
  );
  return Object.fromEntries(FILES.map((name, index) => [name, texts[index] ?? ''])) as Files;
}

function firstDifference(was: string, is: string): string {
  if (was === '') return 'is missing';
  const [old, now] = [was.split('\n'), is.split('\n')];
  const line = now.findIndex((text, index) => text !== old[index]);
  const at = line === -1 ? now.length : line;
  return `differs from line ${at + 1}: has "${old[at] ?? ''}", should have "${now[at] ?? ''}"`;
}

async function main([argument, ...others]: string[]): Promise<void> {
  if (argument === undefined || others.length > 0) throw new Error(USAGE);
  if (argument === '--check') {
    const differences = await drift(CONTRACT);
    if (differences.length === 0) return console.log('The contract is up to date.');
    throw new Error(['The contract differs from the output of its generator:', ...differences].join('\n  '));
  }
  const { report, isSound } = await update(argument, CONTRACT);
  console.log(report.join('\n'));
  if (!isSound) throw new Error('scripts/contract/corrections.ts needs an update.');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
