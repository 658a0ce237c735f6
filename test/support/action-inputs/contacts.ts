import type { TestApp } from '../app.js';
import { contactWith, exportActivity, exportedFile, found } from '../records.js';
import { ids, lastContacts, type ActionInputs } from './records.js';

const NAMES = {
  first_name: 'Wilhelmina',
  last_name: 'Thistlewood',
  job_title: 'Head Gardener',
  company_name: 'Meadow and Sons',
};
const PHONES = [{ kind: 'MOBILE', number: '555-0142' }];
const ADDRESS = {
  kind: 'HOME',
  street: '12 Orchard Lane',
  city: 'Waltham',
  state: 'MA',
  postalCode: '02451',
  country: 'USA',
};
const PARTS = {
  include_custom_fields: true,
  include_list_memberships: true,
  include_taggings: true,
  include_phone_numbers: true,
  include_street_addresses: true,
  include_notes: true,
};
const QUIET = {
  version: '1.0.0',
  criteria: {
    type: 'and',
    group: [
      {
        source: 'tracking',
        field: 'not_opened',
        op: 'contains-any',
        const_value: 'last-n-campaigns',
        param: '5',
      },
    ],
  },
};
const PERIOD = { start: '2024-01-01T00:00:00Z', end: '2028-12-31T00:00:00Z' };

export const CONTACT_INPUTS: ActionInputs = {
  add_contact_taggings: (app) => bulk(app, 'tag_ids'),
  remove_contact_tagging: (app) => bulk(app, 'tag_ids'),
  remove_contact_taggings: (app) => bulk(app, 'tag_ids'),
  add_list_memberships: (app) => bulk(app, 'list_ids'),
  remove_list_memberships: (app) => bulk(app, 'list_ids'),
  count_contact_consents: () => [{ include_new_subscriber: true }],
  create_contact: (app) => [
    {
      ...NAMES,
      email_address: { address: 'w.thistlewood@example.com', permissionToSend: 'EXPLICIT' },
      phone_numbers: PHONES,
      street_addresses: [ADDRESS],
      custom_fields: [{ fieldId: textField(app).custom_field_id, value: { text: 'Peonies' } }],
      list_ids: ids(app).listIds,
      tag_ids: ids(app).tagIds,
      create_source: 'CONTACT',
    },
  ],
  create_contact_from_sign_up_form: (app) => [
    {
      ...NAMES,
      list_memberships: ids(app).listIds,
      email_address: 'signed.up@example.com',
      birthday: { month: 2, day: 29 },
      anniversary: '2019-06-14',
      phone_number: '555-0143',
      street_address: ADDRESS,
      custom_fields: [{ fieldId: textField(app).custom_field_id, value: 'Dahlias' }],
      sms_channel: {
        smsAddress: '5550100124',
        dialCode: '1',
        countryCode: 'US',
        permission: 'EXPLICIT',
        mediumType: 'WEB_FORM',
        mediumUrl: 'https://garden.example/join',
        mediumDetails: 'Form at the gate',
        advertisedFrequency: 4,
        advertisedInterval: 'MONTHLY',
      },
    },
  ],
  update_contact: (app) => [
    {
      ...NAMES,
      contact_id: contactWith(app, (row) => row.email?.permission_to_send === 'explicit'),
      email_address: { address: 'moved@example.com' },
      phone_numbers: PHONES,
      street_addresses: [ADDRESS],
      custom_fields: [{ fieldId: textField(app).custom_field_id, value: { text: 'Asters' } }],
      list_ids: ids(app).listIds,
      tag_ids: ids(app).tagIds,
      update_source: 'ACCOUNT',
    },
  ],
  get_contact: (app) => [{ contact_id: ids(app).contactId, ...PARTS }],
  list_contacts: (app) => [
    {
      limit: 3,
      status: ['ACTIVE', 'UNSUBSCRIBED'],
      lists: ids(app).listIds,
      updated_after: '2010-01-01T00:00:00Z',
      include_count: true,
      ...PARTS,
    },
    { limit: 4, tags: ids(app).tagIds },
    { email: 'nobody@example.com' },
    { limit: 5, segment_id: ids(app).segmentId },
  ],
  resubscribe_contact: (app) => [
    {
      contact_id: contactWith(app, (row) => row.email?.permission_to_send === 'unsubscribed'),
      list_ids: ids(app).listIds,
    },
  ],
  delete_contact: (app) => [{ contact_id: lastContacts(app, 1)[0] }],
  delete_contacts_activity: (app) => [
    { source: { contactIds: lastContacts(app, 2, 1) } },
    { source: { listIds: [lastList(app)] } },
  ],
  get_contact_activity_summary_report: (app) => [{ contact_id: ids(app).contactId, ...PERIOD }],
  get_contact_open_and_click_rates_report: (app) => [{ contact_id: ids(app).contactId, ...PERIOD }],
  get_contact_sms_engagement_history: (app) => [{ contact_id: ids(app).contactId }],

  create_contact_list: () => [{ name: 'Orchard friends', description: 'Letters of spring', favorite: true }],
  update_contact_list: (app) => [
    { list_id: ids(app).listId, name: 'Gate keepers', description: 'Letters of autumn', favorite: true },
  ],
  get_contact_list: (app) => [
    { list_id: ids(app).listId, include_membership_count: true },
    { list_id: ids(app).listId, include_membership_count: true, include_active_membership_count: true },
  ],
  list_contact_lists: () => [
    { limit: 7, name: 'Gate keepers', status: 'ACTIVE' },
    { limit: 7, include_count: true, include_membership_count: true },
    { limit: 7, include_membership_count: true, include_active_membership_count: true },
  ],
  delete_contact_list: (app) => [{ list_id: lastList(app) }],
  delete_list_activity: (app) => [{ list_ids: [lastList(app)] }],
  get_list_id_xrefs: ({ sandbox }) => [
    { sequence_ids: [...sandbox.account().lists].flatMap((row) => row.sequence_id ?? []).slice(0, 2) },
  ],

  create_contact_tag: () => [{ name: 'Spring fair', tag_source: 'Gate' }],
  update_contact_tag: (app) => [{ tag_id: ids(app).tagId, name: 'Autumn fair' }],
  get_contact_tag: (app) => [{ tag_id: ids(app).tagId, include_count: true }],
  list_contact_tags: () => [{ limit: 6, include_count: true }],
  delete_contact_tag: ({ sandbox }) => [{ tag_id: found([...sandbox.account().tags].at(-1)).tag_id }],
  delete_contact_tags: ({ sandbox }) => [
    { tag_ids: [...sandbox.account().tags].slice(-3, -1).map((row) => row.tag_id) },
  ],

  create_custom_field: () => [
    {
      type: 'SINGLE_SELECT',
      label: 'Favourite season',
      choices: [{ label: 'Winter', displayOrder: 3 }],
      version: 1,
      metadata: { displayType: 'DROPDOWN' },
    },
  ],
  update_custom_field: (app) => {
    const { custom_field_id } = found(
      [...app.sandbox.account().customFields].find((row) => row.type === 'single_select'),
    );
    return [
      {
        custom_field_id,
        type: 'SINGLE_SELECT',
        label: 'Best season',
        choices: [{ label: 'High summer', displayOrder: 1 }],
      },
    ];
  },
  get_custom_field: (app) => [{ custom_field_id: ids(app).customFieldId }],
  list_custom_fields: () => [{ limit: 8 }],
  delete_custom_field: ({ sandbox }) => [
    { custom_field_id: found([...sandbox.account().customFields].at(-1)).custom_field_id },
  ],
  delete_custom_fields: ({ sandbox }) => [
    {
      custom_field_ids: [...sandbox.account().customFields].slice(-3, -1).map((row) => row.custom_field_id),
    },
  ],

  rename_segment: (app) => [{ segment_id: ids(app).segmentId, name: 'Quiet this season' }],
  update_segment: (app) => [
    { segment_id: ids(app).segmentId, segment_criteria: QUIET },
    {
      segment_id: ids(app).segmentId,
      name: 'Quiet for long',
      segment_criteria: QUIET,
    },
  ],
  get_segment: (app) => [{ segment_id: ids(app).segmentId }],
  list_segments: () => [{ limit: 9, sort_by: 'NAME' }],
  delete_segment: ({ sandbox }) => [
    {
      segment_id: String(
        found([...sandbox.account().segments].filter((row) => row.deleted_at === null).at(-1)).segment_id,
      ),
    },
  ],

  import_contacts_from_json: (app) => [
    {
      import_data: [
        {
          email: 'ana@garden.example',
          firstName: 'Ana',
          lastName: 'Lopes',
          jobTitle: 'Botanist',
          companyName: 'Meadow Lane',
          birthday: { month: 5, day: 21 },
          anniversary: '2015-06-13',
        },
      ],
      list_ids: ids(app).listIds,
    },
    {
      import_data: [
        {
          email: 'cy@garden.example',
          customFields: [{ field: { name: textField(app).name }, value: 'Tulips' }],
        },
      ],
      list_ids: ids(app).listIds,
    },
  ],
  import_contacts_from_file: (app) => [
    {
      file_to_import: { text: 'email,first_name\nbo@garden.example,Bo\n' },
      list_ids: ids(app).listIds,
      sms_permission_to_send: 'NOT_SET',
    },
    {
      file_to_import: { text: `email,cf:${textField(app).name}\ndi@garden.example,Lilacs\n` },
      list_ids: ids(app).listIds,
    },
  ],
  export_contacts: (app) => [
    { source: { listIds: ids(app).listIds }, status: 'active', contact_fields: ['email_address'] },
    { source: { segmentId: ids(app).segmentId } },
  ],
  get_contacts_export_file: async (app) => [{ file_export_id: await exportedFile(app), limit: 2 }],
  get_activity_status: async (app) => [{ activity_id: await exportActivity(app) }],
  list_activity_statuses: () => [{ limit: 10, state: 'COMPLETED' }],
};

/** A bulk change of the members of a list with exclusions, and one of named contacts. */
function bulk(app: TestApp, name: 'tag_ids' | 'list_ids') {
  const { contactIds, listIds, tagIds } = ids(app);
  const what = { [name]: name === 'tag_ids' ? tagIds : listIds };
  return [
    { source: { listIds: [lastList(app)] }, exclude: contactIds, ...what },
    { source: { contactIds }, ...what },
  ];
}

function lastList({ sandbox }: TestApp): string {
  return found(
    [...sandbox.account().lists].filter((row) => row.deleted_at === null && row.channel === 'email').at(-1),
  ).list_id;
}

function textField({ sandbox }: TestApp) {
  return found([...sandbox.account().customFields].find((row) => row.type === 'string'));
}
