import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  type GraphQLArgument,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { encodeGlobalId } from '../../src/resolvers/support/global-id.js';
import type { Sandbox } from '../../src/sandbox/index.js';
import { generator } from './random.js';

type Account = ReturnType<Sandbox['account']>;

interface Options {
  seed: number;
  count: number;
  /** Probability that an optional argument or input field is given. Default: 0. */
  optional?: number;
}

/** Enum values that occur in answers and that filters reject. */
const OUTPUT_ONLY_VALUES: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'APPROVED',
  'DECLINED',
  'DEFAULT_FROM',
  'INITIALIZED',
  'LANDING_PAGE_SMS_OPT_IN',
]);

/**
 * Valid queries of existing records: random fields, small pages, three to five levels deep. The same seed
 * gives the same queries.
 */
export function* randomQueries(
  schema: GraphQLSchema,
  account: Account,
  { seed, count, optional = 0 }: Options,
) {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const idsOf = recordIds(account);

  const argument = (arg: GraphQLArgument, field: string): string | null => {
    if (arg.name === 'first') return String(1 + Math.floor(random() * 6));
    if (!isRequiredArgument(arg) && (arg.name === 'after' || optional === 0 || random() >= optional)) {
      return null;
    }
    return value(arg.type, arg.name, idsOf[field] ?? idsOf[arg.name]);
  };

  /** A literal of the type, or null when none is known. */
  const value = (type: GraphQLInputType, name: string, ids = idsOf[name]): string | null => {
    if (isNonNullType(type)) return value(type.ofType, name, ids);
    if (isListType(type)) {
      const items = [1, 2].map(() => value(type.ofType, name, ids));
      return items.includes(null) ? null : `[${items.join(', ')}]`;
    }
    if (isEnumType(type))
      return pick(type.getValues().filter((one) => !OUTPUT_ONLY_VALUES.has(one.name))).name;
    if (isInputObjectType(type)) return inputObject(type);
    if (ids !== undefined) return ids.length > 0 ? JSON.stringify(pick(ids)) : null;
    switch (type.name) {
      case 'Boolean':
        return String(random() < 0.5);
      case 'Int':
        return String(1 + Math.floor(random() * 6));
      case 'DateTime':
        return JSON.stringify(pick(MOMENTS));
      case 'String':
        return JSON.stringify(pick(WORDS));
      default:
        return null;
    }
  };

  const inputObject = (type: GraphQLInputObjectType): string | null => {
    const fields = Object.values(type.getFields());
    const one = type.isOneOf ? pick(fields) : null;
    const given: string[] = [];
    for (const field of fields) {
      if (one ? field !== one : !isRequiredInputField(field) && random() >= optional) continue;
      const literal = value(field.type, field.name);
      if (literal !== null) given.push(`${field.name}: ${literal}`);
      else if (isRequiredInputField(field)) return null;
    }
    return `{ ${given.join(', ')} }`;
  };

  const selection = (type: GraphQLObjectType, depth: number): string => {
    const parts: string[] = ['__typename'];
    const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
    const isPage = /(Connection|Edge)$/.test(type.name);
    for (const field of fields) {
      const below = getNamedType(field.type);
      if (isLeafType(below)) {
        if (random() < 0.4) parts.push(call(field.name, field.args, below, 0) ?? '');
        continue;
      }
      if (!isCompositeType(below) || depth <= 0) continue;
      if (!isPage && random() > 0.45) continue;
      parts.push(call(field.name, field.args, below, isPage ? depth : depth - 1) ?? '');
    }
    return parts.join(' ');
  };

  const call = (
    name: string,
    args: readonly GraphQLArgument[],
    type: GraphQLNamedType,
    depth: number,
  ): string | null => {
    const given: string[] = [];
    for (const arg of args) {
      const value = argument(arg, name);
      if (value !== null) given.push(`${arg.name}: ${value}`);
      else if (isRequiredArgument(arg)) return null;
    }
    const field = `${name}${given.length > 0 ? `(${given.join(', ')})` : ''}`;
    if (isLeafType(type)) return field;
    if (isObjectType(type)) return `${field} { ${selection(type, depth)} }`;
    if (!isAbstractType(type) || optional === 0) return `${field} { __typename }`;
    const one = pick(schema.getPossibleTypes(type));
    return `${field} { __typename ... on ${one.name} { ${selection(one, depth)} } }`;
  };

  const roots = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ name, type }) => !name.startsWith('_') && isCompositeType(getNamedType(type)),
  );
  for (let made = 0; made < count;) {
    const fields = Array.from({ length: 1 + Math.floor(random() * 2) }, (_, at) => {
      const { name, args, type } = pick(roots);
      const made = call(name, args, getNamedType(type), 2 + Math.floor(random() * 2));
      return made && `f${String(at)}: ${made}`;
    }).filter(Boolean);
    if (fields.length === 0) continue;
    made += 1;
    yield `{ ${fields.join(' ')} }`;
  }
}

const MOMENTS = ['2020-01-01T00:00:00Z', '2025-06-01T12:00:00+02:00', '2031-01-01T00:00:00Z'];
const WORDS = ['garden', 'a', 'Zoë & co.'];

/** Ids by the field, argument or input field that accepts them. */
function recordIds(account: Account): Record<string, readonly string[]> {
  const some = <T>(rows: Iterable<T>, id: (row: T) => unknown) =>
    [...rows].slice(0, 8).map((row) => String(id(row)));
  const contacts = some(account.contacts, (row) => row.contact_id);
  const nodes = [
    ...contacts.map((id) => encodeGlobalId('Contact', id)),
    ...some(account.lists, (row) => encodeGlobalId('ContactList', row.list_id)),
    ...some(account.campaigns, (row) => encodeGlobalId('EmailCampaign', row.campaign_id)),
    ...some(account.events, (row) => encodeGlobalId('Event', row.event_id)),
  ];
  return {
    node: nodes,
    nodes,
    lists: some(account.lists, (row) => row.list_id),
    tags: some(account.tags, (row) => row.tag_id),
    eventId: some(account.events, (row) => row.event_id),
    trackId: some(account.events, (row) => row.track.track_id),
    registrationId: some(account.registrations, (row) => row.registration_id),
    contact: contacts,
    contactByEmail: some(account.contacts, (row) => row.email?.address ?? 'nobody@example.com'),
    contactList: some(account.lists, (row) => row.list_id),
    tag: some(account.tags, (row) => row.tag_id),
    customField: some(account.customFields, (row) => row.custom_field_id),
    segment: some(account.segments, (row) => row.segment_id),
    emailCampaign: some(account.campaigns, (row) => row.campaign_id),
    emailCampaignActivity: some(account.campaignActivities, (row) => row.campaign_activity_id),
    landingPageReport: some(account.campaignActivities, (row) => row.campaign_activity_id),
    event: some(account.events, (row) => row.event_id),
    automation: some(account.automations, (row) => row.id),
    socialProfile: some(account.socialProfiles, (row) => row.profile_id),
    partnerAccount: some(account.partnerAccounts, (row) => row.encoded_account_id),
    since: ['2020-01-01T00:00:00Z'],
    v2Ids: ['1', '2'],
  };
}
