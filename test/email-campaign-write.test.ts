import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../src/resolvers/support/global-id.js';
import { expectNoViolations, startApp, type TestApp } from './support/app.js';
import { campaignIn, draftIn } from './support/campaigns.js';

const UNKNOWN_ID = '06a100de-19b6-4266-874b-afff00ff6b01';
const FIELDS = 'campaignId name status statusRaw type typeRaw typeCode createdAt updatedAt';

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

const iso = (ms: number) => new Date(ms).toISOString();

describe('createEmailCampaign', () => {
  const content = {
    sender: { name: 'Robin', email: 'news@harborlight.example' },
    subject: 'Hello',
    htmlContent: '<html><body class="a"><p>Hi</p></body></html>',
  };
  const create = (input: object) =>
    app.query(
      `mutation ($input: CreateEmailCampaignInput!) { createEmailCampaign(input: $input) {
        emailCampaign { ${FIELDS} primaryActivity { campaignActivityId } activities { role } }
        userErrors { code field message } } }`,
      { variables: { input } },
    );

  it('creates a draft with one email for one call', async () => {
    const { data } = await create({
      name: 'Spring',
      activity: {
        ...content,
        sender: { ...content.sender, replyTo: 'events@harborlight.example' },
        preheader: 'And you?',
        insertTrackingImage: true,
        physicalAddressInFooter: { organizationName: 'Us', addressLine1: 'Here 1', countryCode: 'US' },
      },
    });
    const { emailCampaign, userErrors } = data.createEmailCampaign;
    expect(userErrors).toEqual([]);
    expect(emailCampaign).toMatchObject({ name: 'Spring', status: 'DRAFT', type: 'NEWSLETTER' });
    expect(emailCampaign.activities).toEqual([{ role: 'PRIMARY_EMAIL' }, { role: 'PERMALINK' }]);
    expect(app.calls()).toEqual(['createEmailCampaignUsingPOST']);
    const row = app.sandbox
      .account()
      .campaignActivities.get(emailCampaign.primaryActivity.campaignActivityId)!;
    expect(row).toMatchObject({
      format_type: 5,
      from_name: 'Robin',
      from_email: 'news@harborlight.example',
      reply_to_email: 'events@harborlight.example',
      preheader: 'And you?',
      html_content: '<html><body class="a">[[trackingImage]]<p>Hi</p></body></html>',
      physical_address_in_footer: { organization_name: 'Us', address_line1: 'Here 1', country_code: 'US' },
    });
  });

  it('accepts another format, and the sender is the default for the reply-to address', async () => {
    const { data } = await create({
      name: 'Four',
      activity: { ...content, format: 'FOURTH_GENERATION_EDITOR' },
    });
    const id = data.createEmailCampaign.emailCampaign.primaryActivity.campaignActivityId;
    const row = app.sandbox.account().campaignActivities.get(id)!;
    expect(row).toMatchObject({ format_type: 4, reply_to_email: 'news@harborlight.example' });
    expect(row.html_content).toBe(content.htmlContent);
  });

  it('reports a duplicate name', async () => {
    const { data } = await create({ name: draftIn(app).campaign.name, activity: content });
    expect(data.createEmailCampaign.emailCampaign).toBeNull();
    expect(data.createEmailCampaign.userErrors[0].code).toBe('ALREADY_EXISTS');
  });

  it.each([
    ['a long name', { name: 'n'.repeat(81) }, {}, ['name'], '80'],
    ['no name', { name: ' ' }, {}, ['name'], 'empty'],
    ['long HTML', {}, { htmlContent: 'h'.repeat(150_001) }, ['activity', 'htmlContent'], '150000'],
    ['a long preheader', {}, { preheader: 'p'.repeat(201) }, ['activity', 'preheader'], '200'],
    ['a long subject', {}, { subject: 's'.repeat(201) }, ['activity', 'subject'], '200'],
    [
      'a long sender name',
      {},
      { sender: { ...content.sender, name: 'n'.repeat(101) } },
      ['activity', 'sender', 'name'],
      '100',
    ],
    [
      'a long address',
      {},
      { sender: { ...content.sender, email: `${'a'.repeat(80)}@b.example` } },
      ['activity', 'sender', 'email'],
      '80',
    ],
    [
      'no address',
      {},
      { sender: { ...content.sender, replyTo: 'nobody' } },
      ['activity', 'sender', 'replyTo'],
      'not an email',
    ],
  ])('rejects %s before any call', async (_, input, activity, field, message) => {
    const { data } = await create({ name: 'N', ...input, activity: { ...content, ...activity } });
    const [error] = data.createEmailCampaign.userErrors;
    expect(error.field).toEqual(['input', ...field]);
    expect(error.message).toContain(message);
    expect(app.calls()).toEqual([]);
  });

  it('reports all errors together', async () => {
    const { data } = await create({ name: '', activity: { ...content, subject: '', htmlContent: '' } });
    expect(data.createEmailCampaign.userErrors).toHaveLength(3);
  });
});

describe('renameEmailCampaign and deleteEmailCampaign', () => {
  it('rename for one call', async () => {
    const { campaign } = draftIn(app);
    const rename = (name: string) =>
      app.query(
        `mutation ($id: ID!, $name: String!) { renameEmailCampaign(input: { id: $id, name: $name }) {
          emailCampaign { name updatedAt activities { role } } userErrors { code field } } }`,
        { variables: { id: campaign.campaign_id, name } },
      );
    const { data } = await rename('Another name');
    expect(data.renameEmailCampaign).toMatchObject({
      emailCampaign: { name: 'Another name', updatedAt: iso(now) },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['renameEmailCampaignUsingPATCH']);
    app.resetCalls();
    const long = await rename('n'.repeat(81));
    expect(long.data.renameEmailCampaign.userErrors).toEqual([
      { code: 'TOO_LONG', field: ['input', 'name'] },
    ]);
    expect(app.calls()).toEqual([]);
    const taken = await rename(campaignIn(app, 'DONE').campaign.name);
    expect(taken.data.renameEmailCampaign.userErrors[0].code).toBe('ALREADY_EXISTS');
  });

  it('delete a campaign, but not a scheduled one', async () => {
    const remove = (id: string) =>
      app.query(
        `mutation ($id: ID!) { deleteEmailCampaign(input: { id: $id }) {
          deletedCampaignId userErrors { code field message } } }`,
        { variables: { id } },
      );
    const { campaign } = draftIn(app);
    const { data } = await remove(encodeGlobalId('EmailCampaign', campaign.campaign_id));
    expect(data.deleteEmailCampaign).toEqual({ deletedCampaignId: campaign.campaign_id, userErrors: [] });
    expect(app.calls()).toEqual(['removeEmailCampaignUsingDELETE']);
    expect(campaign.status).toBe('REMOVED');
    const scheduled = await remove(campaignIn(app, 'SCHEDULED').campaign.campaign_id);
    expect(scheduled.data.deleteEmailCampaign.userErrors[0]).toMatchObject({
      code: 'REJECTED',
      field: ['input', 'id'],
    });
    expect(scheduled.data.deleteEmailCampaign.userErrors[0].message).toContain('unscheduled');
    expect((await remove(UNKNOWN_ID)).data.deleteEmailCampaign.userErrors[0].code).toBe('NOT_FOUND');
  });
});
