import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import { separateEntities } from './entities.js';
import { price } from './price.js';
import './node.js';
import './rate-limit.js';
import './ab-test.js';
import './account.js';
import './automation-write.js';
import './automation.js';
import './bulk-activity.js';
import './bulk-write.js';
import './campaign-summary.js';
import './contact-change.js';
import './contact-list.js';
import './contact-report.js';
import './contact-write.js';
import './contact.js';
import './contact-export.js';
import './contact-import.js';
import './custom-field-write.js';
import './custom-field.js';
import './email-campaign-activity-write.js';
import './email-campaign-activity.js';
import './email-campaign-write.js';
import './email-campaign.js';
import './email-report.js';
import './email-schedule.js';
import './event-registration-write.js';
import './event-registration.js';
import './event-write.js';
import './event.js';
import './landing-page-report.js';
import './non-opener-resend.js';
import './partner-operation.js';
import './partner-webhook.js';
import './partner-write.js';
import './partner.js';
import './physical-address.js';
import './segment.js';
import './send-email-campaign.js';
import './sms-report.js';
import './social-write.js';
import './social.js';
import './tag.js';

export interface SchemaOptions {
  /** Whether it has `Query.node` and `Query.nodes`; without them where another subgraph of a gateway has them. Default: true. */
  nodeFields?: boolean;
}

const schemas = new Map<boolean, GraphQLSchema>();

/** The whole schema as a Federation 2 subgraph. Each variant is built once; it holds no state. */
export function buildSchema({ nodeFields = true }: SchemaOptions = {}): GraphQLSchema {
  const schema = schemas.get(nodeFields) ?? makeSchema(nodeFields);
  schemas.set(nodeFields, schema);
  return schema;
}

function makeSchema(nodeFields: boolean): GraphQLSchema {
  const made = builder.toSubGraphSchema({
    nodeFields,
    linkUrl: 'https://specs.apollo.dev/federation/v2.6',
    federationDirectives: ['@key', '@shareable'],
  });
  separateEntities(made);
  // The federation plugin makes this field, so its price cannot be written where it is declared.
  const entities = made.getQueryType()?.getFields()['_entities'];
  if (entities) entities.extensions = { ...entities.extensions, ...price.eachOf('representations') };
  return made;
}
