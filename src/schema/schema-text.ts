import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GraphQLSchema } from 'graphql';
import { withAges } from './cache-hints.js';
import { printApiSdl, printSdl } from './sdl.js';

/** The same distance from src/schema, dist/schema and dist/program. */
const PACKAGE = '../../';

/** Schemas that the package has as text, except for the cache ages. */
const inPackage = new WeakSet<GraphQLSchema>();

/** Notes that the files of the package are the text of a schema. */
export function notePackaged(schema: GraphQLSchema): GraphQLSchema {
  inPackage.add(schema);
  return schema;
}

/** The text that `printSdl` returns. */
export const sdlOf = textOf('schema.graphql', printSdl);

/** The text that `printApiSdl` returns. */
export const apiSdlOf = textOf('schema.api.graphql', printApiSdl);

/** Printing takes half a second, in which a server answers nothing, so it is done at most once, and not where a file has the text. */
function textOf(file: string, print: (schema: GraphQLSchema) => string): (schema: GraphQLSchema) => string {
  const texts = new WeakMap<GraphQLSchema, string>();
  return (schema) => {
    let text = texts.get(schema);
    if (text === undefined) {
      const published = inPackage.has(schema) ? readPackaged(file) : null;
      texts.set(schema, (text = published === null ? print(schema) : withAges(published, schema)));
    }
    return text;
  };
}

/** Null without the file. An application that bundles the library may have a file of the same name in that place. */
function readPackaged(file: string): string | null {
  if (!URL.canParse(PACKAGE, import.meta.url)) return null;
  const read = (name: string) =>
    readFileSync(fileURLToPath(new URL(PACKAGE + name, import.meta.url)), 'utf8');
  try {
    const { name } = JSON.parse(read('package.json')) as { name?: unknown };
    return name === 'constant-contact-graphql' ? read(file) : null;
  } catch {
    return null;
  }
}
