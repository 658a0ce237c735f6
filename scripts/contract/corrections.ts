import {
  removeFormat,
  limitItems,
  replaceSchema,
  csv,
  csvOfValues,
  csvSchema,
  makeNullable,
  makeOptional,
  integer,
} from './schema-edits.js';
import type { Correction } from './correct.js';
import { schemaRef } from './model.js';

const TRACKING = ['Bounces', 'Clicks', 'DidNotOpens', 'Forwards', 'Opens', 'Optouts', 'Sends'].map(
  (report) => `${report}TrackingActivity`,
);
const LANDING = ['Add', 'Click', 'Open', 'SMSOptIn', 'Update'].map(
  (report) => `PContact${report}TrackingActivity`,
);

/**
 * All known errors in the vendor's contract, each with its correction. Responses are only ever widened, so
 * that whatever the API really sends is valid; requests follow the API's documentation.
 */
export const corrections: readonly Correction[] = [
  {
    of: 'parameter',
    where: [
      ...['getSends', 'getOpens', 'getUniqueOpens', 'getDidNotOpens', 'getClicks', 'getForwards'],
      ...['getOptouts', 'getBounces', 'getAllBulkEmailCampaignSummaries'],
      ...['getUniqueContactClicks', 'getUniqueContactOpens', 'getContactOpens', 'getUniqueContactUpdates'],
      ...['getContactAdds', 'getUniqueContactSMSOptIns', 'retrieveEmailCampaignsUsingGET', 'getTags'],
    ].map((id) => `${id}?limit`),
    why: 'Page size from 1 to 500, declared as a string, without bounds, or with the bounds of a string.',
    apply: integer(1, 500),
  },
  {
    of: 'parameter',
    where: ['getContactTracking?limit', 'findEvents?limit'],
    why: 'Page size declared as a string; these pages have up to 100 rows.',
    apply: integer(1, 100),
  },
  {
    of: 'parameter',
    where: ['getAllBulkSmsCampaignSummaries?limit'],
    why: 'Page size declared as a string; pages of SMS summaries have up to 50 rows.',
    apply: integer(1, 50),
  },
  {
    of: 'parameter',
    where: ['getPartnerSiteOwners?limit'],
    why: 'Page size declared as a string with the bounds of a number.',
    apply: integer(10, 50),
  },
  {
    of: 'parameter',
    where: [
      'getAccountSegments?limit',
      'findRegistrationsUsingGET?limit',
      'findRegistrationsUsingGET?page_size',
    ],
    why: 'Page size declared as a string; the maximum is not documented.',
    apply: integer(1),
  },
  {
    of: 'parameter',
    where: ['getPartnerSiteOwners?offset'],
    why: 'Number of rows to skip, declared as a string.',
    apply: integer(0),
  },
  {
    of: 'parameter',
    where: ['getClicks?url_id'],
    why: 'An int64 here and a string in every response; it is sent back unchanged.',
    apply: ({ schema }) => replaceSchema(schema, { type: 'string' }),
  },
  {
    of: 'parameter',
    where: ['getContacts?lists'],
    why: 'The maximum of a string means its number of comma-separated ids.',
    apply: csv(25),
  },
  {
    of: 'parameter',
    where: ['getContacts?tags'],
    why: 'A single UUID by its format, up to 50 by its maximum: a comma-separated list.',
    apply: csv(50),
  },
  {
    of: 'parameter',
    where: ['getContacts?segment_id'],
    why: 'The maximum of a string means a single id.',
    apply: ({ schema }) => replaceSchema(schema, { type: 'string' }),
  },
  {
    of: 'parameter',
    where: ['getEmailSummary/campaign_ids'],
    why: 'The maximum of a string means its number of comma-separated ids.',
    apply: csv(150),
  },
  {
    of: 'parameter',
    where: ['getEmailCampaignActivitySummary/campaign_activity_ids'],
    why: 'The maximum of a string means its number of comma-separated ids.',
    apply: csv(10),
  },
  {
    of: 'parameter',
    where: ['getContactIdXrefs?sequence_ids', 'getListIdXrefs?sequence_ids'],
    why: 'A string with the bounds of an array: a comma-separated list.',
    apply: csv(500),
  },
  {
    of: 'parameter',
    where: ['retrieveXrefMappingsUsingGET?v2_email_campaign_ids'],
    why: 'A string with the bounds of an array: a comma-separated list.',
    apply: csv(50),
  },
  {
    of: 'parameter',
    where: [
      'getAccountById?extra_fields',
      'getContact?include',
      'getContacts?include',
      'getContacts?status',
      'getContacts?sms_status',
      'getLists?status',
      'retrieveEmailCampaignActivityUsingGET?include',
    ],
    why: 'The enum lists the items of a comma-separated list, and thereby forbids lists of several.',
    apply: csvOfValues,
  },
  {
    of: 'parameter',
    where: ['getContactTracking?tracking_activities_list'],
    why: 'A string with items: a comma-separated list.',
    apply: csvOfValues,
  },
  {
    of: 'parameter',
    where: ['getContactTracking?tracking_activity_type'],
    why: 'The other form of the same filter, in which the key is repeated for each value.',
    apply: (parameter) => {
      parameter.explode = true;
    },
  },
  {
    of: 'parameter',
    where: ['getSocialProfilesUsingGET?include'],
    why: 'The enum is next to the items instead of inside.',
    apply: ({ schema }) => {
      if (schema.enum && schema.items) schema.items.enum = schema.enum;
      delete schema.enum;
    },
  },
  {
    of: 'parameter',
    where: ['findRegistrationsUsingGET?registration_status'],
    why: 'One entry of the enum contains two values.',
    apply: ({ schema }) => {
      schema.enum = schema.enum?.flatMap((value) => String(value).split(', ')).sort();
    },
  },
  {
    of: 'parameter',
    where: [
      ...['created_after', 'created_before', 'optout_after', 'optout_before', 'updated_after'].map(
        (name) => `getContacts?${name}`,
      ),
      'getContacts?updated_before',
      'retrieveEmailCampaignsUsingGET?after_date',
      'retrieveEmailCampaignsUsingGET?before_date',
    ],
    why: 'Accepts a date without a time, too.',
    apply: ({ schema }) => replaceSchema(schema, { type: 'string' }),
  },
  {
    of: 'schema',
    where: ['contactsCSVImport#list_ids'],
    why: 'A string with the bounds of an array: a comma-separated list.',
    apply: (schema) => replaceSchema(schema, csvSchema('[^,]+', 50)),
  },
  {
    of: 'schema',
    where: [
      'ListActivityRemoveContacts.list_ids',
      'ListActivityRemoveContacts.source.tag_ids',
      'ListActivityAddContacts.source.tag_ids',
    ],
    why: 'The schema allows no items; the prose and similar operations allow 50.',
    apply: limitItems(50),
  },
  {
    of: 'schema',
    where: ['ListActivityRemoveContacts.source.list_ids'],
    why: 'An array that must be empty; the guide allows up to 100 lists as the source of a removal.',
    apply: limitItems(100),
  },
  {
    of: 'schema',
    where: ['ListActivityRemoveContacts.source.contact_ids'],
    why: 'The schema allows no items; the prose and similar operations allow 500.',
    apply: limitItems(500),
  },
  {
    of: 'schema',
    where: ['ListActivityRemoveContacts.source'],
    why: 'The vendor guide names new_subscriber among its sources, as for taggings; the schema lacks it.',
    apply: (schema) => {
      schema.properties = { ...schema.properties, new_subscriber: { type: 'boolean', default: false } };
    },
  },
  {
    of: 'schema',
    where: ['CustomFieldId100.custom_field_ids'],
    why: 'The schema allows no items; its name and the prose allow 100.',
    apply: limitItems(100),
  },
  {
    of: 'schema',
    where: ['ContactPostRequest', 'ContactPutRequest', 'ContactResource'].flatMap((name) => [
      `${name}.list_memberships[]`,
      `${name}.taggings[]`,
    ]),
    why: 'Ids in requests are declared as read-only.',
    apply: (schema) => {
      delete schema.readOnly;
    },
  },
  {
    of: 'schema',
    where: ['JsonImportContact'],
    why: 'The property cf:custom_field_name represents any key that starts with cf:, one for each custom field.',
    apply: (schema) => {
      delete schema.properties?.['cf:custom_field_name'];
      schema.additionalProperties = true;
    },
  },
  {
    of: 'schema',
    where: ['EmailScheduleInput.scheduled_date'],
    why: 'Also accepts the string 0, which sends immediately.',
    apply: removeFormat,
  },
  {
    of: 'schema',
    where: ['ResendToNonOpenersInput', 'TaskCorrelationMetadataDto'],
    why: 'Has properties but no type.',
    apply: (schema) => replaceSchema(schema, { type: 'object', ...schema }),
  },
  {
    of: 'operation',
    where: ['patchEvent'],
    why: 'A partial update, but the schema of the integer event requires ten properties.',
    apply: (operation, { components: { schemas } }) => {
      const { EventDto: event } = schemas;
      if (!event || !operation.requestBody) return 'missing';
      const { required: _, ...patch } = structuredClone(event);
      schemas['EventPatchDto'] = patch;
      operation.requestBody.content['application/json'] = { schema: schemaRef('EventPatchDto') };
    },
  },
  {
    of: 'schema',
    where: ['TrackDto'],
    why: 'Requires a read-only property in a request body.',
    apply: makeOptional('campaign_activity_id'),
  },
  {
    of: 'operation',
    where: ['setPlan', 'cancelAccount', 'partnerAccountOperationsPostSync'],
    why: 'The body, the only input of the operation, is not declared as required.',
    apply: ({ requestBody }) => {
      if (requestBody) requestBody.required = true;
    },
  },
  {
    of: 'operation',
    where: ['partnerAccountOperationsPostSync'],
    why: 'Responds like the operation that it carries out, but has no schema of a response.',
    apply: ({ responses }) => {
      responses['200'] = { description: '', content: { 'application/json': { schema: {} } } };
    },
  },
  {
    of: 'schema',
    where: [
      'Activities.activities[].activity_errors',
      'Activity.activity_errors',
      'ActivityDeleteCustomFields.activity_errors',
      'ActivityDeleteListResponse.activity_errors',
      'ActivityDeleteListsResponse.activity_errors',
      'ActivityDeleteStatus.activity_errors',
      'ActivityExportStatus.activity_errors',
      'ActivityGeneric.activity_errors',
      'ActivityImport.activity_errors',
      'ActivityListsMembership.activity_errors',
      'ActivityTagging.activity_errors',
    ],
    why: 'Strings in most activities, objects with a message in the deletion of a tag; both are accepted everywhere.',
    apply: (schema) => {
      schema.items = { anyOf: [{ type: 'string' }, schemaRef('ActivityErrors')] };
    },
  },
  {
    of: 'schema',
    where: ['CustomFieldChoice.choice_id', 'CustomFieldChoicePutRequest.choice_id'],
    why: 'An integer here, but ids such as 9A63BC exist, and contacts reference choices by strings.',
    apply: (schema) => replaceSchema(schema, { anyOf: [{ type: 'integer' }, { type: 'string' }] }),
  },
  {
    of: 'schema',
    where: ['ContactResource', 'CustomFieldChoice', ...TRACKING, ...LANDING].map(
      (name) => `${name}.deleted_at`,
    ),
    why: 'A date by its format; other services include the time under the same name.',
    apply: removeFormat,
  },
  {
    of: 'schema',
    where: [
      'AccountEmails[].confirm_time',
      'HistoryDetails.consent_action_time',
      'ContactTrackingActivity.created_time',
      'CampaignActivitySummary.start_on',
    ],
    why: 'Has an offset without a colon, or spaces, so it is not a date-time of RFC 3339.',
    apply: removeFormat,
  },
  {
    of: 'schema',
    where: [
      ...['first_name', 'last_name', 'job_title', 'company_name', 'birthday_month', 'birthday_day'].map(
        (name) => `ContactResource.${name}`,
      ),
      'ContactResource.anniversary',
      'CustomField.choices',
    ],
    why: 'Properties that an update omits become null.',
    apply: makeNullable,
  },
  {
    of: 'schema',
    where: ['ContactResource.custom_fields'],
    why: 'A contact has up to 25, but the sign-up form accepts 50.',
    apply: limitItems(50),
  },
  {
    of: 'schema',
    where: LANDING,
    why: 'A contact with only a phone number has no email address.',
    apply: makeOptional('email_address'),
  },
  {
    of: 'schema',
    where: ['StatsEmail', 'StatsEmailActivity'],
    why: 'Counts by device are named em_opens_all_mobile in the schema and em_opens.all.mobile in samples.',
    apply: (schema) => {
      for (const [name, counter] of Object.entries(schema.properties ?? {})) {
        const match = /^(em_(?:opens|clicks))_(all.*)$/.exec(name);
        if (match && schema.properties)
          schema.properties[`${match[1]}.${match[2]?.replace('_', '.')}`] = counter;
      }
    },
  },
  {
    of: 'schema',
    where: ['tagsLinks'],
    why: 'The next link of tags is nested one level deeper than in all other collections.',
    apply: (schema) => {
      delete schema.properties?.['next'];
    },
  },
  {
    of: 'schema',
    where: [
      'BouncesTrackingActivitiesPage',
      'OptoutsTrackingActivitiesPage',
      'PContactAddTrackingActivitiesPage',
      'PContactClickTrackingActivitiesPage',
      'PContactOpensTrackingActivitiesPage',
      'PContactSMSOptInTrackingActivitiesPage',
      'PContactUpdateTrackingActivitiesPage',
      'PagedHashtagGroupsDto',
    ],
    why: 'The last page has no links.',
    apply: makeOptional('_links'),
  },
  {
    of: 'schema',
    where: ['lpreportingLinks', 'segmentsLinks'],
    why: 'The links of the last page have no `next`.',
    apply: makeOptional('next'),
  },
  {
    of: 'schema',
    where: [
      ...['Href', 'Link', 'Next', 'PagedResponseLinkRelDto', 'emailsLink', 'lpreportingNext', 'partnersLink'],
      ...['reportingNext', 'reportingsmsNext', 'tagsLinks'],
    ],
    why: 'The next link of the last page may exist with a missing or null href.',
    apply: (schema) => {
      makeOptional('href')(schema);
      const href = schema.properties?.['href'];
      if (href) makeNullable(href);
    },
  },
  {
    of: 'schema',
    where: ['PaginatedRegistrations', 'PaginationDtoEventListingDto'].flatMap((name) => [
      `${name}.next_cursor`,
      `${name}.prev_cursor`,
    ]),
    why: 'No cursor exists before the first page and after the last.',
    apply: makeNullable,
  },
];
