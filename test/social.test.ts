import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';

let app: TestApp;

beforeEach(async () => {
  app = await startApp({ sandbox: { contacts: 5 } });
});

afterEach(async () => {
  expectNoViolations(app);
  await app.close();
});

const profiles = () => [...app.sandbox.account().socialProfiles];

async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

describe('profiles and connections', () => {
  it('lists profiles in one call, and queries the networks only when selected', async () => {
    const { socialProfiles } = await ask(
      '{ socialProfiles { id profileId network networkRaw name handle url imageUrl connected networkProfileId networkUserId account { username displayName } } }',
    );
    expect(socialProfiles).toHaveLength(profiles().length);
    expect(new Set(socialProfiles.map((one: any) => one.network))).toEqual(
      new Set(['FACEBOOK', 'INSTAGRAM', 'LINKEDIN', 'TIKTOK']),
    );
    expect(app.sandbox.journal.entries.map(({ query }) => query)).toEqual(['']);
    app.resetCalls();
    const more = await ask('{ socialProfiles { network accessible settings } }');
    expect(app.sandbox.journal.entries.map(({ query }) => query)).toEqual(['include=accessible']);
    expect(more.socialProfiles.find((one: any) => one.network === 'TIKTOK')).toMatchObject({
      accessible: true,
      settings: { content: { comment_disabled: false } },
    });
    expect(more.socialProfiles.find((one: any) => one.network === 'LINKEDIN').accessible).toBe(false);
  });

  it('resolves profiles and connections both ways with one call each', async () => {
    const data = await ask(
      `{ socialProfiles { name connection { account { networkAccountId } status { tokenIsValid } } }
         socialConnections {
           account { networkAccountId network displayName username url imageUrl }
           status { hasToken tokenIsValid tokenHasScopes isActiveUser rateLimited error networkStatus }
           profiles { profileId }
         } }`,
    );
    expect(app.calls().sort()).toEqual(['getSocialConnectionsUsingGET', 'getSocialProfilesUsingGET']);
    for (const { connection } of data.socialProfiles)
      expect(connection.account.networkAccountId).toBeTruthy();
    expect(data.socialConnections[0].profiles).toHaveLength(2);
    const linkedIn = data.socialConnections.find((one: any) => one.account.network === 'LINKEDIN');
    expect(linkedIn.status).toMatchObject({ tokenIsValid: false, networkStatus: 401 });
    expect(data.socialConnections.at(-1).status.isActiveUser).toBe(false);
  });

  it('finds one profile by either id and as an entity, with one call', async () => {
    const [row] = profiles();
    const id = encodeGlobalId('SocialProfile', row!.profile_id);
    const data = await ask(
      `query ($raw: ID!, $id: ID!, $r: [_Any!]!) {
        raw: socialProfile(id: $raw) { name } node(id: $id) { ... on SocialProfile { name } } nobody: socialProfile(id: "nobody") { name }
        _entities(representations: $r) { ... on SocialProfile { name } }
      }`,
      { raw: row!.profile_id, id, r: [{ __typename: 'SocialProfile', profileId: row!.profile_id }] },
    );
    const { name } = row!;
    expect(data).toEqual({ raw: { name }, node: { name }, nobody: null, _entities: [{ name }] });
    expect(app.calls()).toEqual(['getSocialProfilesUsingGET']);
  });
});

describe('hashtag groups', () => {
  it('returns a page of five with the total in one call', async () => {
    const { socialHashtagGroups: groups } = await ask(
      '{ socialHashtagGroups { totalCount nodes { hashtagGroupId name hashtags } pageInfo { hasNextPage } } }',
    );
    expect(groups).toMatchObject({ totalCount: 12, pageInfo: { hasNextPage: true } });
    expect(groups.nodes).toHaveLength(5);
    expect(groups.nodes[0]).toMatchObject({
      name: 'New books',
      hashtags: expect.arrayContaining(['tbr']) as unknown,
    });
    expect(app.sandbox.journal.entries.map(({ query }) => query)).toEqual(['limit=5']);
  });

  it('report a number that does not fit an Int', async () => {
    app.sandbox.faults.script({
      operationId: 'getSocialHashtagGroupsUsingGET',
      fault: { kind: 'status', status: 200, body: { hashtag_groups: [], page: { total_elements: 2 ** 40 } } },
    });
    const { data, errors } = await app.query('{ socialHashtagGroups { totalCount nodes { name } } }');
    expect(data?.socialHashtagGroups).toEqual({ totalCount: null, nodes: [] });
    expect(errors).toMatchObject([
      { path: ['socialHashtagGroups', 'totalCount'], extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } },
    ]);
  });

  it('continues beyond a page and from a cursor', async () => {
    const all = await ask('{ socialHashtagGroups(first: 100) { nodes { name } pageInfo { hasNextPage } } }');
    expect(all.socialHashtagGroups.nodes).toHaveLength(12);
    expect(all.socialHashtagGroups.pageInfo.hasNextPage).toBe(false);
    expect(app.calls()).toHaveLength(3);
    const names: string[] = [];
    let after: string | null = null;
    do {
      const { socialHashtagGroups: page } = await ask(
        'query ($after: String) { socialHashtagGroups(first: 4, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      names.push(...page.nodes.map((node: any) => node.name));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(names).toEqual(all.socialHashtagGroups.nodes.map((node: any) => node.name));
  });
});

describe('createSocialPost', () => {
  const POST = `socialPost {
      campaignId name status statusRaw scheduledAt
      contents { contentId text images { imageId url } settings { network name value }
        targets { profileId profileName imageUrl network accountUsername campaignActivityId status statusAt postUrl profile { PROFILE } } }
    } userErrors { code field message }`;
  const post = async (input: object, profile = 'id profileId name network imageUrl') =>
    (
      await ask(
        `mutation ($input: CreateSocialPostInput!) { r: createSocialPost(input: $input) { ${POST.replace('PROFILE', profile)} } }`,
        { input },
      )
    ).r;

  it('returns settings as text, whatever they are', async () => {
    app.sandbox.faults.script({
      operationId: 'createSocialPostUsingPOST',
      fault: {
        kind: 'status',
        status: 200,
        body: { profile_posts: [{ settings: { tiktok: { seen: true, words: 'a' }, other: null } }] },
      },
    });
    const { socialPost } = await post({ status: 'DRAFT', contents: [{ text: 'x', profileIds: [] }] });
    expect(socialPost.contents[0].settings).toEqual([
      { network: 'tiktok', name: 'seen', value: 'true' },
      { network: 'tiktok', name: 'words', value: 'a' },
    ]);
  });

  it('creates a draft, whose profiles cost no call if the response includes them', async () => {
    const [a, b] = profiles();
    const { socialPost, userErrors } = await post({
      name: 'A <b>fair</b>',
      status: 'DRAFT',
      contents: [
        {
          text: 'Come',
          profileIds: [a!.profile_id, encodeGlobalId('SocialProfile', b!.profile_id)],
          imageUrls: ['https://www.example.com/a.png'],
          settings: [
            { network: 'tiktok', name: 'disable_duet', value: 'true' },
            { network: 'tiktok', name: 'disable_stitch', value: 'false' },
          ],
        },
        { profileIds: [] },
      ],
    });
    expect(userErrors).toEqual([]);
    expect(app.calls()).toEqual(['createSocialPostUsingPOST']);
    expect(socialPost).toMatchObject({
      name: 'A bfair/b',
      status: 'DRAFT',
      scheduledAt: null,
      contents: [
        {
          text: 'Come',
          images: [{ url: 'https://www.example.com/a.png' }],
          settings: [
            { network: 'tiktok', name: 'disable_duet', value: 'true' },
            { network: 'tiktok', name: 'disable_stitch', value: 'false' },
          ],
          targets: [
            {
              profileId: a!.profile_id,
              profileName: a!.name,
              imageUrl: a!.image_url,
              network: 'FACEBOOK',
              status: 'DRAFT',
              profile: { name: a!.name, network: 'FACEBOOK' },
            },
            { profileId: b!.profile_id },
          ],
        },
        { text: null, images: null, settings: null, targets: [] },
      ],
    });
  });

  it('schedules, and reads profiles once when more of their fields are selected', async () => {
    const [a] = profiles();
    const { socialPost } = await post(
      {
        status: 'SCHEDULED',
        scheduledAt: '2030-01-02T03:04:05Z',
        contents: [{ text: 'x', profileIds: [a!.profile_id] }],
      },
      'url handle',
    );
    expect(socialPost).toMatchObject({ status: 'SCHEDULED', scheduledAt: '2030-01-02T03:04:05.000Z' });
    expect(socialPost.contents[0].targets[0].profile).toEqual({ url: a!.url, handle: a!.handle });
    expect(app.calls()).toEqual(['createSocialPostUsingPOST', 'getSocialProfilesUsingGET']);
    expect(
      (await post({ status: 'SCHEDULED', contents: [{ text: 'now', profileIds: [a!.profile_id] }] }))
        .userErrors,
    ).toEqual([]);
  });

  it('rejects invalid input before any call', async () => {
    const profileIds = [profiles()[0]!.profile_id];
    const contents = [{ text: 'x', profileIds }];
    for (const status of [
      'EXECUTING',
      'ACTIVE',
      'PAUSED',
      'SUSPENDED',
      'REMOVED',
      'DONE',
      'ERROR',
      'UNKNOWN',
    ]) {
      const { data, errors } = await app.query(
        'mutation ($input: CreateSocialPostInput!) { createSocialPost(input: $input) { socialPost { name } } }',
        { variables: { input: { status, contents } } },
      );
      expect(data, status).toBeUndefined();
      expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    }
    for (const [input, code, field] of [
      [{ status: 'DRAFT', contents, scheduledAt: '2030-01-01T00:00:00Z' }, 'INVALID', 'scheduledAt'],
      [{ status: 'DRAFT', contents: [] }, 'REQUIRED', 'contents'],
      [{ status: 'SCHEDULED', contents: [{ profileIds: [] }] }, 'REQUIRED', 'contents.0.profileIds'],
      [{ status: 'DRAFT', contents: [{ profileIds: ['a/b'] }] }, 'INVALID_ID', 'contents.0.profileIds.0'],
      [
        { status: 'DRAFT', contents: [{ profileIds, imageUrls: ['ftp://x'] }] },
        'INVALID',
        'contents.0.imageUrls.0',
      ],
      [
        { status: 'DRAFT', contents: [{ profileIds, settings: [{ network: 'x', name: ' ', value: '' }] }] },
        'REQUIRED',
        'contents.0.settings.0.name',
      ],
    ] as const) {
      const [error] = (await post(input)).userErrors;
      expect([error.code, error.field.slice(1).join('.')]).toEqual([code, field]);
    }
    const { userErrors } = await post({
      status: 'DRAFT',
      scheduledAt: '2030-01-01T00:00:00Z',
      contents: [{ profileIds: ['a/b'] }, { profileIds: ['c/d'], imageUrls: ['ftp://x'] }],
    });
    expect(userErrors.map(({ field }: { field: string[] }) => field.slice(1).join('.'))).toEqual([
      'contents.0.profileIds.0',
      'contents.1.profileIds.0',
      'scheduledAt',
      'contents.1.imageUrls.0',
    ]);
    expect(app.calls()).toEqual([]);
    expect((await post({ status: 'DRAFT', contents: [{ profileIds: ['nobody'] }] })).userErrors[0].code).toBe(
      'REJECTED',
    );
  });
});
