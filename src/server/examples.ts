import { readdirSync, readFileSync } from 'node:fs';

/** A worked example: a document whose leading comment explains it, and the variables to run it with. */
export interface Example {
  /** File name without its ending. */
  name: string;
  query: string;
  /** JSON, or null when the document has no variables. */
  variables: string | null;
}

/** The path is the same from src/server, dist/server and dist/program. */
const EXAMPLES = '../../examples/';

/**
 * Reads `*.graphql` in the order of their names, each with its `<name>.variables.json` if there is one. Empty if the directory
 * does not exist.
 * @param folder below examples/, with a slash at its end; default: examples/ itself
 */
export function loadExamples(folder = ''): Example[] {
  const directory = directoryNextToCode(folder);
  if (directory === null) return [];
  let files: string[];
  try {
    files = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const read = (file: string) => readFileSync(new URL(file, directory), 'utf8').trimEnd();
  return files
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.graphql'.length);
      const variables = `${name}.variables.json`;
      return { name, query: read(file), variables: files.includes(variables) ? read(variables) : null };
    });
}

/** Null for code bundled as CommonJS, which has no URL. */
function directoryNextToCode(folder: string): URL | null {
  const path = EXAMPLES + folder;
  return URL.canParse(path, import.meta.url) ? new URL(path, import.meta.url) : null;
}
