import { readConfig, type Config } from '../config.js';
import { onSignal, parse, printTable } from './support.js';

/** `serve`: GraphQL over HTTP until a signal comes. */
export async function serve(args: string[]): Promise<void> {
  const values = parse(args, { host: { type: 'string' }, port: { type: 'string' } });
  const config = readConfig({
    ...process.env,
    ...(values.host !== undefined && { HOST: values.host }),
    ...(values.port !== undefined && { PORT: values.port }),
  });
  const { createFacade, GRAPHQL_PATH } = await import('../index.js');
  const facade = await createFacade({ config });
  onSignal(() => facade.close());
  const closing = async (error: unknown) => {
    await facade.close();
    throw error;
  };
  const login = await facade.login().catch(closing);
  const { url } = await facade.listen().catch(closing);
  printTable([
    ['GraphiQL and GraphQL', `${url}${GRAPHQL_PATH}`],
    ['Credentials', describe(config, facade.apiUrl)],
    ...describeSharing(config),
  ]);
  if (login && login.state !== 'ready') {
    const what = login.state === 'ended' ? 'The login has ended' : 'Nobody is logged in';
    printTable([
      ['', `${what}: run \`constant-contact-graphql login\`. The server sees it within a minute.`],
    ]);
  }
}

function describe({ mode }: Config, apiUrl: string): string {
  switch (mode) {
    case 'sandbox':
      return `none: an embedded sandbox account answers at ${apiUrl}`;
    case 'token':
      return `the token in CONSTANT_CONTACT_ACCESS_TOKEN, for ${apiUrl}`;
    case 'account':
      return `the account that is logged in, renewed by itself, for ${apiUrl}`;
    case 'pass-through':
      return `each caller's own "Authorization: Bearer …", for ${apiUrl}`;
  }
}

function describeSharing({ redis, mode }: Config): [string, string][] {
  if (!redis) return [];
  if (mode === 'sandbox') return [['Redis', 'not used: an embedded sandbox account belongs to one process']];
  return [['Redis', `${new URL(redis.url).host}: budget and cache are shared through it`]];
}
