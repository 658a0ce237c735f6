import { beforeEach, describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** Objects that refer to lists, tags, fields and segments which the collections do not have (any more, or yet). */
const { start, query, requests } = scripted();

const uuid = (number: number) => `00000000-0000-11ee-8000-${String(number).padStart(12, '0')}`;
const GONE = [91, 92, 93].map(uuid);
const SMS = [71, 72].map((number) => ({ list_id: uuid(number), name: `Texts ${String(number)}` }));

let lists: object[], texts: object[], tags: object[], fields: object[], contact: Record<string, unknown>;
beforeEach(() => {
  lists = [{ list_id: uuid(1), name: 'News' }];
  texts = [];
  tags = [{ tag_id: uuid(2), name: 'Gold' }];
  fields = [{ custom_field_id: uuid(3), label: 'Size', type: 'string' }];
  contact = { contact_id: uuid(9) };
});

const counting = (rows: object[], { searchParams }: URL) => {
  const counts = searchParams.get('include_membership_count');
  return rows.map((row) => ({ ...row, ...(counts && { membership_count: counts === 'all' ? 9 : 4 }) }));
};

const serve = (referenceCacheSeconds: number) =>
  start(
    (response, request) => {
      const url = new URL(request.url, 'http://upstream');
      const path = url.pathname.replace(/^.*\/v3/, '');
      const isSms = url.searchParams.get('channel_type') === 'sms';
      if (path === '/contacts') json(response, 200, { contacts: [contact] });
      else if (path === '/contact_lists')
        json(response, 200, { lists: counting(isSms ? texts : lists, url) });
      else if (path === '/contact_tags') json(response, 200, { tags });
      else if (path === '/contact_custom_fields') json(response, 200, { custom_fields: fields });
      else {
        const row = counting([...lists, ...texts], url).find((one: any) => path.endsWith(one.list_id));
        json(response, row ? 200 : 404, row ?? [{ error_key: 'not_found', error_message: 'not found' }]);
      }
    },
    { referenceCacheSeconds },
  );

/** Data and number of calls of a query without errors. */
async function read(selection: string) {
  requests().length = 0;
  const { data, errors } = await query(`{ contacts { nodes { ${selection} } } }`);
  expect(errors).toBeUndefined();
  return [data.contacts.nodes[0], requests().length];
}

const ALL = 'lists { name } tags { name } customFields { field { label } }';

describe.each([1, 2, 3])('%i references of each kind to what does not exist', (count) => {
  const gone = GONE.slice(0, count);
  const found = {
    lists: [{ name: 'News' }],
    tags: [{ name: 'Gold' }],
    customFields: [{ field: { label: 'Size' } }, ...gone.map(() => ({ field: null }))],
  };
  beforeEach(() => {
    contact['list_memberships'] = [uuid(1), ...gone];
    contact['taggings'] = [uuid(2), ...gone];
    contact['custom_fields'] = [uuid(3), ...gone].map((custom_field_id) => ({ custom_field_id, value: 'x' }));
  });

  it('cost one call, for lists, however often they are read', async () => {
    await serve(0);
    for (let time = 0; time < 3; time += 1) expect(await read(ALL)).toEqual([found, 5]);
    expect(await read('tags { name }')).toEqual([{ tags: found.tags }, 2]);
  });

  it('cost nothing while the collections are cached', async () => {
    await serve(300);
    expect(await read(ALL)).toEqual([found, 5]);
    for (let time = 0; time < 2; time += 1) expect(await read(ALL)).toEqual([found, 1]);
  });

  it('which was created after the collection was cached cost one call together', async () => {
    await serve(300);
    const [id] = gone;
    contact['taggings'] = [uuid(2)];
    contact['list_memberships'] = [uuid(1)];
    await read('lists { name } tags { name }');
    contact['taggings'] = [uuid(2), ...gone];
    contact['list_memberships'] = [uuid(1), ...gone];
    for (const one of gone) {
      tags.push({ tag_id: one, name: one });
      lists.push({ list_id: one, name: one });
    }
    const names = gone.map((name) => ({ name }));
    expect(await read('tags { name }')).toEqual([{ tags: [{ name: 'Gold' }, ...names] }, 2]);
    // Several may be lists for text messages, which are read first.
    const calls = id === gone.at(-1) ? 2 : 3;
    expect(await read('lists { name }')).toEqual([{ lists: [{ name: 'News' }, ...names] }, calls]);
    expect(await read('lists { name } tags { name }')).toEqual([
      { lists: [{ name: 'News' }, ...names], tags: [{ name: 'Gold' }, ...names] },
      1,
    ]);
  });
});

it.each([1, 2])('counts of an email list and %i lists for text messages are read at once', async (count) => {
  texts = SMS.slice(0, count);
  contact['list_memberships'] = [uuid(1), ...SMS.slice(0, count).map(({ list_id }) => list_id)];
  await serve(0);
  const names = ['News', ...SMS.slice(0, count).map(({ name }) => name)];
  for (let time = 0; time < 2; time += 1)
    expect(await read('lists { name membershipCount activeMembershipCount }')).toEqual([
      { lists: names.map((name) => ({ name, membershipCount: 9, activeMembershipCount: 4 })) },
      5,
    ]);
});

it('deleted segments of many emails are read by themselves, and never end the query', async () => {
  const ids = [1, 2, 3, 4, 5];
  await start((response, { url }) => {
    const [, kind, of] = /\/v3\/(emails\/activities|emails|segments)\/?([^/?]*)/.exec(url) ?? [];
    const activity = (at: number) => ({ campaign_activity_id: uuid(at), role: 'primary_email' });
    if (kind === 'emails' && !of)
      json(response, 200, {
        campaigns: ids.map((at) => ({ campaign_id: uuid(100 + at), type: 'NEWSLETTER' })),
      });
    else if (kind === 'emails')
      json(response, 200, { campaign_id: of, campaign_activities: [activity(Number(of?.slice(-2)))] });
    else if (kind === 'emails/activities')
      json(response, 200, { ...activity(Number(of?.slice(-2))), segment_ids: [Number(of?.slice(-2))] });
    else if (of) json(response, 200, { segment_id: Number(of), name: `Old ${of}` });
    else json(response, 200, { segments: [] });
  });
  const { data, errors } = await query(
    '{ emailCampaigns { nodes { primaryActivity { recipients { segments { name } } } } } }',
  );
  expect(errors).toBeUndefined();
  expect(data.emailCampaigns.nodes.map((node: any) => node.primaryActivity.recipients.segments)).toEqual(
    ids.map((at) => [{ name: `Old ${String(at)}` }]),
  );
  expect(requests()).toHaveLength(1 + 5 + 5 + 1 + 5);
});
