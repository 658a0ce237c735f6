/** A GraphQL request of a case. `at` numbers the requests, so that no two in flight are identical. */
export type RequestAt = (at: number) => { query: string; variables: Record<string, unknown> };

/**
 * A client of the REST API without the facade: as few calls as possible, in parallel where they are
 * independent.
 */
export type Rest = (get: (path: string) => Promise<any>, at: number) => Promise<void>;

/** Required ratios of answers per second. */
export interface Marks {
  readonly generated?: number;
  readonly tailcall?: number;
  /** Of the facade with its read cache over the one without. */
  readonly uncached?: number;
}

export interface Case {
  name: string;
  title: string;
  rest: Rest;
  facade: RequestAt;
  /** For the facade that answers from its read cache: one request, whatever its number. */
  cached?: RequestAt;
  /** For the floor and the bare server, which use the facade's names. */
  floor?: RequestAt;
  /**
   * For the generated facade and Tailcall, which use the API's names. Missing for cases in which they would
   * need N+1 calls.
   */
  wire?: RequestAt;
  /** Number of rows of a correct answer. */
  rows: number;
  /** Missing for cases without a mark. */
  marks?: Marks;
}

const BY_ID: Marks = { generated: 3.4, tailcall: 1.5 };
const PAGE_OF_50: Marks = { generated: 2.5, tailcall: 1.3 };
const PAGE_OF_500: Marks = { generated: 2.6, tailcall: 1 };
const CACHED_PAGE: Marks = { uncached: 2 };

/** Differs for each request in flight, so that none are coalesced; the mock ignores it. */
const since = (at: number) => new Date(1_000_000_000_000 + (at % 100_003) * 1_000).toISOString();

const LISTS = 'lists { listId }';
const CONTACT = `contactId firstName lastName createdAt emailAddress { address } ${LISTS}`;
const ROW = `contactId firstName lastName companyName createdAt emailAddress { address permissionToSend optInDate } ${LISTS}`;
/**
 * Includes an enum, and times in every form that the API writes; the page of 500 has a birthday and lists as
 * well.
 */
const TWELVE =
  'contactId firstName lastName companyName createSource createdAt updatedAt emailAddress { address permissionToSend optInDate createdAt updatedAt }';
const FOURTEEN = `${TWELVE} birthday { month day } ${LISTS}`;

const wireFields = (fields: string) =>
  fields
    .replace('birthday { month day }', 'birthday_month birthday_day')
    .replace(LISTS, 'list_memberships')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const includes = (fields: string) => (fields.includes(LISTS) ? ['list_memberships'] : []);

const contactsOf =
  (sinceType: string, first: number, selection: string): RequestAt =>
  (at) => ({
    query: `query Page($first: Int!, $since: ${sinceType}!) { contacts(first: $first, filter: { updatedAfter: $since }) { ${selection} } }`,
    variables: { first, since: since(at) },
  });

const wirePage = (first: number, fields: string, pageFields = ''): RequestAt => {
  const include = includes(fields)
    .map((part) => `, include: "${part}"`)
    .join('');
  const query = `query Page($since: String!) { getContacts(limit: ${String(first)}, updated_after: $since${include}) { contacts { ${wireFields(fields)} } ${pageFields} } }`;
  return (at) => ({ query, variables: { since: since(at) } });
};

const contactsPath = (limit: number, include: readonly string[], at: number) =>
  `/contacts?limit=${String(limit)}&updated_after=${since(at)}${include.length > 0 ? `&include=${include.join()}` : ''}`;

/** The page itself, and the reference collections with the names of its ids. */
const restPage =
  (limit: number, include: readonly string[], ...references: string[]): Rest =>
  async (get, at) => {
    await Promise.all([contactsPath(limit, include, at), ...references].map(get));
  };

const LIST_NAMES = '/contact_lists?limit=1000';
const TAG_NAMES = '/contact_tags?limit=500';
const FIELD_LABELS = '/contact_custom_fields?limit=100';

const page = (
  name: string,
  title: string,
  rows: number,
  fields: string,
  marks: Marks,
  { facade, wire }: { facade: (fields: string) => string; wire?: string } = {
    facade: (row) => `nodes { ${row} }`,
  },
): Case => ({
  name,
  title,
  rows,
  marks,
  rest: restPage(rows, includes(fields)),
  facade: contactsOf('DateTime', rows, facade(fields)),
  floor: contactsOf('String', rows, facade(fields)),
  wire: wirePage(rows, fields, wire),
});

/** 50 contacts with names from reference collections: the API's own shapes have ids only, so no peer can answer it. */
const named = (
  name: string,
  title: string,
  fields: string,
  include: string[],
  ...references: string[]
): Case => ({
  name,
  title,
  rows: 50,
  rest: restPage(50, include, ...references),
  facade: contactsOf('DateTime', 50, `nodes { contactId firstName ${fields} }`),
});

/** @param ids existing contacts */
export function casesFor(ids: readonly string[]): Case[] {
  const idAt = (at: number) => ids[at % ids.length] as string;
  const byId = (query: string): RequestAt => {
    return (at) => ({ query, variables: { id: idAt(at) } });
  };
  const page500 = contactsOf('DateTime', 500, `nodes { ${FOURTEEN} }`);
  const contact = byId(`query Contact($id: ID!) { contact(id: $id) { ${CONTACT} } }`);
  return [
    {
      name: 'id',
      title: 'A contact by id with list ids',
      rows: 1,
      marks: BY_ID,
      rest: async (get, at) => {
        await get(`/contacts/${idAt(at)}?include=list_memberships`);
      },
      facade: contact,
      floor: contact,
      wire: byId(
        `query Contact($id: String!) { getContact(contact_id: $id, include: "list_memberships") { ${wireFields(CONTACT)} } }`,
      ),
    },
    page('page50', 'A page of 50 with list ids', 50, ROW, PAGE_OF_50),
    page(
      'page500',
      'A page of 500 with 14 fields: enums, birthday, times, list ids',
      500,
      FOURTEEN,
      PAGE_OF_500,
    ),
    page('page500-plain', 'The same without birthday and lists', 500, TWELVE, PAGE_OF_500),
    // The peers give the cursor of the next page only, not one per row, so they are left out.
    page('edges500', 'A page of 500 with edges and cursors', 500, TWELVE, PAGE_OF_500, {
      facade: (row) => `edges { cursor node { ${row} } } pageInfo { hasNextPage endCursor }`,
      wire: '_links { next { href } }',
    }),
    {
      name: 'cached500',
      title: 'The page of 500 from the read cache',
      rows: 500,
      marks: CACHED_PAGE,
      rest: restPage(500, includes(FOURTEEN)),
      facade: page500,
      cached: () => page500(0),
    },
    named('names', '50 contacts with list names', 'lists { listId name }', ['list_memberships'], LIST_NAMES),
    named(
      'labels',
      '50 contacts with custom fields and their labels',
      'customFields { field { label } value choices { label } }',
      ['custom_fields'],
      FIELD_LABELS,
    ),
    named(
      'linked',
      '50 contacts with list, tag and field names',
      'lists { name } tags { name } customFields { field { label } value }',
      ['custom_fields', 'list_memberships', 'taggings'],
      LIST_NAMES,
      TAG_NAMES,
      FIELD_LABELS,
    ),
    {
      name: 'campaigns',
      title: '300 campaigns with stats',
      rows: 300,
      rest: async (get) => {
        const { campaigns } = (await get('/emails?limit=300')) as { campaigns: { campaign_id: string }[] };
        const found = campaigns.map(({ campaign_id }) => campaign_id);
        await Promise.all(
          [0, 150].map((from) =>
            get(`/reports/stats/email_campaigns/${found.slice(from, from + 150).join(',')}`),
          ),
        );
      },
      facade: () => ({
        query:
          'query Campaigns { emailCampaigns(first: 300) { nodes { campaignId name status stats { sends opens uniqueOpens clicks uniqueClicks bounces optouts } } } }',
        variables: {},
      }),
    },
  ];
}

/** Content of an answer: the numbers of its rows and of their non-null values. Cursors are not counted. */
export interface Content {
  rows: number;
  values: number;
}

/** @throws Error when the answer has errors */
export function contentOf(answer: { data?: unknown; errors?: unknown }): Content {
  if (answer.errors) throw new Error(`answered with errors: ${JSON.stringify(answer.errors).slice(0, 500)}`);
  const [root] = Object.values((answer.data ?? {}) as Record<string, any>);
  const edges = root?.edges as { node: unknown }[] | undefined;
  const list = (edges?.map(({ node }) => node) ?? root?.nodes ?? root?.contacts) as unknown[] | undefined;
  const rows = list ?? (root ? [root] : []);
  return { rows: rows.length, values: valuesIn(rows) };
}

function valuesIn(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value !== 'object') return 1;
  return Object.values(value).reduce<number>((sum, part) => sum + valuesIn(part), 0);
}
