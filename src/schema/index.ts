import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import './node.js';
import './rate-limit.js';
import './account.js';
import './bulk-activity.js';
import './campaign-summary.js';
import './contact-list.js';
import './contact-report.js';
import './contact-write.js';
import './contact.js';
import './custom-field-write.js';
import './custom-field.js';
import './email-report.js';
import './landing-page-report.js';
import './physical-address.js';
import './segment.js';
import './sms-report.js';
import './tag.js';

let schema: GraphQLSchema | undefined;

/** The whole schema as a Federation 2 subgraph. Built once; it holds no state. */
export function buildSchema(): GraphQLSchema {
  schema ??= builder.toSubGraphSchema({
    linkUrl: 'https://specs.apollo.dev/federation/v2.6',
    federationDirectives: ['@key', '@shareable'],
  });
  return schema;
}
