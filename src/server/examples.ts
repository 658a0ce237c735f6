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
const PACKAGE = '../../';

/**
 * Reads `*.graphql` in the order of their names, each with its `<name>.variables.json` if there is one. Empty if the directory
 * does not exist.
 * @param folder below examples/, with a slash at its end; default: examples/ itself
 */
export function loadExamples(folder = ''): Example[] {
  const files = new Map(packageFiles(`examples/${folder}`).map((file) => [file.name, file]));
  const read = (file: string) => files.get(file)?.read().trimEnd();
  return [...files.keys()]
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => {
      const name = file.slice(0, -'.graphql'.length);
      return { name, query: read(file) ?? '', variables: read(`${name}.variables.json`) ?? null };
    });
}

/**
 * The files of a directory of the package, in the order of their names. Empty if it does not exist, and for code bundled as CommonJS, which
 * has no URL.
 * @param path with a slash at its end
 */
export function packageFiles(path: string): { readonly name: string; read(): string }[] {
  if (!URL.canParse(PACKAGE + path, import.meta.url)) return [];
  const directory = new URL(PACKAGE + path, import.meta.url);
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.sort().map((name) => ({ name, read: () => readFileSync(new URL(name, directory), 'utf8') }));
}
