import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';

/** Ids beyond 2^53, which a `number` would round. */
const { start, query, requests } = scripted();

const LONG = '9007199254740993';
const LONGER = '1234567890123456789';
const UUID = '00000000-0000-11ee-8000-000000000001';

/** Answers with JSON as it is written here; by the path. */
const answers = (texts: Record<string, string>) =>
  start((response, { url, method }) => {
    const path = new URL(url, 'http://upstream').pathname.replace('/v3', '');
    const text = texts[`${method} ${path}`] ?? texts[path];
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(text ?? '[]');
  });
const globalId = (type: string, id: string) => Buffer.from(`${type}:${id}`).toString('base64');

describe('long ids keep all their digits', () => {
  it('in responses, global ids and queries by id', async () => {
    await answers({
      '/segments': `{"segments": [{"segment_id": ${LONG}, "name": "1234567890123456789 of them"}]}`,
      [`/segments/${LONG}`]: `{"name":"VIP","segment_id":${LONG},"segment_criteria":"{}"}`,
      '/account/emails': `[{"email_id" :${LONGER},"email_address":"zara@example.org","roles":[]}]`,
    });
    const { data, errors } = await query(
      `query ($id: ID!, $node: ID!) {
        segments { nodes { id segmentId name } }
        segment(id: $id) { segmentId name segmentCriteria }
        node(id: $node) { ... on AccountEmail { id emailId emailAddress } }
      }`,
      { id: globalId('Segment', LONG), node: globalId('AccountEmail', LONGER) },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      segments: {
        nodes: [{ id: globalId('Segment', LONG), segmentId: LONG, name: '1234567890123456789 of them' }],
      },
      segment: { segmentId: LONG, name: 'VIP' },
      node: { id: globalId('AccountEmail', LONGER), emailId: LONGER, emailAddress: 'zara@example.org' },
    });
    expect(requests()).toHaveLength(3);
  });

  it('in arguments that are sent in bodies, as numbers', async () => {
    await answers({ '/activities/contact_exports': `{"activity_id":"${UUID}","state":"initialized"}` });
    const { data, errors } = await query(
      `mutation ($id: ID!) { exportContacts(input: { source: { segmentId: $id } }) { bulkActivity { activityId } userErrors { message } } }`,
      { id: LONG },
    );
    expect(errors).toBeUndefined();
    expect(data.exportContacts).toEqual({ bulkActivity: { activityId: UUID }, userErrors: [] });
    expect(requests()[0]?.body).toContain(`"segment_id":${LONG}`);
  });

  it('when an update writes back what it read', async () => {
    const activity = `{"campaign_activity_id":"${UUID}","campaign_id":"${UUID}","role":"primary_email","current_status":"DRAFT",
      "format_type":5,"from_name":"Zara","from_email":"zara@example.org","reply_to_email":"zara@example.org","subject":"Old",
      "contact_list_ids":[],"segment_ids":[${LONG}],"html_content":"<html></html>"}`;
    await answers({ [`/emails/activities/${UUID}`]: activity });
    const { data, errors } = await query(
      `mutation ($id: ID!) { updateEmailCampaignActivity(input: { activityId: $id, subject: "New" }) {
        activity { subject recipients { segment { segmentId } } } userErrors { message } } }`,
      { id: UUID },
    );
    expect(errors).toBeUndefined();
    expect(data.updateEmailCampaignActivity).toEqual({
      activity: { subject: 'Old', recipients: { segment: { segmentId: LONG } } },
      userErrors: [],
    });
    const [, put] = requests();
    expect(put?.method).toBe('PUT');
    expect(put?.body).toContain(`"segment_ids":[${LONG}]`);
  });
});
