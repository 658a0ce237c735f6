import type { GraphQLSchema } from 'graphql';
import { apiSdlOf } from '../schema/schema-text.js';
import { packageFiles } from '../server/examples.js';
import { execute, type Send } from './execute.js';

/** A document that a client can read without calling a tool. */
export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly mimeType: string;
  read(send: Send, signal: AbortSignal): string | Promise<string>;
}

const SCHEME = 'constant-contact://';

const RATE_LIMIT =
  '{ rateLimit { requestsPerSecond requestsPerDay usedToday remainingToday reservedForMutations callsPerHour allowedByNow isAbovePace runsOutAt resetsAt exhausted waiting } }';

/**
 * The rate limit, the schema and the guides.
 *
 * @param schema null when introspection is disabled
 */
export function resourcesOf(schema: GraphQLSchema | null): readonly Resource[] {
  return [
    {
      uri: `${SCHEME}rate-limit`,
      name: 'rate-limit',
      title: 'Rate limit',
      description: 'Remaining REST calls of the day, and when the quota is renewed. No REST call.',
      mimeType: 'application/json',
      read: async (send, signal) => JSON.stringify(await execute(send, { query: RATE_LIMIT }, signal)),
    },
    ...(schema
      ? [
          {
            uri: `${SCHEME}schema`,
            name: 'schema',
            title: 'GraphQL schema',
            description: 'The whole schema, about 300 KB. describe_type returns single types.',
            mimeType: 'application/graphql',
            read: () => apiSdlOf(schema),
          },
        ]
      : []),
    ...guides(),
  ];
}

/** The pages of docs/, if the package has them. */
function guides(): Resource[] {
  return packageFiles('docs/')
    .filter((file) => file.name.endsWith('.md') && file.name !== 'README.md')
    .map((file) => {
      const name = file.name.slice(0, -'.md'.length);
      return {
        uri: `${SCHEME}guides/${name}`,
        name,
        title: `Guide: ${name.replaceAll('-', ' ')}`,
        description: `docs/${file.name} of this server.`,
        mimeType: 'text/markdown',
        read: () => file.read(),
      };
    });
}
