import { getNamedType, isEnumType, isIntrospectionType, isObjectType, type GraphQLEnumType } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSchema, type ExtensionBuilder } from '../src/index.js';
import type { EventRow, RegistrationRow } from '../src/sandbox/stores/event.js';
import { startApp, type TestApp } from './support/app.js';

/** One enum for one idea: what is read can be filtered by and written. */

let app: TestApp;
let event: EventRow;
let registrations: readonly RegistrationRow[];

beforeAll(async () => {
  app = await startApp({ sandbox: { contacts: 200 } });
  event = app.sandbox.account().events.find((row) => row.status === 'ACTIVE')!;
  registrations = app.sandbox.account().registrations.where('event', event.event_id);
});

beforeEach(() => {
  app.resetCalls();
});

afterEach(() => {
  app.sandbox.faults.clear();
});

afterAll(() => app.close());

async function ask(document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await app.query(document, { variables });
  expect(errors).toBeUndefined();
  return data;
}

describe('the schema', () => {
  const types = Object.values(buildSchema().getTypeMap()).filter((type) => !isIntrospectionType(type));
  const valuesOf = (type: GraphQLEnumType) => type.getValues().map(({ name }) => name);
  const isOpen = (type: unknown): type is GraphQLEnumType =>
    isEnumType(type) && valuesOf(type).includes('UNKNOWN');

  it('has no two enums with the same values', () => {
    const enums = types.filter(isEnumType).map((type) => [
      valuesOf(type)
        .filter((name) => name !== 'UNKNOWN')
        .sort()
        .join(' '),
      type.name,
    ]);
    expect(new Set(enums.map(([values]) => values)).size).toBe(enums.length);
  });

  it('has a raw field next to enums that can be UNKNOWN, and nowhere else', () => {
    const elsewhere: string[] = [];
    for (const type of types.filter(isObjectType)) {
      const fields = type.getFields();
      for (const name of Object.keys(fields).filter((one) => one.endsWith('Raw'))) {
        const beside = fields[name.slice(0, -'Raw'.length)];
        if (!isOpen(beside && getNamedType(beside.type))) elsewhere.push(`${type.name}.${name}`);
      }
    }
    expect(elsewhere).toEqual([]);
  });
});

describe('an enum value that was read', () => {
  it('filters and changes registrations through the same variable', async () => {
    const row = registrations.find((one) => one.registration_status === 'REGISTERED')!;
    const { event: read } = await ask(
      'query ($id: ID!, $status: EventRegistrationStatus!) { event(id: $id) { registrations(filter: { status: $status }) { nodes { status } } } }',
      { id: event.event_id, status: 'REGISTERED' },
    );
    expect(read.registrations.nodes[0].status).toBe('REGISTERED');
    app.resetCalls();
    app.sandbox.faults.script({
      operationId: 'getRegistrationInfo',
      fault: { kind: 'edit', edit: (body: object) => ({ ...body, registration_status: 'APPROVED' }) },
    });
    const { updateEventRegistrations } = await ask(
      `mutation ($e: ID!, $t: ID!, $r: [ID!]!, $status: EventRegistrationStatus!) {
        updateEventRegistrations(input: { eventId: $e, trackId: $t, registrationIds: $r, status: $status }) {
          results { registration { status statusRaw } } userErrors { message } } }`,
      { e: event.event_id, t: event.track.track_id, r: [row.registration_id], status: 'APPROVED' },
    );
    expect(updateEventRegistrations).toEqual({
      results: [{ registration: { status: 'APPROVED', statusRaw: 'APPROVED' } }],
      userErrors: [],
    });
    expect(app.calls()).toEqual(['updateRegistrationStatusUsingPUT', 'getRegistrationInfo']);
  });

  it('of an address is accepted by mutations, as is the source of a change', async () => {
    const row = [...app.sandbox.account().contacts].find(
      (one) => one.email?.permission_to_send === 'implicit',
    )!;
    const { contact } = await ask(
      'query ($id: ID!) { contact(id: $id) { createSource emailAddress { permissionToSend } } }',
      { id: row.contact_id },
    );
    app.resetCalls();
    const { updateContact } = await ask(
      `mutation ($id: ID!, $source: ContactSource, $permission: PermissionToSend) {
        updateContact(input: { id: $id, updateSource: $source, emailAddress: { permissionToSend: $permission } }) {
          contact { updateSource emailAddress { permissionToSend } } userErrors { message } } }`,
      { id: row.contact_id, source: 'CONTACT', permission: contact.emailAddress.permissionToSend },
    );
    expect(updateContact).toEqual({
      contact: { updateSource: 'CONTACT', emailAddress: { permissionToSend: 'IMPLICIT' } },
      userErrors: [],
    });
    expect(app.calls()).toEqual(['getContact', 'putContact']);
  });

  it('is sent in the format of the API', async () => {
    // With a payment: the API skips free ones.
    const row = registrations.find((one) => one.payment_status === 'PAID')!;
    for (const paymentStatus of ['PENDING', 'REFUNDED', 'FAILED', 'PAID']) {
      const { result } = await ask(
        `mutation ($input: UpdateEventRegistrationPaymentStatusInput!) {
          result: updateEventRegistrationPaymentStatus(input: $input) { results { updated } userErrors { message } } }`,
        {
          input: {
            eventId: event.event_id,
            trackId: event.track.track_id,
            registrationIds: [row.registration_id],
            paymentStatus,
          },
        },
      );
      expect(result).toEqual({ results: [{ updated: true }], userErrors: [] });
      expect(row.payment_status).toBe(paymentStatus);
    }
    const other = app.sandbox.account().events.find((one) => one.status === 'ACTIVE' && one !== event)!;
    const { updateEvent } = await ask(
      'mutation ($input: UpdateEventInput!) { updateEvent(input: $input) { event { status type } userErrors { message } } }',
      { input: { id: other.event_id, status: 'CANCELED', type: 'MUSIC_CONCERTS' } },
    );
    expect(updateEvent).toEqual({ event: { status: 'CANCELED', type: 'MUSIC_CONCERTS' }, userErrors: [] });
  });

  it.each([
    ['updateEvent', 'UpdateEventInput', { id: 'EVENT', status: 'DELETED' }, 'status'],
    ['createEvent', 'CreateEventInput', { name: 'Bee Walk', status: 'ERROR' }, 'status'],
    ['updateEventRegistrations', 'UpdateEventRegistrationsInput', { status: 'EXPIRED' }, 'status'],
    [
      'updateEventRegistrationPaymentStatus',
      'UpdateEventRegistrationPaymentStatusInput',
      { paymentStatus: 'CHARGED_BACK' },
      'paymentStatus',
    ],
    [
      'createContact',
      'CreateContactInput',
      { emailAddress: { address: 'rosa@example.org', permissionToSend: 'DELETED' } },
      'emailAddress.permissionToSend',
    ],
    [
      'upsertContact',
      'UpsertContactInput',
      { emailAddress: { address: 'rosa@example.org', permissionToSend: 'DELETED' } },
      'emailAddress.permissionToSend',
    ],
    [
      'createContact',
      'CreateContactInput',
      { firstName: 'Rosa', createSource: 'LANDING_PAGE' },
      'createSource',
    ],
    [
      'updateContact',
      'UpdateContactInput',
      { id: '06a100de-19b6-4266-874b-afff00ff6b01', firstName: 'Rosa', updateSource: 'LANDING_PAGE' },
      'updateSource',
    ],
    [
      'createEmailCampaign',
      'CreateEmailCampaignInput',
      {
        name: 'Bees',
        activity: {
          format: 'THIRD_GENERATION_EDITOR',
          sender: { name: 'Rosa', email: 'rosa@example.org' },
          subject: 'Bees',
          htmlContent: '<p>Bees</p>',
        },
      },
      'activity.format',
    ],
    [
      'importContacts',
      'ImportContactsInput',
      {
        contacts: [{ smsNumber: '+15550100123' }],
        listIds: ['06a100de-19b6-4266-874b-afff00ff6b01'],
        smsPermissionToSend: 'IMPLICIT',
      },
      'smsPermissionToSend',
    ],
    [
      'importContactsFromFile',
      'ImportContactsFromFileInput',
      {
        file: { text: 'email\nrosa@example.org\n' },
        listIds: ['06a100de-19b6-4266-874b-afff00ff6b01'],
        smsPermissionToSend: 'UNSUBSCRIBED',
      },
      'smsPermissionToSend',
    ],
    ['setPartnerPlan', 'SetPartnerPlanInput', { accountId: 'a07e1my9tbw0', type: 'TRIAL' }, 'type'],
  ] as [string, string, Record<string, unknown>, string][])(
    'is a user error before any call when it cannot be set: %s',
    async (mutation, type, given, field) => {
      const ids = mutation.includes('Registration') && {
        eventId: event.event_id,
        trackId: event.track.track_id,
        registrationIds: [registrations[0]!.registration_id],
      };
      const input = { ...given, ...ids, ...(given['id'] === 'EVENT' && { id: event.event_id }) };
      const { result } = await ask(
        `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { userErrors { code field } } }`,
        { input },
      );
      expect(result.userErrors).toContainEqual({
        code: 'NOT_ALLOWED',
        field: ['input', ...field.split('.')],
      });
      expect(app.calls()).toEqual([]);
    },
  );

  it.each([
    ['{ accountEmails(filter: { role: DEFAULT_FROM }) { emailId } }', 'DEFAULT_FROM'],
    ['{ bulkActivities(filter: { state: INITIALIZED }) { nodes { state } } }', 'INITIALIZED'],
    [
      '{ contacts(first: 1) { nodes { activityDetails(types: [EMAIL_SENT, LANDING_PAGE_SMS_OPT_IN]) { nodes { type } } } } }',
      'LANDING_PAGE_SMS_OPT_IN',
    ],
    [
      '{ event(id: "EVENT") { registrations(trackId: "TRACK", filter: { status: DECLINED }) { totalCount } } }',
      'DECLINED',
    ],
  ])('is rejected when the API cannot filter by it: %s', async (document, value) => {
    const { errors } = await app.query(
      document.replace('EVENT"', `${event.event_id}"`).replace('TRACK', event.track.track_id),
    );
    expect(errors?.[0]).toMatchObject({
      message: `${value} is not supported as a filter.`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('may be UNKNOWN in responses only', async () => {
    for (const [document, variables] of [
      ['{ events(filter: { status: UNKNOWN }) { totalCount } }', {}],
      ['query ($s: EventStatus) { events(filter: { status: $s }) { totalCount } }', { s: 'UNKNOWN' }],
      ['{ bulkActivities(filter: { state: UNKNOWN }) { nodes { state } } }', {}],
    ] as const) {
      const { data, errors } = await app.query(document, { variables });
      expect(data).toBeUndefined();
      expect(errors?.[0]?.message).toContain('stands in answers only.');
    }
    expect(app.calls()).toEqual([]);
  });
});

it('letter codes are enums, with the raw code next to them', async () => {
  const row = [...app.sandbox.account().contacts].find((one) => (one.sms?.history.length ?? 0) > 0)!;
  const details = [
    {
      state: 'O',
      source: 'S',
      consent_type: 'transactional_sms',
      consent_medium_type: 'CD',
      advertised_interval: 'W',
    },
    {
      state: 'E',
      source: 'A',
      consent_type: 'promotional_sms',
      consent_medium_type: 'FI',
      advertised_interval: 'M',
    },
    { state: '?', source: '', consent_type: 'ringtone' },
  ];
  app.sandbox.faults.script({
    operationId: 'getSmsEngagementHistory',
    fault: {
      kind: 'edit',
      edit: () =>
        details.map((history_details, at) => ({ sms_channel_history_id: String(at), history_details })),
    },
  });
  const { contact } = await ask(
    `{ contact(id: "${row.contact_id}") { smsEngagementHistory {
      state stateRaw source sourceRaw consentType consentMediumType consentMediumTypeRaw advertisedInterval advertisedIntervalRaw
    } } }`,
  );
  expect(contact.smsEngagementHistory).toEqual([
    {
      state: 'UNSUBSCRIBED',
      stateRaw: 'O',
      source: 'SYSTEM',
      sourceRaw: 'S',
      consentType: 'TRANSACTIONAL',
      consentMediumType: 'CARRIER_DEACTIVATION',
      consentMediumTypeRaw: 'CD',
      advertisedInterval: 'WEEK',
      advertisedIntervalRaw: 'W',
    },
    {
      state: 'EXPLICIT',
      stateRaw: 'E',
      source: 'ACCOUNT',
      sourceRaw: 'A',
      consentType: 'PROMOTIONAL',
      consentMediumType: 'FILE_IMPORT',
      consentMediumTypeRaw: 'FI',
      advertisedInterval: 'MONTH',
      advertisedIntervalRaw: 'M',
    },
    {
      state: 'UNKNOWN',
      stateRaw: '?',
      source: null,
      sourceRaw: '',
      consentType: 'UNKNOWN',
      consentMediumType: null,
      consentMediumTypeRaw: null,
      advertisedInterval: null,
      advertisedIntervalRaw: null,
    },
  ]);
  expect(app.calls()).toEqual(['getSmsEngagementHistory']);
});

it('an extended schema accepts the same values', () => {
  const schema = buildSchema({
    extend: (builder: ExtensionBuilder) => {
      builder.queryField('shop', (t) => t.string({ description: 'A shop.', resolve: () => 'x' }));
    },
  });
  for (const name of ['EventPaymentStatus', 'BounceReason', 'PhoneNumberKind']) {
    const type = schema.getType(name) as GraphQLEnumType;
    expect(() => type.parseValue('UNKNOWN')).toThrow('stands in answers only');
  }
  expect((schema.getType('BounceReason') as GraphQLEnumType).parseValue('BLOCKED')).toBe('Z');
  expect((schema.getType('PhoneNumberKind') as GraphQLEnumType).parseValue('HOME')).toBe('home');
});
