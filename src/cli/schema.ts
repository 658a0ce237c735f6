import { parse } from './support.js';

/** `schema`: prints the GraphQL schema. */
export async function schema(args: string[]): Promise<void> {
  parse(args, {});
  const { buildSchema, printSdl } = await import('../index.js');
  process.stdout.write(printSdl(buildSchema()));
}
