import { describe, expect, it } from 'vitest';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** An update keeps everything that its input omits, whether the contract has it or not. */
const { start, query, requests } = scripted();

const ID = '00000000-0000-11ee-8000-000000000001';
const OTHER = '00000000-0000-11ee-8000-000000000002';
const UNKNOWN = { new_property: { of: ['the', 'API'], empty: null }, another: 0 };

type Json = Record<string, any>;

interface Update {
  /** Besides the changes. */
  input: Json;
  /** Selection of the payload that needs no further call. */
  selection: string;
  /** Properties of the API that a write accepts. */
  object: Json;
  /** The same as a read answers with it, with what only reads tell. */
  read: (object: Json) => unknown;
  /** Body of the write for the updated object. Default: the object itself. */
  body?: (object: Json) => unknown;
  /** Payload after the first change, where the response of the API has only an id. */
  shown: Json;
  /** Body after each change. */
  changes: [change: Json, after: (object: Json) => Json][];
}

/** The object with another value at the end of a path. */
function setting(path: string, value: unknown): (object: Json) => Json {
  return (object) => {
    const keys = path.split('.');
    const last = keys.pop()!;
    const inner = keys.reduce<Json>((here, key) => here[key], object);
    if (value === undefined) delete inner[last];
    else inner[last] = value;
    return object;
  };
}

const readOnly = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-02T00:00:00Z', deleted_at: null };

const CONTACT = {
  first_name: 'Ada',
  last_name: 'Byron',
  job_title: 'Analyst',
  company_name: 'Engines',
  birthday_month: 12,
  birthday_day: 10,
  anniversary: '2020-01-02',
  email_address: { address: 'ada@example.org', permission_to_send: 'implicit', ...UNKNOWN },
  ...UNKNOWN,
};

const PARTS = {
  custom_fields: [
    { custom_field_id: ID, value: 'one', ...UNKNOWN },
    { custom_field_id: OTHER, choice_ids: ['1'], ...UNKNOWN },
  ],
  phone_numbers: [
    { kind: 'home', phone_number: '1', ...UNKNOWN },
    { kind: 'work', phone_number: '2', ...UNKNOWN },
  ],
  street_addresses: [
    { kind: 'home', street: 'S', city: 'C', state: 'ST', postal_code: 'P', country: 'CO', ...UNKNOWN },
    { kind: 'work', street: 'S2', ...UNKNOWN },
  ],
  notes: [{ note_id: ID, created_at: readOnly.created_at, content: 'one', ...UNKNOWN }],
};

const readContact = (object: Json): Json => ({
  ...object,
  ...PARTS,
  ...readOnly,
  contact_id: ID,
  create_source: 'Account',
  email_address: { ...object.email_address, ...readOnly, confirm_status: 'off', opt_in_source: 'Account' },
  street_addresses: PARTS.street_addresses.map((one) => ({ ...one, ...readOnly, street_address_id: ID })),
  phone_numbers: PARTS.phone_numbers.map((one) => ({ ...one, ...readOnly, create_source: 'Account' })),
  _links: { self: { href: '/v3/contacts/1' } },
});

const contactBody = (object: Json) => ({ ...object, update_source: 'Account' });

const contactChanges: Update['changes'] = [
  [{ firstName: 'New' }, setting('first_name', 'New')],
  [{ lastName: null }, setting('last_name', undefined)],
  [{ jobTitle: 'New' }, setting('job_title', 'New')],
  [{ companyName: 'New' }, setting('company_name', 'New')],
  [{ anniversary: null }, setting('anniversary', undefined)],
  [{ birthday: { month: 12, day: 11 } }, setting('birthday_day', 11)],
  [
    { streetAddresses: [{ kind: 'HOME', city: 'New' }, { kind: 'WORK' }] },
    (object) => ({
      ...object,
      street_addresses: [{ ...PARTS.street_addresses[0], city: 'New' }, PARTS.street_addresses[1]],
    }),
  ],
  [
    { streetAddresses: [{ kind: 'WORK', street: null }] },
    (object) => ({ ...object, street_addresses: [{ kind: 'work', ...UNKNOWN }] }),
  ],
  [
    {
      phoneNumbers: [
        { kind: 'WORK', number: '3' },
        { kind: 'MOBILE', number: '4' },
      ],
    },
    (object) => ({
      ...object,
      phone_numbers: [
        { ...PARTS.phone_numbers[1], phone_number: '3' },
        { kind: 'mobile', phone_number: '4' },
      ],
    }),
  ],
  [
    { customFields: [{ fieldId: ID, value: { text: 'new' } }, { fieldId: OTHER }] },
    (object) => ({
      ...object,
      custom_fields: [{ ...PARTS.custom_fields[0], value: 'new' }, PARTS.custom_fields[1]],
    }),
  ],
  [
    { customFields: [{ fieldId: ID, value: null }] },
    (object) => ({ ...object, custom_fields: [PARTS.custom_fields[1]] }),
  ],
  [
    { notes: [{ noteId: ID, content: 'new' }] },
    (object) => ({ ...object, notes: [{ ...PARTS.notes[0], content: 'new' }] }),
  ],
  [{ addNotes: ['new'] }, (object) => ({ ...object, notes: [{ content: 'new' }, PARTS.notes[0]] })],
];

const ADDRESS = {
  address_type: 'EVENT',
  location_name: 'Hall',
  line1: '1 High St',
  line2: 'Floor 2',
  city: 'Boston',
  state: 'Massachusetts',
  state_code: 'MA',
  postal_code: '02110',
  country: 'United States',
  country_code: 'US',
  latitude: 42.3,
  longitude: -71,
  ...UNKNOWN,
};

const TRIGGER = {
  type: 'Action',
  action_name: 'list_join',
  unique_by: 'list_ids',
  bounds: { after: 'P0D', before: 'P1D', ...UNKNOWN },
  trigger_date: { type: 'Profile', date_field: 'record.anniversary', ...UNKNOWN },
  parameters: [
    { parameter_name: 'list_ids', type: 'LIST', parameter_list_value: [ID], ...UNKNOWN },
    { parameter_name: 'url', type: 'STRING', operator: 'EQUALS', parameter_string_value: 'u', ...UNKNOWN },
  ],
  ...UNKNOWN,
};
const trigger = (change: Json) => ({ draft: { trigger: { type: 'Action', ...change } } });
const TRIGGER_DEF = 'draft_definition.trigger.trigger_def';

const eventPart = (part: string) => (object: Json) => ({ [part]: object[part] });

const UPDATES: Record<string, Update> = {
  updateContactList: {
    input: { id: ID },
    selection: 'contactList { name description favorite createdAt }',
    shown: {
      contactList: { name: 'New', description: 'D', favorite: true, createdAt: '2026-01-01T00:00:00.000Z' },
    },
    object: { name: 'L', description: 'D', favorite: true, ...UNKNOWN },
    read: (object) => ({ ...object, ...readOnly, list_id: ID, membership_count: 7 }),
    changes: [
      [{ name: 'New' }, setting('name', 'New')],
      [{ description: 'New' }, setting('description', 'New')],
      [{ description: null }, setting('description', '')],
      [{ favorite: null }, setting('favorite', false)],
      [
        { name: 'New', description: 'New', favorite: false },
        (object) => ({ ...object, name: 'New', description: 'New', favorite: false }),
      ],
    ],
  },
  updateContact: {
    input: { id: ID },
    selection: 'contact { firstName lastName createdAt }',
    shown: { contact: { firstName: 'New', lastName: 'Byron', createdAt: '2026-01-01T00:00:00.000Z' } },
    object: CONTACT,
    read: readContact,
    body: contactBody,
    changes: [
      ...contactChanges,
      [
        { emailAddress: { permissionToSend: 'NOT_SET' } },
        setting('email_address.permission_to_send', 'not_set'),
      ],
      [{ emailAddress: { address: 'new@example.org' } }, setting('email_address.address', 'new@example.org')],
    ],
  },
  upsertContact: {
    input: { emailAddress: { address: 'ada@example.org' } },
    selection: 'contact { firstName lastName createdAt }',
    shown: { contact: { firstName: 'New', lastName: 'Byron', createdAt: '2026-01-01T00:00:00.000Z' } },
    object: CONTACT,
    read: (object) => ({ contacts: [readContact(object)] }),
    body: contactBody,
    changes: contactChanges,
  },
  updateAccountPhysicalAddress: {
    input: {},
    selection: 'physicalAddress { addressLine1 city }',
    shown: { physicalAddress: { addressLine1: 'New', city: 'Waltham' } },
    object: {
      address_line1: '1',
      address_line2: '2',
      address_line3: '3',
      city: 'Waltham',
      state_code: 'MA',
      postal_code: '02451',
      country_code: 'US',
      ...UNKNOWN,
    },
    read: (object) => object,
    changes: [
      [{ addressLine1: 'New' }, setting('address_line1', 'New')],
      [{ addressLine2: null }, setting('address_line2', undefined)],
      [{ addressLine3: 'New' }, setting('address_line3', 'New')],
      [{ city: 'New' }, setting('city', 'New')],
      [{ stateCode: 'NH' }, setting('state_code', 'NH')],
      [{ postalCode: '02452' }, setting('postal_code', '02452')],
    ],
  },
  updateCustomField: {
    input: { id: ID },
    selection: 'customField { label type createdAt }',
    shown: { customField: { label: 'New', type: 'SINGLE_SELECT', createdAt: '2026-01-01T00:00:00.000Z' } },
    object: {
      label: 'F',
      choices: [
        { choice_id: 1, choice_label: 'One', display_order: 1, ...UNKNOWN },
        { choice_id: 2, choice_label: 'Two', display_order: 2, ...UNKNOWN },
      ],
      ...UNKNOWN,
    },
    read: (object) => ({
      ...object,
      ...readOnly,
      custom_field_id: ID,
      name: 'f',
      type: 'single_select',
      version: 1,
      metadata: { display_type: 'dropdown' },
      choices: object.choices.map((choice: Json) => ({ ...choice, ...readOnly, custom_field_id: ID })),
    }),
    changes: [
      [{ label: 'New' }, setting('label', 'New')],
      [
        { choices: [{ choiceId: '1', label: 'New' }, { choiceId: '2' }] },
        setting('choices.0.choice_label', 'New'),
      ],
      [
        { choices: [{ choiceId: '1', displayOrder: 5 }, { choiceId: '2' }] },
        setting('choices.0.display_order', 5),
      ],
    ],
  },
  updateSegment: {
    input: { id: '7' },
    selection: 'segment { name createdAt }',
    shown: { segment: { name: 'S', createdAt: '2026-01-01T00:00:00.000Z' } },
    object: { name: 'S', segment_criteria: '{"criteria":{}}', ...UNKNOWN },
    read: (object) => ({ ...object, created_at: readOnly.created_at, segment_id: 7 }),
    changes: [[{ segmentCriteria: { a: 1 } }, setting('segment_criteria', '{"a":1}')]],
  },
  updateEmailCampaignActivity: {
    input: { activityId: ID },
    selection: 'activity { subject preheader }',
    shown: { activity: { subject: 'S', preheader: 'P' } },
    object: {
      from_name: 'Ada',
      from_email: 'ada@example.org',
      reply_to_email: 'answers@example.org',
      subject: 'S',
      preheader: 'P',
      contact_list_ids: [ID],
      html_content: '<html><body>[[trackingImage]]</body></html>',
      document_id: 'd1',
      physical_address_in_footer: {
        organization_name: 'Engines',
        address_line1: '1',
        address_line2: '2',
        address_line3: '3',
        address_optional: '4',
        city: 'Waltham',
        state_code: 'MA',
        postal_code: '02451',
        country_code: 'US',
        ...UNKNOWN,
      },
      document_properties: {
        style_content: 'a {}',
        text_content: 'T',
        greeting_salutation: 'Dear',
        greeting_name_type: 'F',
        subscribe_link_enabled: 'true',
        subscribe_link_name: 'Join',
        ...UNKNOWN,
      },
      ...UNKNOWN,
    },
    read: (object) => ({
      ...object,
      campaign_activity_id: ID,
      campaign_id: OTHER,
      role: 'primary_email',
      current_status: 'Draft',
      format_type: 1,
      permalink_url: 'https://example.org',
      physical_address_in_footer: { ...object.physical_address_in_footer, country_name: 'United States' },
      document_properties: { ...object.document_properties, letter_format: 'XHTML' },
    }),
    changes: [
      [{ sender: { name: 'New' } }, setting('from_name', 'New')],
      [{ sender: { email: 'new@example.org' } }, setting('from_email', 'new@example.org')],
      [{ sender: { replyTo: 'new@example.org' } }, setting('reply_to_email', 'new@example.org')],
      [{ subject: 'New' }, setting('subject', 'New')],
      [{ preheader: null }, setting('preheader', '')],
      [{ recipients: { listIds: [OTHER] } }, setting('contact_list_ids', [OTHER])],
      [{ documentId: null }, setting('document_id', undefined)],
      ...Object.entries({
        organizationName: 'organization_name',
        addressLine1: 'address_line1',
        addressLine2: 'address_line2',
        addressLine3: 'address_line3',
        addressOptional: 'address_optional',
        city: 'city',
        stateCode: 'state_code',
        stateNonUsName: 'state_non_us_name',
        postalCode: 'postal_code',
        countryCode: 'country_code',
      }).map(([name, wire]): Update['changes'][number] => [
        { physicalAddressInFooter: { [name]: 'NE' } },
        setting(`physical_address_in_footer.${wire}`, 'NE'),
      ]),
      [
        { physicalAddressInFooter: { addressLine2: null } },
        setting('physical_address_in_footer.address_line2', undefined),
      ],
      [{ documentProperties: { textContent: 'New' } }, setting('document_properties.text_content', 'New')],
      [
        { documentProperties: { subscribeLinkEnabled: null } },
        setting('document_properties.subscribe_link_enabled', 'false'),
      ],
    ],
  },
  updateAutomation: {
    input: { id: ID },
    selection: 'automation { name status }',
    shown: { automation: { name: 'New', status: 'Draft' } },
    object: {
      id: ID,
      name: 'A',
      description: 'D',
      status: 'Draft',
      name_explicitly_set: true,
      structured_tags: [{ key: 'GOAL', value: 'g', display_value: 'G', ...UNKNOWN }],
      draft_definition: { state: 'Draft', trigger: { trigger_def: TRIGGER }, ...UNKNOWN },
      active_definition: { state: 'Active', ...UNKNOWN },
      ...UNKNOWN,
    },
    read: (object) => object,
    body: (object) => ({ automation_flow: object }),
    changes: [
      [{ name: 'New' }, setting('name', 'New')],
      [{ description: null }, setting('description', undefined)],
      [{ status: 'New' }, setting('status', 'New')],
      [{ nameExplicitlySet: false }, setting('name_explicitly_set', false)],
      [{ tags: [{ key: 'GOAL', value: 'g' }] }, (object) => object],
      [{ activeDefinition: null }, setting('active_definition', undefined)],
      [{ draft: null }, setting('draft_definition', undefined)],
      [trigger({ actionName: 'new' }), setting(`${TRIGGER_DEF}.action_name`, 'new')],
      [trigger({ uniqueBy: null }), setting(`${TRIGGER_DEF}.unique_by`, undefined)],
      [trigger({ bounds: { after: 'P7D' } }), setting(`${TRIGGER_DEF}.bounds.after`, 'P7D')],
      [trigger({ date: { type: 'New' } }), setting(`${TRIGGER_DEF}.trigger_date.type`, 'New')],
      [
        trigger({ listIds: [OTHER] }),
        (object) => {
          const { parameters } = object.draft_definition.trigger.trigger_def;
          parameters[0].parameter_list_value = [OTHER];
          parameters.reverse();
          return object;
        },
      ],
      [
        trigger({ parameters: [{ name: 'url', operator: 'CONTAINS' }] }),
        setting(`${TRIGGER_DEF}.parameters.1.operator`, 'CONTAINS'),
      ],
    ],
  },
  ...eventUpdates({
    address: {
      part: 'location',
      object: ADDRESS,
      names: {
        venue: 'location_name',
        line1: 'line1',
        line2: 'line2',
        city: 'city',
        state: 'state',
        stateCode: 'state_code',
        postalCode: 'postal_code',
        country: 'country',
        countryCode: 'country_code',
      },
    },
    online_meeting: {
      part: 'onlineMeeting',
      object: {
        enabled_flag: true,
        url: 'u',
        label: 'l',
        instructions: 'i',
        provider_type: 'ZOOM',
        ...UNKNOWN,
      },
      names: { url: 'url', label: 'label', instructions: 'instructions' },
      lasting: { provider: 'provider_type' },
    },
    contact: {
      part: 'contact',
      object: {
        name: 'Ada',
        organization_name: 'Engines',
        email_address: 'a@example.org',
        from_email_address: 'b@example.org',
        phone_number: '1',
        ...UNKNOWN,
      },
      names: { email: 'email_address', fromEmail: 'from_email_address' },
      lasting: { name: 'name', organizationName: 'organization_name', phone: 'phone_number' },
    },
    default_track: {
      part: 'track',
      object: {
        items_header: 'I',
        tickets_header: 'T',
        overall_ticket_capacity: 10,
        registration_type: 'TICKET',
        promo_codes: [{ id: 'p', name: 'BEES', discount_percent: 10, ...UNKNOWN }],
        media_assets: [{ internal_id: 'm', external_url: 'u', ...UNKNOWN }],
        ...UNKNOWN,
      },
      names: { itemsHeader: 'items_header', ticketsHeader: 'tickets_header' },
      lasting: { registrationType: 'registration_type' },
      more: [
        [{ promoCodes: [{ promoCodeId: 'p', name: 'WASPS' }] }, setting('promo_codes.0.name', 'WASPS')],
        [
          { promoCodes: [{ promoCodeId: 'p', name: 'BEES', discountPercent: null }] },
          setting('promo_codes.0.discount_percent', undefined),
        ],
        [{ mediaAssets: [{ internalId: 'm', type: 'BNR' }] }, setting('media_assets.0.media_type', 'BNR')],
      ],
    },
    event_metadata: {
      part: 'features',
      object: { items_enabled: true, paid_event: true, promo_codes_enabled: true, ...UNKNOWN },
      names: {},
      more: [
        [{ items: false }, setting('items_enabled', false)],
        [{ payment: null }, setting('paid_event', false)],
      ],
    },
  }),
};

interface EventPart {
  part: string;
  object: Json;
  /** Texts that can be emptied, and texts that cannot. */
  names: Record<string, string>;
  lasting?: Record<string, string>;
  more?: [Json, (object: Json) => Json][];
}

/** Updates of an event, one for each of its parts by their names of the API. */
function eventUpdates(parts: Record<string, EventPart>): Record<string, Update> {
  return Object.fromEntries(
    Object.entries(parts).map(([wire, { part, object, names, lasting = {}, more = [] }]) => {
      const changes: EventPart['more'] = [
        ...Object.entries({ ...names, ...lasting }).map(([name, property]): [Json, (one: Json) => Json] => [
          { [name]: 'NE' },
          setting(property, 'NE'),
        ]),
        ...Object.entries(names).map(([name, property]): [Json, (one: Json) => Json] => [
          { [name]: null },
          setting(property, ''),
        ]),
        ...more,
      ];
      return [
        `updateEvent ${part}`,
        {
          input: { id: ID },
          selection: 'event { eventId }',
          shown: { event: { eventId: ID } },
          object: { [wire]: object },
          read: (event: Json) => ({
            event_id: ID,
            campaign_id: ID,
            name: 'E',
            ...UNKNOWN,
            [wire]: {
              ...event[wire],
              ...(wire === 'default_track' && { track_id: 't', items: [{ name: 'x' }] }),
            },
          }),
          body: eventPart(wire),
          changes: changes.map(([change, after]): Update['changes'][number] => [
            { [part]: change },
            (event) => ({ [wire]: after(event[wire]) }),
          ]),
        },
      ];
    }),
  );
}

const CASES = Object.entries(UPDATES).flatMap(([name, update]) =>
  update.changes.map(([change, after]) => ({ name, update, change, after, what: JSON.stringify(change) })),
);

describe('an update', () => {
  it.each(CASES)('of one field keeps all others: $name $what', async ({ name, update, change, after }) => {
    const { input, selection, shown, object, read, body = (one) => one } = update;
    const [mutation = ''] = name.split(' ');
    const isEvent = mutation === 'updateEvent';
    const answer = read(structuredClone(object)) as Json;
    const ids = ['list_id', 'contact_id', 'custom_field_id', 'segment_id', 'campaign_activity_id', 'id'];
    const known = Object.fromEntries(ids.flatMap((id) => (id in answer ? [[id, answer[id]]] : [])));
    await start((response, { method }) => {
      if (method === 'GET') json(response, 200, answer);
      else if (isEvent) response.writeHead(204).end();
      // The barest answer: what it leaves out is what was sent and read.
      else json(response, 200, { name: undefined, ...bare(mutation), ...known });
    });
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const text = `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${selection} userErrors { code field message } } }`;
    const { data, errors } = await query(text, { input: { ...input, ...change } });
    expect(errors).toBeUndefined();
    expect(data.result.userErrors).toEqual([]);
    if (change === update.changes[0]?.[0]) expect(data.result).toMatchObject(shown);
    expect(requests().map(({ method }) => method)).toEqual(['GET', isEvent ? 'PATCH' : 'PUT']);
    const expected = body(after(structuredClone(object)));
    expect(JSON.parse(requests()[1]!.body)).toEqual(expected);
  });
});

/** Without the properties that the contract does not have, at any depth. */
function declared(value: any): any {
  if (Array.isArray(value)) return value.map(declared);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([name]) => !(name in UNKNOWN));
  return Object.fromEntries(known.map(([name, child]) => [name, declared(child)]));
}

describe('an update whose unknown properties the API refuses', () => {
  it.each(
    Object.entries(UPDATES).flatMap(([name, update]) =>
      [400, 415, 422].map((status) => ({ name, update, status })),
    ),
  )('is sent once more without them: $name, $status', async ({ name, update, status }) => {
    const { input, selection, shown, object, read, body = (one) => one } = update;
    const [change, after] = update.changes[0]!;
    const [mutation = ''] = name.split(' ');
    const isEvent = mutation === 'updateEvent';
    const answer = read(structuredClone(object)) as Json;
    const ids = ['list_id', 'contact_id', 'custom_field_id', 'segment_id', 'campaign_activity_id', 'id'];
    const known = Object.fromEntries(ids.flatMap((id) => (id in answer ? [[id, answer[id]]] : [])));
    await start((response, { method, body: sent }) => {
      if (method === 'GET') json(response, 200, answer);
      else if (sent.includes('new_property') || sent.includes('"another"'))
        json(response, status, [{ error_key: 'validation.error', error_message: 'new_property is unknown' }]);
      else if (isEvent) response.writeHead(204).end();
      else json(response, 200, { ...bare(mutation), ...known });
    });
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const text = `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${selection} userErrors { code field message } } }`;
    const { data, errors } = await query(text, { input: { ...input, ...change } });
    expect(errors).toBeUndefined();
    expect(data.result).toMatchObject({ ...shown, userErrors: [] });
    const write = isEvent ? 'PATCH' : 'PUT';
    expect(requests().map(({ method }) => method)).toEqual(['GET', write, write]);
    expect(JSON.parse(requests()[2]!.body)).toEqual(declared(body(after(structuredClone(object)))));
  });
});

/** Something of an answer that the contract knows, where an id is not enough. */
function bare(mutation: string): Json {
  return mutation === 'updateAccountPhysicalAddress'
    ? { country_code: 'US' }
    : mutation === 'upsertContact'
      ? { contact_id: ID }
      : {};
}
