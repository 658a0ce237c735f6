import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';

/** Input that the API would refuse with a coarse key, or store as something else: refused before a call, with what to write instead. */
const { answering, ask, query, requests, sent } = scripted();

const id = (letter: string) => `${letter.repeat(8)}-0000-11ee-8000-000000000001`;
const userErrors = 'userErrors { code field message }';
const CREATE_CONTACT = `mutation ($input: CreateContactInput!) { createContact(input: $input) { contact { contactId } ${userErrors} } }`;
const IMPORT = `mutation ($input: ImportContactsInput!) { importContacts(input: $input) { bulkActivity { activityId } ${userErrors} } }`;
const SCHEDULE = `mutation ($input: ScheduleEmailCampaignActivityInput!) { scheduleEmailCampaignActivity(input: $input) { ${userErrors} } }`;
const CREATE_CAMPAIGN = `mutation ($input: CreateEmailCampaignInput!) { createEmailCampaign(input: $input) { ${userErrors} } }`;
const CREATE_FIELD = `mutation ($input: CreateCustomFieldInput!) { createCustomField(input: $input) { customField { customFieldId } ${userErrors} } }`;

const contact = { emailAddress: { address: 'a@b.example' }, createSource: 'ACCOUNT' };

describe('a day that does not exist is rejected before any call', () => {
  const days = ['6/31/2020', '13/13/2020', '2/29/2021', '2020-02-30', '2020/00/10', '02-30-2020', '0/1/2020'];

  it.each(days)('as the anniversary of a contact: %s', async (anniversary) => {
    await answering(() => ({}));
    const { createContact } = await ask(CREATE_CONTACT, { input: { ...contact, anniversary } });
    expect(createContact).toMatchObject({
      userErrors: [{ code: 'INVALID', field: ['input', 'anniversary'] }],
    });
    expect(requests()).toEqual([]);
  });

  it.each(['anniversary', 'smsConsentDate'])('as %s in an import', async (name) => {
    await answering(() => ({}));
    const contacts = days.map((day) => ({ email: 'a@b.example', [name]: day }));
    const { importContacts } = await ask(IMPORT, { input: { listIds: [id('a')], contacts } });
    expect(importContacts).toMatchObject({
      userErrors: days.map((_, row) => ({
        code: 'INVALID',
        field: ['input', 'contacts', String(row), name],
      })),
    });
    expect(requests()).toEqual([]);
  });

  it('but one that exists is sent unchanged', async () => {
    await answering(() => ({ contact_id: id('c') }));
    await ask(CREATE_CONTACT, { input: { ...contact, anniversary: '2/29/2020' } });
    expect(sent(0)).toMatchObject({ anniversary: '2/29/2020' });
  });
});

describe('a time', () => {
  const at = (scheduledAt: unknown) => ({ input: { activityId: id('e'), scheduledAt } });

  it.each([
    ['2027-12-01', '"2027-12-01" has no time. Write it with a time and a zone, as 2027-12-01T00:00:00Z.'],
    ['tomorrow', '"tomorrow" is not a time. Write it as "2027-12-01T10:00:00Z".'],
    ['2027-13-01T10:00:00Z', '"2027-13-01T10:00:00Z" is not a time. Write it as "2027-12-01T10:00:00Z".'],
    [1_800_000_000, 'A value that is not a string is not a time. Write it as "2027-12-01T10:00:00Z".'],
  ])('that is not one is rejected with an example: %s', async (value, message) => {
    await answering(() => ({}));
    const { errors } = await query(SCHEDULE, at(value));
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message).toContain(`"input.scheduledAt"; ${message}`);
    const literal = `{activityId: "${id('e')}", scheduledAt: ${JSON.stringify(value)}}`;
    const inline = await query(
      SCHEDULE.replace('($input: ScheduleEmailCampaignActivityInput!)', '').replace('$input', literal),
    );
    expect(inline.errors).toMatchObject([
      {
        message,
        locations: [{ line: 1 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false },
      },
    ]);
    expect(requests()).toEqual([]);
  });

  it.each(['2027-12-01T10:00:00', '2027-12-01T10', '2027-12-01 10:00'])(
    'without a time zone is rejected with an example of one: %s',
    async (text) => {
      await answering(() => ({}));
      const { errors } = await query(SCHEDULE, at(text));
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(
            /"input\.scheduledAt"; A time needs a zone, for example 2027-12-01T10:00:00-05:00\.$/,
          ),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
      const inline = await query(
        SCHEDULE.replace('($input: ScheduleEmailCampaignActivityInput!)', '').replace(
          '$input',
          `{activityId: "${id('e')}", scheduledAt: "${text}"}`,
        ),
      );
      expect(inline.errors?.[0]?.message).toContain('A time needs a zone');
      expect(requests()).toEqual([]);
    },
  );

  it.each(['2027-02-30T10:00:00Z', '2027-06-31T10:00:00-05:00', '2027-13-01T10:00:00Z'])(
    'on a day that does not exist is rejected: %s',
    async (text) => {
      await answering(() => ({}));
      const { errors } = await query(SCHEDULE, at(text));
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(requests()).toEqual([]);
    },
  );
});

describe('white space around a value is ignored where the API trims it', () => {
  const longest = `${'a'.repeat(68)}@example.org`;

  it('in the address of a contact', async () => {
    await answering(() => ({ contact_id: id('c') }));
    const input = { ...contact, emailAddress: { address: ` ${longest}   ` } };
    const { createContact } = await ask(CREATE_CONTACT, { input });
    expect(createContact).toMatchObject({ userErrors: [] });
    expect(sent(0)).toMatchObject({ email_address: { address: longest } });
  });

  it('in an import', async () => {
    await answering(() => ({ activity_id: id('f') }));
    const contacts = [{ email: `  ${'a'.repeat(38)}@example.org  `, smsNumber: ' +15550100 ' }];
    const { importContacts } = await ask(IMPORT, { input: { listIds: [id('a')], contacts } });
    expect(importContacts).toMatchObject({ userErrors: [] });
    expect(sent(0)).toMatchObject({
      import_data: [{ email: `${'a'.repeat(38)}@example.org`, sms_number: '+15550100' }],
    });
  });
});

it('an import has a field for each column of the API', async () => {
  await answering(() => ({ activity_id: id('f') }));
  const address = { street: '1', street2: '2', city: 'C', state: 'S', postalCode: 'Z', country: 'L' };
  const contacts = [
    { email: 'a@b.example', phone: '1', phoneNumbers: { home: '2', work: '3' }, streetAddress: address },
    { email: 'c@d.example', streetAddresses: { home: address, work: address, other: address } },
  ];
  const { importContacts } = await ask(IMPORT, { input: { listIds: [id('a')], contacts } });
  expect(importContacts).toMatchObject({ userErrors: [] });
  expect(requests()).toHaveLength(1);
  const columns = (prefix: string, country = `${prefix}country`) => ({
    [`${prefix}street`]: '1',
    [`${prefix}street2`]: '2',
    [`${prefix}city`]: 'C',
    [`${prefix}state`]: 'S',
    [`${prefix}zip`]: 'Z',
    [country]: 'L',
  });
  expect(sent(0)['import_data']).toEqual([
    { email: 'a@b.example', phone: '1', home_phone: '2', work_phone: '3', ...columns('') },
    { email: 'c@d.example', ...columns('home_', 'home country'), ...columns('work_'), ...columns('other_') },
  ]);
});

describe('an id of the V2 API', () => {
  it.each([
    ['contact', 'contactXrefs'],
    ['contactList', 'contactListXrefs'],
    ['emailCampaign', 'emailCampaignXrefs'],
    ['emailCampaignActivity', 'emailCampaignXrefs'],
  ])('passed to %s is rejected, naming the query that translates it: %s', async (field, xrefs) => {
    await answering(() => ({}));
    for (const id of ['1234567890', ' 7 ', '18446744073709551616']) {
      const { errors } = await query(`{ ${field}(id: "${id}") { id } }`);
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining(xrefs),
          extensions: { code: 'BAD_USER_INPUT', problem: 'INVALID_ID' },
        },
      ]);
    }
    expect(requests()).toEqual([]);
  });
});

describe('HTML with tags of the template language', () => {
  it.each(['[#', '${', '<@'])('is rejected, naming %s and its place', async (mark) => {
    await answering(() => ({}));
    const activity = {
      sender: { name: 'Zara', email: 'zara@example.org' },
      subject: 'News',
      htmlContent: `<html><body>\n  Hello ${mark}name}</body></html>`,
    };
    const input = { name: 'A campaign', activity };
    const { createEmailCampaign } = await ask(CREATE_CAMPAIGN, { input });
    expect(createEmailCampaign).toMatchObject({
      userErrors: [
        {
          code: 'INVALID',
          field: ['input', 'activity', 'htmlContent'],
          message: expect.stringContaining(`"${mark}" at line 2, column 9`),
        },
      ],
    });
    expect(requests()).toEqual([]);
  });
});

describe('a new custom field with choices', () => {
  it.each([
    ['SINGLE_SELECT', 'dropdown'],
    ['MULTI_SELECT', 'checkbox'],
  ])('%s without a display type is returned as a %s', async (type, display_type) => {
    await answering(() => ({ custom_field_id: id('f') }));
    const { createCustomField } = await ask(CREATE_FIELD, {
      input: { label: 'Size', type, choices: [{ label: 'S' }, { label: 'L' }] },
    });
    expect(createCustomField).toMatchObject({ userErrors: [] });
    expect(sent(0)).toMatchObject({ metadata: { display_type } });
  });

  it('keeps the display type of the input', async () => {
    await answering(() => ({ custom_field_id: id('f') }));
    const input = {
      label: 'Size',
      type: 'SINGLE_SELECT',
      metadata: { displayType: 'RADIO' },
      choices: [{ label: 'S' }],
    };
    await ask(CREATE_FIELD, { input });
    expect(sent(0)).toMatchObject({ metadata: { display_type: 'radio' } });
  });
});
