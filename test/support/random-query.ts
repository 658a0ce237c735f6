import {
  getNamedType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLArgument,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import type { Sandbox } from '../../src/sandbox/index.js';
import { generator } from './random.js';

type Account = ReturnType<Sandbox['account']>;

interface Options {
  seed: number;
  count: number;
}

/** Valid queries over existing records: random fields, small pages, three to five levels deep. The same seed gives the same queries. */
export function* randomQueries(schema: GraphQLSchema, account: Account, { seed, count }: Options) {
  const random = generator(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const idsOf = recordIds(account);

  const argument = (arg: GraphQLArgument, field: string): string | null => {
    if (arg.name === 'first') return String(1 + Math.floor(random() * 6));
    if (!isRequiredArgument(arg)) return null;
    const ids = idsOf[field] ?? idsOf[arg.name];
    if (ids === undefined || ids.length === 0) return null;
    return String(arg.type).startsWith('[')
      ? JSON.stringify([pick(ids), pick(ids)])
      : JSON.stringify(pick(ids));
  };

  const selection = (type: GraphQLObjectType, depth: number): string => {
    const parts: string[] = ['__typename'];
    const fields = Object.values(type.getFields()).filter(({ name }) => !name.startsWith('_'));
    const isPage = /(Connection|Edge)$/.test(type.name);
    for (const field of fields) {
      const below = getNamedType(field.type);
      if (isLeafType(below)) {
        if (random() < 0.4) parts.push(field.name);
        continue;
      }
      if (!isCompositeType(below) || depth <= 0) continue;
      if (!isPage && random() > 0.45) continue;
      parts.push(call(field.name, field.args, below as GraphQLObjectType, isPage ? depth : depth - 1) ?? '');
    }
    return parts.join(' ');
  };

  const call = (
    name: string,
    args: readonly GraphQLArgument[],
    type: GraphQLObjectType,
    depth: number,
  ): string | null => {
    const given: string[] = [];
    for (const arg of args) {
      const value = argument(arg, name);
      if (value !== null) given.push(`${arg.name}: ${value}`);
      else if (isRequiredArgument(arg)) return null;
    }
    if (!isObjectType(type))
      return `${name}${given.length > 0 ? `(${given.join(', ')})` : ''} { __typename }`;
    return `${name}${given.length > 0 ? `(${given.join(', ')})` : ''} { ${selection(type, depth)} }`;
  };

  const roots = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
    ({ name, type }) => !name.startsWith('_') && isCompositeType(getNamedType(type)),
  );
  for (let made = 0; made < count;) {
    const fields = Array.from({ length: 1 + Math.floor(random() * 2) }, (_, at) => {
      const { name, args, type } = pick(roots);
      const made = call(name, args, getNamedType(type) as GraphQLObjectType, 2 + Math.floor(random() * 2));
      return made && `f${String(at)}: ${made}`;
    }).filter(Boolean);
    if (fields.length === 0) continue;
    made += 1;
    yield `{ ${fields.join(' ')} }`;
  }
}

/** Raw ids by the field, or else the argument, that takes them. */
function recordIds(account: Account): Record<string, readonly string[]> {
  const some = <T>(rows: Iterable<T>, id: (row: T) => unknown) =>
    [...rows].slice(0, 8).map((row) => String(id(row)));
  const contacts = some(account.contacts, (row) => row.contact_id);
  return {
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
