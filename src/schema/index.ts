import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import './node.js';
import './rate-limit.js';
import './bulk-activity.js';
import './contact-list.js';

let schema: GraphQLSchema | undefined;

/** The whole schema as a Federation 2 subgraph. Built once; it holds no state. */
export function buildSchema(): GraphQLSchema {
  schema ??= builder.toSubGraphSchema({
    linkUrl: 'https://specs.apollo.dev/federation/v2.6',
    federationDirectives: ['@key', '@shareable'],
  });
  return schema;
}
