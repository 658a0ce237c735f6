import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLInt,
  isInterfaceType,
  isObjectType,
  Kind,
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { Ages, type CacheSeconds, type Family } from '../constant-contact/cache/ages.js';

/** Key of the ages in the schema's extensions. */
const AGES = 'cacheSeconds';

/** Extensions that make a schema print these ages. */
export const agesExtension = (cacheSeconds: CacheSeconds) => ({ [AGES]: cacheSeconds });

const scope = new GraphQLEnumType({
  name: 'CacheControlScope',
  description: 'Caches that may store a response.',
  values: {
    PUBLIC: { description: 'Shared and private caches.' },
    PRIVATE: { description: 'Only private caches of the caller.' },
  },
});

/** The directive of Apollo Server, which gateways and their cache plugins read. */
export const CacheControlDirective = new GraphQLDirective({
  name: 'cacheControl',
  description:
    'Time for which a cache, such as that of a gateway, may keep the data. The server keeps it in its own cache for the same time, which the setting `CACHE` controls.',
  locations: [
    DirectiveLocation.FIELD_DEFINITION,
    DirectiveLocation.OBJECT,
    DirectiveLocation.INTERFACE,
    DirectiveLocation.UNION,
  ],
  args: {
    maxAge: { type: GraphQLInt, description: 'Maximum age of cached data, in seconds.' },
    scope: { type: scope, description: 'Caches that may store the data.' },
    inheritMaxAge: { type: GraphQLBoolean, description: 'True to use the maximum age of the parent field.' },
  },
});

/**
 * Family whose reads contain a type, by the first matching pattern of the type's name. Null for types that
 * are never cached.
 */
const FAMILY_OF: readonly (readonly [RegExp, Family | null])[] = [
  [/Payload$|^(?:Bulk|Export|ContactExport|MappedColumn|RateLimit|UserError)/, null],
  [/^Partner/, 'partner'],
  [/^Automation/, 'automations'],
  [/^Social/, 'social'],
  [/^(?:Event|OnlineMeeting|PromoCode)/, 'events'],
  [/^Email(?:Bounce|Click|DidNotOpen|Forward|Open|Optout|Send)Activity/, 'reports'],
  [/^(?:EmailCampaign(?:Activity)?Stats|EmailCampaignSummary|EmailLink|EmailTracking)/, 'reports'],
  [/^(?:Email|Sms)\w*(?:Counts|Percents)$/, 'reports'],
  [/^(?:LandingPage|SmsCampaign|ContactActivity|ContactEngagement)/, 'reports'],
  [/^(?:Email|AbTest|NonOpenerResend)/, 'campaigns'],
  [/^ContactList/, 'lists'],
  [/^(?:Contact|Birthday|Note|PhoneNumber|StreetAddress|Sms)/, 'contacts'],
  [/^Tag/, 'tags'],
  [/^CustomField/, 'custom-fields'],
  [/^Segment/, 'segments'],
  [/^(?:Account|CompanyLogo|UserPrivilege)/, 'account'],
];

/** Types of several families. */
const INHERITED = /^(?:PageInfo|Money)$/;

/** Counts, which change with the contacts. */
const COUNTS = ['ContactList.membershipCount', 'ContactList.activeMembershipCount', 'Tag.contactsCount'];

/** The family of a type; undefined for types of extensions. */
export function familyOfType(name: string): Family | null | undefined {
  return FAMILY_OF.find(([pattern]) => pattern.test(name))?.[1];
}

/** Adds `@cacheControl` to the syntax nodes that a schema is printed from. */
export function applyCacheHints(schema: GraphQLSchema): void {
  const ages = new Ages(schema.extensions[AGES] ?? {}, 0);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!(isObjectType(type) || isInterfaceType(type)) || !type.astNode) continue;
    const hint = hintFor(type, ages);
    if (!hint) continue;
    const fields = type.astNode.fields?.map((field) => {
      const isCount = COUNTS.includes(`${type.name}.${field.name.value}`);
      return isCount ? withDirective(field, maxAge(ages.read('contacts'))) : field;
    });
    // Syntax nodes are shared by all schemas.
    type.astNode = withDirective({ ...type.astNode, ...(fields && { fields }) }, hint);
  }
}

/** The SDL of the schema with other ages, as `applyCacheHints` gives it those of this schema. */
export function withAges(sdl: string, { extensions }: GraphQLSchema): string {
  const ages = new Ages(extensions[AGES] ?? {}, 0);
  return sdl.replaceAll(/^(?:type|interface) (\w+)[^{]*|^ {2}\w+.*maxAge: \d+/gm, (part, type?: string) => {
    // Only counts have ages of their own.
    const family = type === undefined ? 'contacts' : familyOfType(type);
    return family ? part.replace(/maxAge: \d+/, `maxAge: ${seconds(ages.read(family))}`) : part;
  });
}

function hintFor({ name }: GraphQLNamedType, ages: Ages): ConstDirectiveNode | null {
  if (INHERITED.test(name)) return cacheControl({ inheritMaxAge: { kind: Kind.BOOLEAN, value: true } });
  const family = familyOfType(name);
  return family ? maxAge(ages.read(family)) : null;
}

function maxAge(ms: number): ConstDirectiveNode {
  return cacheControl({
    maxAge: { kind: Kind.INT, value: seconds(ms) },
    scope: { kind: Kind.ENUM, value: 'PRIVATE' },
  });
}

const seconds = (ms: number) => String(ms / 1_000);

type ConstValue = NonNullable<ConstDirectiveNode['arguments']>[number]['value'];

function cacheControl(args: Readonly<Record<string, ConstValue>>): ConstDirectiveNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  return {
    kind: Kind.DIRECTIVE,
    name: name('cacheControl'),
    arguments: Object.entries(args).map(([key, value]) => ({ kind: Kind.ARGUMENT, name: name(key), value })),
  };
}

function withDirective<Node extends { directives?: FieldDefinitionNode['directives'] }>(
  node: Node,
  directive: ConstDirectiveNode,
): Node {
  return { ...node, directives: [...(node.directives ?? []), directive] };
}
