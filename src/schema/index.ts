import type { GraphQLSchema } from 'graphql';
import type { CacheSeconds } from '../constant-contact/cache/ages.js';
import { builder } from './builder.js';
import { DeferDirective } from './defer.js';
import { extended, FEDERATION_DIRECTIVES, type Extend } from './extension.js';
import { notePackaged } from './schema-text.js';
import { toSubgraph } from './subgraph.js';
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

/** @typeParam Extra properties that the embedding program adds to the context */
export interface SchemaOptions<Extra extends object = object> {
  /**
   * True to include `Query.node` and `Query.nodes`; false where another subgraph of a gateway has them.
   * Default: true.
   */
  nodeFields?: boolean;
  /** Additional types, fields and tags. They affect only the returned schema. */
  extend?: Extend<Extra> | undefined;
  /** Ages of cached reads by family, for `@cacheControl`. Default: nothing is cached. */
  cacheSeconds?: CacheSeconds;
}

const schemas = new Map<string, GraphQLSchema>();

const LINK = 'https://specs.apollo.dev/federation/v2.6';

/**
 * The whole schema as a Federation 2 subgraph. It holds no state, and each variant without an extension is
 * built once.
 *
 * @throws Error when an extension does not fit: it declares an existing type or field, or uses an undeclared
 * type
 */
export function buildSchema<Extra extends object = object>({
  nodeFields = true,
  extend,
  cacheSeconds = {},
}: SchemaOptions<Extra> = {}): GraphQLSchema {
  if (extend) {
    const base = builder.toSchema({ nodeFields, sortSchema: false });
    const options = { ...linking(FEDERATION_DIRECTIVES), sortSchema: false };
    return toSubgraph(extended(base, extend, options), [DeferDirective], cacheSeconds);
  }
  const key = JSON.stringify([nodeFields, cacheSeconds]);
  const schema = schemas.get(key) ?? makeSchema(nodeFields, cacheSeconds);
  schemas.set(key, schema);
  return schema;
}

function makeSchema(nodeFields: boolean, cacheSeconds: CacheSeconds): GraphQLSchema {
  const own = builder.toSchema({ ...linking(['@key', '@shareable']), nodeFields, sortSchema: false });
  const schema = toSubgraph(own, [DeferDirective], cacheSeconds);
  return nodeFields ? notePackaged(schema) : schema;
}

/** @param imports federation directives that the schema may use */
function linking(imports: readonly string[]) {
  return { extensions: { directives: [{ name: 'link', args: { url: LINK, import: imports } }] } };
}
