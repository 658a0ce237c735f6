import {
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

/** A page of related types. */
export interface Domain {
  /** File name without its ending. */
  readonly page: string;
  readonly title: string;
  /** Types that are always on this page; a type that no page names is placed by its users. */
  readonly names: RegExp;
}

/**
 * The pages. A name belongs to the first matching pattern. Titles have several words: a title that is the
 * name of a field would take its anchor.
 */
export const DOMAINS: readonly Domain[] = [
  { page: 'partners', title: 'Partner accounts', names: /Partner/ },
  { page: 'automations', title: 'Automation workflows', names: /Automation/ },
  { page: 'social', title: 'Social posts', names: /Social/ },
  {
    page: 'events',
    title: 'Events and registrations',
    names: /Event|CheckInTickets|OnlineMeeting|PromoCode/,
  },
  {
    page: 'bulk',
    title: 'Bulk work',
    names: /BulkActivit|Import|Export|Membership|Tagging|DeleteContacts/,
  },
  {
    page: 'reports',
    title: 'Reports and statistics',
    names:
      /^(Email|Sms)\w*(Stats|Summar|Tracking|Percents|Counts)|^Email(Send|Open|DidNotOpen|Click|Forward|Optout)Activity|LandingPage|Bounce/,
  },
  {
    page: 'campaigns',
    title: 'Campaigns and schedules',
    names: /EmailCampaign|AbTest|NonOpener|TestEmail|LinkListAction/,
  },
  {
    page: 'groups',
    title: 'Lists, tags, custom fields and segments',
    names: /^(Create|Update|Delete|Rename)?(ContactList|Tag|CustomField(?!Value)|Segment)/,
  },
  { page: 'account', title: 'Account and budget', names: /Account|UserPrivilege|RateLimit/ },
  { page: 'contacts', title: 'Contacts and consent', names: /Contact/ },
];

export const SHARED: Domain = { page: 'shared', title: 'Shared types', names: /^$/ };

/** False for types that the reference omits: those of GraphQL itself, roots, and those for gateways only. */
export function isDescribed(schema: GraphQLSchema, type: GraphQLNamedType): boolean {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return !type.name.startsWith('_') && !roots.includes(type as never) && !isSpecifiedScalarType(type);
}

/** True for a connection or one of its edges. */
export function isConnection(type: GraphQLNamedType): boolean {
  if (!isObjectType(type)) return false;
  const fields = type.getFields();
  return 'pageInfo' in fields || ('cursor' in fields && 'node' in fields);
}

/**
 * Page of each described type. A type that no pattern names goes to the page of all its users, else to the
 * shared types.
 */
export function pagesOf(schema: GraphQLSchema): ReadonlyMap<string, Domain> {
  const types = Object.values(schema.getTypeMap()).filter((type) => isDescribed(schema, type));
  const pages = new Map<string, Domain>();
  for (const type of types) {
    const domain = isScalarType(type) ? SHARED : DOMAINS.find(({ names }) => names.test(type.name));
    if (domain) pages.set(type.name, domain);
  }
  const users = usersOf(types);
  for (let changed = true; changed;) {
    changed = false;
    for (const { name } of types) {
      if (pages.has(name)) continue;
      const using = new Set([...(users.get(name) ?? [])].map((user) => pages.get(user)));
      const [only] = using;
      if (using.size !== 1 || !only) continue;
      pages.set(name, only);
      changed = true;
    }
  }
  for (const { name } of types) if (!pages.has(name)) pages.set(name, SHARED);
  return pages;
}

/** Names of the types that refer to a type by a field, an argument or a member. */
export function usersOf(types: readonly GraphQLNamedType[]): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  const note = (used: GraphQLNamedType, user: GraphQLNamedType) => {
    if (used === user) return;
    users.set(used.name, (users.get(used.name) ?? new Set()).add(user.name));
  };
  for (const type of types) {
    if (isUnionType(type)) for (const member of type.getTypes()) note(member, type);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) note(getNamedType(field.type), type);
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const field of Object.values(type.getFields())) {
        note(getNamedType(field.type), type);
        for (const arg of field.args) note(getNamedType(arg.type), type);
      }
    }
  }
  return users;
}
