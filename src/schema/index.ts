import { GraphQLSchema } from 'graphql';
import { builder } from './builder.js';
import { DeferDirective } from './defer.js';
import { separateEntities } from './entities.js';
import { extended, FEDERATION_DIRECTIVES, type Extend } from './extension.js';
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

/** @typeParam Extra what the embedding program adds to the context */
export interface SchemaOptions<Extra extends object = object> {
  /** Whether it has `Query.node` and `Query.nodes`; without them where another subgraph of a gateway has them. Default: true. */
  nodeFields?: boolean;
  /** Declares further types and fields; they are in the schema that is returned, and in no other. */
  extend?: Extend<Extra> | undefined;
}

const schemas = new Map<boolean, GraphQLSchema>();

const LINK = 'https://specs.apollo.dev/federation/v2.6';

/**
 * The whole schema as a Federation 2 subgraph. Each variant is built once, but for extended ones; it holds no state.
 *
 * @throws Error when an extension does not fit: a type or field that exists already, a type that is not declared
 */
export function buildSchema<Extra extends object = object>({
  nodeFields = true,
  extend,
}: SchemaOptions<Extra> = {}): GraphQLSchema {
  if (extend) {
    const extension = extended(builder.toSchema({ nodeFields, sortSchema: false }), extend);
    return finish(extension.toSubGraphSchema({ linkUrl: LINK, federationDirectives: FEDERATION_DIRECTIVES }));
  }
  const schema = schemas.get(nodeFields) ?? makeSchema(nodeFields);
  schemas.set(nodeFields, schema);
  return schema;
}

function makeSchema(nodeFields: boolean): GraphQLSchema {
  return finish(
    builder.toSubGraphSchema({
      nodeFields,
      linkUrl: LINK,
      federationDirectives: ['@key', '@shareable'],
    }),
  );
}

function finish(made: GraphQLSchema): GraphQLSchema {
  separateEntities(made);
  // The federation plugin makes this field, so its price cannot be written where it is declared.
  const entities = made.getQueryType()?.getFields()['_entities'];
  if (entities) entities.extensions = { ...entities.extensions, ...price.eachOf('representations') };
  return new GraphQLSchema({ ...made.toConfig(), directives: [...made.getDirectives(), DeferDirective] });
}
