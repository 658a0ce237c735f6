import { parse } from './support.js';

/** `schema`: prints the GraphQL schema, as a subgraph or, with `--api`, as the tools of clients want it. */
export async function schema(args: string[]): Promise<void> {
  const { api, 'no-node-fields': without } = parse(args, {
    api: { type: 'boolean' },
    'no-node-fields': { type: 'boolean' },
  });
  const { buildSchema, printApiSdl, printSdl } = await import('../index.js');
  const built = buildSchema({ nodeFields: !without });
  process.stdout.write(api ? printApiSdl(built) : printSdl(built));
}
