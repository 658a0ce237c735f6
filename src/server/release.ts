import { readFileSync } from 'node:fs';

// The same distance from src/server, dist/server and dist/program.
const PACKAGE = new URL('../../package.json', import.meta.url);

/** Name, version and one sentence of what this is, as the package tells them. */
export function readRelease(): { name: string; version: string; description: string } {
  const { name, version, description } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as Record<string, string>;
  return { name: name ?? '', version: version ?? '', description: description ?? '' };
}
