/** A GraphQL request of a case; `at` numbers it, so that no two that are under way at the same time are the same. */
export type Ask = (at: number) => { query: string; variables: Record<string, unknown> };

/** What a program does that calls the REST API itself: as few calls as it can, side by side where they can be. */
export type Rest = (get: (path: string) => Promise<any>, at: number) => Promise<void>;

export interface Case {
  name: string;
  /** What the table says. */
  title: string;
  rest: Rest;
  facade: Ask;
  /** Where the floor, the bare server and the generated facade can answer the same. */
  floor?: Ask;
  omnigraph?: Ask;
  /** Rows that a right answer has. */
  rows: number;
}

/** The order in which requests move `updated_after`, which the mock ignores. */
const since = (at: number) => new Date(1_000_000_000_000 + (at % 100_003) * 1_000).toISOString();

const CONTACT = 'contactId firstName lastName createdAt emailAddress { address }';
const ROW =
  'contactId firstName lastName jobTitle companyName createdAt emailAddress { address permissionToSendRaw }';
const FIFTEEN =
  'contactId firstName lastName jobTitle companyName anniversary createSourceRaw updateSourceRaw createdAt updatedAt emailAddress { address permissionToSendRaw createdAt updatedAt confirmStatusRaw }';

/** The same fields under the names that the API gives them. */
const plain = (fields: string) =>
  fields.replaceAll('Raw', '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const page =
  (fields: string, first: number): Ask =>
  (at) => ({
    query: `query Page($first: Int!, $since: DateTime!) { contacts(first: $first, filter: { updatedAfter: $since }) { nodes { ${fields} } } }`,
    variables: { first, since: since(at) },
  });

const floorPage =
  (fields: string, first: number): Ask =>
  (at) => {
    const { query, variables } = page(fields, first)(at);
    return { query: query.replace('DateTime!', 'String!'), variables };
  };

const generatedPage =
  (fields: string, limit: number): Ask =>
  (at) => ({
    query: `query Page($limit: PositiveInt!, $since: String!) { getContacts(limit: $limit, updated_after: $since) { contacts { ${plain(fields)} } } }`,
    variables: { limit, since: since(at) },
  });

const restPage =
  (limit: number): Rest =>
  async (get, at) => {
    await get(`/contacts?limit=${String(limit)}&updated_after=${since(at)}`);
  };

/** @param ids contacts that exist */
export function casesFor(ids: readonly string[]): Case[] {
  const idAt = (at: number) => ids[at % ids.length] as string;
  return [
    {
      name: 'id',
      title: 'a contact by id',
      rows: 1,
      rest: async (get, at) => {
        await get(`/contacts/${idAt(at)}`);
      },
      facade: (at) => ({
        query: `query Contact($id: ID!) { contact(id: $id) { ${CONTACT} } }`,
        variables: { id: idAt(at) },
      }),
      floor: (at) => ({
        query: `query Contact($id: ID!) { contact(id: $id) { ${CONTACT} } }`,
        variables: { id: idAt(at) },
      }),
      omnigraph: (at) => ({
        query: `query Contact($id: String!) { getContact(contact_id: $id) { ${plain(CONTACT)} } }`,
        variables: { id: idAt(at) },
      }),
    },
    {
      name: 'page50',
      title: 'a page of 50',
      rows: 50,
      rest: restPage(50),
      facade: page(ROW, 50),
      floor: floorPage(ROW, 50),
      omnigraph: generatedPage(ROW, 50),
    },
    {
      name: 'page500',
      title: 'a page of 500 × 15 fields',
      rows: 500,
      rest: restPage(500),
      facade: page(FIFTEEN, 500),
      floor: floorPage(FIFTEEN, 500),
      omnigraph: generatedPage(FIFTEEN, 500),
    },
    {
      name: 'linked',
      title: '50 contacts with list, tag and field names',
      rows: 50,
      rest: async (get, at) => {
        const include = 'custom_fields,list_memberships,taggings';
        await Promise.all([
          get(`/contacts?include=${include}&limit=50&updated_after=${since(at)}`),
          get('/contact_lists?limit=1000'),
          get('/contact_tags?limit=500'),
          get('/contact_custom_fields?limit=100'),
        ]);
      },
      facade: (at) => ({
        query: `query Linked($since: DateTime!) { contacts(first: 50, filter: { updatedAfter: $since }) { nodes { contactId firstName lists { name } tags { name } customFields { field { label } value } } } }`,
        variables: { since: since(at) },
      }),
    },
    {
      name: 'campaigns',
      title: '300 campaigns with stats',
      rows: 300,
      rest: async (get) => {
        const { campaigns } = (await get('/emails?limit=300')) as { campaigns: { campaign_id: string }[] };
        const ids = campaigns.map(({ campaign_id }) => campaign_id);
        await Promise.all(
          [0, 150].map((from) =>
            get(`/reports/stats/email_campaigns/${ids.slice(from, from + 150).join(',')}`),
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

/** The rows of an answer, wherever they are in it. */
export function rowsOf(answer: { data?: unknown; errors?: unknown }): number {
  if (answer.errors) throw new Error(`answered with errors: ${JSON.stringify(answer.errors).slice(0, 500)}`);
  const [value] = Object.values((answer.data ?? {}) as Record<string, any>);
  const rows = (value?.nodes ?? value?.contacts) as unknown[] | undefined;
  if (rows) return rows.length;
  return value ? 1 : 0;
}
