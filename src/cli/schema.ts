import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { readConfig } from '../config.js';
import { parse, print, StartError } from './support.js';

/** `schema`: prints the GraphQL schema or writes it to a file, as a subgraph or, with `--api`, for client tools. */
export async function schema(args: string[]): Promise<void> {
  const {
    api,
    'no-node-fields': without,
    output,
  } = parse(args, {
    api: { type: 'boolean' },
    'no-node-fields': { type: 'boolean' },
    output: { type: 'string' },
  });
  const [{ buildSchema }, { printApiSdl, printSdl }] = await Promise.all([
    import('../schema/index.js'),
    import('../schema/sdl.js'),
  ]);
  // The rest of the environment is not used, so it may be invalid.
  const { cacheSeconds } = readConfig({ SANDBOX: 'on', CACHE: process.env['CACHE'] });
  const built = buildSchema({ nodeFields: !without, cacheSeconds });
  const sdl = api ? printApiSdl(built) : printSdl(built);
  if (output === undefined) {
    process.stdout.write(sdl);
    return;
  }
  try {
    await writeFileAtomic(output, sdl);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new StartError(`The directory ${dirname(output)} does not exist. Create it first.`);
    throw new StartError(`${output} cannot be written: ${(error as Error).message}`);
  }
  print(`${output}: the schema ${api ? 'for client tools' : 'as a Federation 2 subgraph'}`);
}
