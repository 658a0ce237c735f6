import SchemaBuilder from '@pothos/core';
import AddGraphQLPlugin from '@pothos/plugin-add-graphql';
import DirectivesPlugin from '@pothos/plugin-directives';
import FederationPlugin from '@pothos/plugin-federation';
// Only for their type declarations, which the declarations of this file use.
import '@pothos/plugin-directives';
import '@pothos/plugin-federation';
import './field-costs.js';
import { isInputObjectType, isIntrospectionType, isSpecifiedScalarType, type GraphQLSchema } from 'graphql';
import type { Context } from '../context.js';
import type { AbTest } from '../loaders/ab-test.js';
import type { Account, AccountEmail } from '../loaders/account.js';
import type { Automation } from '../loaders/automation.js';
import type { BulkActivity } from '../loaders/bulk-activity.js';
import type { ContactList } from '../loaders/contact-list.js';
import type { Contact } from '../loaders/contact.js';
import type { CustomField } from '../loaders/custom-field.js';
import type { EmailCampaignActivity } from '../loaders/email-campaign-activity.js';
import type { EmailCampaign } from '../loaders/email-campaign.js';
import type { EventRegistration } from '../loaders/event-registration.js';
import type { Event } from '../loaders/event.js';
import type { NonOpenerResend } from '../loaders/non-opener-resend.js';
import type { PartnerWebhookSubscription } from '../loaders/partner-webhook.js';
import type { PartnerAccount } from '../loaders/partner.js';
import type { Segment } from '../loaders/segment.js';
import type { SocialProfile } from '../loaders/social.js';
import type { Tag } from '../loaders/tag.js';
import type { Scalars } from './builder.js';
import { enumArguments } from './enum-arguments.js';
import { fieldCosts } from './field-costs.js';
import { applyTags, type Tags } from './tags.js';

/** Types that an extension can reference and add fields to. Their resolvers receive the objects of the REST API. */
export interface ExtensibleTypes {
  AbTest: AbTest;
  Account: Account;
  AccountEmail: AccountEmail;
  Automation: Automation;
  BulkActivity: BulkActivity;
  Contact: Contact;
  ContactList: ContactList;
  CustomField: CustomField;
  EmailCampaign: EmailCampaign;
  EmailCampaignActivity: EmailCampaignActivity;
  Event: Event;
  EventRegistration: EventRegistration;
  NonOpenerResend: NonOpenerResend;
  PartnerAccount: PartnerAccount;
  PartnerWebhookSubscription: PartnerWebhookSubscription;
  Segment: Segment;
  SocialProfile: SocialProfile;
  Tag: Tag;
}

/** @typeParam Extra properties that the embedding program adds to the context */
interface ExtensionTypes<Extra extends object> {
  Context: Context & Extra;
  Scalars: Scalars;
  Objects: ExtensibleTypes;
}

/** A Pothos builder that accepts the types of this API by name. */
export type ExtensionBuilder<Extra extends object = object> = PothosSchemaTypes.SchemaBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<ExtensionTypes<Extra>>
>;

/** Declares additional types and fields on a builder. */
export type DeclareTypes<Extra extends object = object> = (builder: ExtensionBuilder<Extra>) => void;

/** Additions of an embedding program to the schema. A function adds types and fields only. */
export type Extend<Extra extends object = object> =
  | DeclareTypes<Extra>
  | {
      types?: DeclareTypes<Extra>;
      /** For contracts of a gateway: variants of the supergraph that include or exclude tagged elements. */
      tags?: Tags;
    };

/** All directives that a type or field of a subgraph can have. Unused imports are harmless. */
export const FEDERATION_DIRECTIVES = [
  '@authenticated',
  '@external',
  '@inaccessible',
  '@key',
  '@override',
  '@policy',
  '@provides',
  '@requires',
  '@requiresScopes',
  '@shareable',
  '@tag',
];

/**
 * Builds a new schema with an extension. The base schema, and other schemas built from it, are not changed.
 *
 * @param options options of `toSchema`
 * @throws Error when the extension declares an existing type, which it would replace, or tags an element that does not exist
 */
export function extended<Extra extends object>(
  base: GraphQLSchema,
  extend: Extend<Extra>,
  options: PothosSchemaTypes.BuildSchemaOptions<PothosSchemaTypes.ExtendDefaultTypes<ExtensionTypes<Extra>>>,
): GraphQLSchema {
  const { types, tags = {} } = typeof extend === 'function' ? { types: extend } : extend;
  const builder = new SchemaBuilder<ExtensionTypes<Extra>>({
    plugins: [AddGraphQLPlugin, DirectivesPlugin, FederationPlugin, fieldCosts, enumArguments],
    add: { schema: base },
  });
  types?.(builder);
  for (const type of Object.values(base.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    if (builder.configStore.hasImplementation(type.name)) {
      throw new Error(
        `The extension declares ${type.name}, which exists already: add fields to it with builder.objectFields, queryFields or mutationFields.`,
      );
    }
    // The plugin that adds the types of the base schema drops `isOneOf`.
    if (isInputObjectType(type) && type.isOneOf) builder.addGraphQLInput(type, { isOneOf: true });
  }
  const schema = builder.toSchema(options);
  applyTags(schema, tags);
  return schema;
}
