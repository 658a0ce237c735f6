import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';

let app: TestApp;
let now: number;

beforeEach(async () => {
  now = Date.UTC(2026, 0, 15, 12);
  app = await startApp({ sandbox: { contacts: 60, clock: { now: () => now } } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const tagsOf = () => [...app.sandbox.account().tags];
const firstTag = () => tagsOf()[0]!;

describe('reading', () => {
  it('returns one tag by raw and by global id in one call, without a count that is not selected', async () => {
    const { tag_id, name } = firstTag();
    for (const id of [tag_id, encodeGlobalId('Tag', tag_id)]) {
      app.resetCalls();
      const { data } = await app.query(
        'query ($id: ID!) { tag(id: $id) { tagId name tagSource createdAt updatedAt } }',
        {
          variables: { id },
        },
      );
      expect(data.tag).toMatchObject({ tagId: tag_id, name });
      expect(data.tag.createdAt).toMatch(/^\d{4}-.*Z$/);
      expect(app.calls()).toEqual(['getTag']);
      expect(app.sandbox.journal.entries[0]?.query).toBe('');
    }
  });

  it('counts the page, like segments and custom fields, without a call', async () => {
    const { customFields, segments } = app.sandbox.account();
    const counts = {
      tags: tagsOf().length,
      segments: [...segments].filter((one) => one.deleted_at === null).length,
      customFields: customFields.size,
    };
    for (const [name, totalCount] of Object.entries(counts)) {
      app.resetCalls();
      const page = (after: string) => `{ ${name}(first: 1${after}) { totalCount pageInfo { endCursor } } }`;
      const { data } = await app.query(page(''));
      expect(data[name].totalCount, name).toBe(totalCount);
      const next = await app.query(page(`, after: "${data[name].pageInfo.endCursor}"`));
      expect(next.data[name].totalCount, name).toBe(totalCount);
      expect(app.calls(), name).toHaveLength(2);
    }
  });

  it('counts contacts in the same call', async () => {
    const counts = new Map<string, number>();
    for (const contact of app.sandbox.account().contacts) {
      if (contact.deleted_at === null)
        contact.taggings.forEach((id) => counts.set(id, (counts.get(id) ?? 0) + 1));
    }
    const one = await app.query('query ($id: ID!) { tag(id: $id) { contactsCount } }', {
      variables: { id: firstTag().tag_id },
    });
    expect(one.data.tag.contactsCount).toBe(counts.get(firstTag().tag_id) ?? 0);
    expect(app.calls()).toEqual(['getTag']);
    app.resetCalls();
    const all = await app.query(
      '{ tags(first: 500) { nodes { tagId contactsCount } pageInfo { hasNextPage } } }',
    );
    expect(all.data.tags.nodes).toEqual(
      tagsOf().map(({ tag_id }) => ({ tagId: tag_id, contactsCount: counts.get(tag_id) ?? 0 })),
    );
    expect(all.data.tags.pageInfo.hasNextPage).toBe(false);
    expect(app.calls()).toEqual(['getTags']);
  });

  it('answers several tags of a query with one scan', async () => {
    const [a, b, c] = tagsOf();
    const { data } = await app.query(
      'query ($a: ID!, $b: ID!, $n: [ID!]!) { a: tag(id: $a) { name } b: tag(id: $b) { name } nodes(ids: $n) { ... on Tag { name } } }',
      { variables: { a: a!.tag_id, b: b!.tag_id, n: [encodeGlobalId('Tag', c!.tag_id)] } },
    );
    expect(data).toEqual({ a: { name: a!.name }, b: { name: b!.name }, nodes: [{ name: c!.name }] });
    expect(app.calls()).toEqual(['getTags']);
  });

  it('answers a single tag from the scan that the operation needs anyway, or that is still cached', async () => {
    await app.close();
    app = await startApp({ sandbox: { contacts: 60 }, client: { referenceCacheSeconds: 60 } });
    const { tag_id } = firstTag();
    const ask = (fields: string) =>
      app.query(`query ($id: ID!) { tag(id: $id) { name } ${fields} }`, { variables: { id: tag_id } });
    await ask('contacts(first: 5) { nodes { tags { name } } }');
    expect(app.calls().sort()).toEqual(['getContacts', 'getTags']);
    app.resetCalls();
    expect((await ask('')).data.tag.name).toBe(firstTag().name);
    expect(app.calls()).toEqual([]);
    await app.query('mutation { createTag(input: { name: "New" }) { userErrors { code } } }');
    await ask('');
    expect(app.calls()).toEqual(['postTag', 'getTag']);
  });

  it('pages through tags', async () => {
    const names: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await app.query(
        'query ($after: String) { tags(first: 25, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }',
        { variables: { after } },
      );
      names.push(...data.tags.nodes.map((tag: { name: string }) => tag.name));
      after = data.tags.pageInfo.hasNextPage ? data.tags.pageInfo.endCursor : null;
    } while (after !== null);
    expect(names).toEqual(tagsOf().map((tag) => tag.name));
  });

  it('is null for a tag that does not exist, and an error for an invalid id', async () => {
    const { data } = await app.query('query ($id: ID!) { tag(id: $id) { name } }', {
      variables: { id: UNKNOWN_ID },
    });
    expect(data).toEqual({ tag: null });
    const bad = await app.query('{ tag(id: "../contact_lists/x") { name } }');
    expect(bad.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problem: 'INVALID_ID' });
  });

  it('lists the contacts of a tag', async () => {
    const { tag_id } = tagsOf().find((tag) =>
      [...app.sandbox.account().contacts].some((one) => !one.deleted_at && one.taggings.includes(tag.tag_id)),
    )!;
    const { data } = await app.query(
      'query ($id: ID!) { tag(id: $id) { name contacts(first: 500) { totalCount nodes { contactId tags { tagId } } } } }',
      { variables: { id: tag_id } },
    );
    const { totalCount, nodes } = data.tag.contacts;
    expect(nodes).toHaveLength(totalCount);
    expect(nodes.length).toBeGreaterThan(0);
    for (const node of nodes) expect(node.tags).toContainEqual({ tagId: tag_id });
    expect(app.calls()).toHaveLength(2);
  });
});

describe('writing', () => {
  it('creates, renames and deletes a tag', async () => {
    const made = await app.query(
      'mutation { createTag(input: { name: "Spring fair", tagSource: "Fair" }) { tag { tagId name tagSource contactsCount } userErrors { code } } }',
    );
    const { tag, userErrors } = made.data.createTag;
    expect(userErrors).toEqual([]);
    expect(tag).toMatchObject({ name: 'Spring fair', tagSource: 'Fair', contactsCount: 0 });

    const renamed = await app.query(
      'mutation ($id: ID!) { updateTag(input: { id: $id, name: "Autumn fair" }) { tag { tagId name } userErrors { code } } }',
      { variables: { id: tag.tagId } },
    );
    expect(renamed.data.updateTag.tag).toEqual({ tagId: tag.tagId, name: 'Autumn fair' });

    app.resetCalls();
    const deleted = await app.query(
      'mutation ($id: ID!) { deleteTag(input: { id: $id }) { deletedTagId bulkActivity { activityId state failures { message } } } }',
      { variables: { id: tag.tagId } },
    );
    expect(deleted.data.deleteTag).toMatchObject({
      deletedTagId: tag.tagId,
      bulkActivity: { state: 'INITIALIZED', failures: [] },
    });
    expect(app.calls()).toEqual(['deleteTag']);
    now += 10_000;
    const after = await app.query(
      'query ($id: ID!, $a: ID!) { tag(id: $id) { name } bulkActivity(id: $a) { state } }',
      {
        variables: { id: tag.tagId, a: deleted.data.deleteTag.bulkActivity.activityId },
      },
    );
    expect(after.data).toEqual({ tag: null, bulkActivity: { state: 'COMPLETED' } });
  });

  it('fails where its own field does not select user errors, whatever another one selects', async () => {
    const answer = await app.query(`mutation {
      one: createTag(input: { name: "" }) { tag { name } userErrors { code } }
      other: createTag(input: { name: "" }) { tag { name } }
      third: createTag(input: { name: "" }) { ...Errors @include(if: false) }
      last: createTag(input: { name: "" }) { ...Errors }
    } fragment Errors on CreateTagPayload { userErrors { code } }`);
    expect(answer.data).toMatchObject({
      one: { tag: null, userErrors: [{ code: 'REQUIRED' }] },
      other: null,
      third: null,
      last: { userErrors: [{ code: 'REQUIRED' }] },
    });
    expect(answer.errors).toMatchObject(
      ['other', 'third'].map((path) => ({ path: [path], extensions: { problem: 'REQUIRED' } })),
    );
    expect(app.calls()).toEqual([]);
  });

  it('reports invalid input', async () => {
    const errorOf = async (call: string) => {
      app.resetCalls();
      const { data } = await app.query(`mutation { r: ${call} { userErrors { code field } } }`);
      return data.r.userErrors[0];
    };
    const name = firstTag().name;
    expect(await errorOf(`createTag(input: { name: "  " })`)).toEqual({
      code: 'REQUIRED',
      field: ['input', 'name'],
    });
    expect(await errorOf(`createTag(input: { name: "${'x'.repeat(256)}" })`)).toMatchObject({
      code: 'TOO_LONG',
    });
    expect(app.calls()).toEqual([]);
    expect(await errorOf(`createTag(input: { name: ${JSON.stringify(name)} })`)).toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    expect(await errorOf(`updateTag(input: { id: "${UNKNOWN_ID}", name: "x" })`)).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await errorOf(`deleteTag(input: { id: "no id" })`)).toEqual({
      code: 'INVALID_ID',
      field: ['input', 'id'],
    });
  });
});

it('a tag is an entity by either key', async () => {
  const [a, b] = tagsOf();
  const { data } = await app.query(
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Tag { name } } }',
    {
      variables: {
        r: [
          { __typename: 'Tag', tagId: a!.tag_id },
          { __typename: 'Tag', id: encodeGlobalId('Tag', b!.tag_id) },
          { __typename: 'Tag', tagId: UNKNOWN_ID },
        ],
      },
    },
  );
  expect(data._entities).toEqual([{ name: a!.name }, { name: b!.name }, null]);
});
