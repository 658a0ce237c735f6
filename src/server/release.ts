import { readFileSync } from 'node:fs';

/** Name, version and description of the package. */
export function readRelease(): { name: string; version: string; description: string } {
  const { name, version, description } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;
  return { name: name ?? '', version: version ?? '', description: description ?? '' };
}
