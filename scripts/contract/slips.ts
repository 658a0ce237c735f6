import { anyText, atMost, become, csv, csvOfEnum, csvSchema, nullable, optional, whole } from './mends.js';
import type { Slip } from './mend.js';
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
export const slips: readonly Slip[] = [
  {
    of: 'parameter',
    where: [
      ...['getSends', 'getOpens', 'getUniqueOpens', 'getDidNotOpens', 'getClicks', 'getForwards'],
      ...['getOptouts', 'getBounces', 'getAllBulkEmailCampaignSummaries'],
      ...['getUniqueContactClicks', 'getUniqueContactOpens', 'getContactOpens', 'getUniqueContactUpdates'],
      ...['getContactAdds', 'getUniqueContactSMSOptIns', 'retrieveEmailCampaignsUsingGET', 'getTags'],
    ].map((id) => `${id}?limit`),
    why: 'A page size is a number from 1 to 500, but is a text, has no bounds, or has those of a text.',
    mend: whole(1, 500),
  },
  {
    of: 'parameter',
    where: ['getContactTracking?limit', 'findEvents?limit'],
    why: 'A page size typed as text; these pages hold up to 100.',
    mend: whole(1, 100),
  },
  {
    of: 'parameter',
    where: ['getAllBulkSmsCampaignSummaries?limit'],
    why: 'A page size typed as text; SMS summaries come in pages of up to 50.',
    mend: whole(1, 50),
  },
  {
    of: 'parameter',
    where: ['getPartnerSiteOwners?limit'],
    why: 'A page size typed as text that has the bounds of a number.',
    mend: whole(10, 50),
  },
  {
    of: 'parameter',
    where: [
      'getAccountSegments?limit',
      'findRegistrationsUsingGET?limit',
      'findRegistrationsUsingGET?page_size',
    ],
    why: 'A page size typed as text; the largest is not documented.',
    mend: whole(1),
  },
  {
    of: 'parameter',
    where: ['getPartnerSiteOwners?offset'],
    why: 'A count of rows to skip, typed as text.',
    mend: whole(0),
  },
  {
    of: 'parameter',
    where: ['getClicks?url_id'],
    why: 'An int64 here and a text in every answer that brings one; it is sent back as it came.',
    mend: ({ schema }) => become(schema, { type: 'string' }),
  },
  {
    of: 'parameter',
    where: ['getContacts?lists'],
    why: 'The numeric maximum of a text counts the ids in it.',
    mend: csv({ most: 25 }),
  },
  {
    of: 'parameter',
    where: ['getContacts?tags'],
    why: 'One UUID by its format, up to 50 by its numeric maximum: a comma-separated list.',
    mend: csv({ most: 50 }),
  },
  {
    of: 'parameter',
    where: ['getContacts?segment_id'],
    why: 'The numeric maximum of a text means that it takes a single id.',
    mend: ({ schema }) => become(schema, { type: 'string' }),
  },
  {
    of: 'parameter',
    where: ['getEmailSummary/campaign_ids'],
    why: 'The numeric maximum of a text counts the ids in it.',
    mend: csv({ most: 150 }),
  },
  {
    of: 'parameter',
    where: ['getEmailCampaignActivitySummary/campaign_activity_ids'],
    why: 'The numeric maximum of a text counts the ids in it.',
    mend: csv({ most: 10 }),
  },
  {
    of: 'parameter',
    where: ['getContactIdXrefs?sequence_ids', 'getListIdXrefs?sequence_ids'],
    why: 'A text with the bounds of an array: a comma-separated list.',
    mend: csv({ most: 500 }),
  },
  {
    of: 'parameter',
    where: ['retrieveXrefMappingsUsingGET?v2_email_campaign_ids'],
    why: 'A text with the bounds of an array: a comma-separated list.',
    mend: csv({ most: 50 }),
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
    why: 'The enum lists what a comma-separated list may hold, and so forbids every list of two.',
    mend: csvOfEnum,
  },
  {
    of: 'parameter',
    where: ['getContactTracking?tracking_activities_list'],
    why: 'A text that has items: a comma-separated list.',
    mend: csvOfEnum,
  },
  {
    of: 'parameter',
    where: ['getContactTracking?tracking_activity_type'],
    why: 'The other form of the same filter, in which the key is repeated for each value.',
    mend: (parameter) => {
      parameter.explode = true;
    },
  },
  {
    of: 'parameter',
    where: ['getSocialProfilesUsingGET?include'],
    why: 'The enum stands beside the items that it is about.',
    mend: ({ schema }) => {
      if (schema.enum && schema.items) schema.items.enum = schema.enum;
      delete schema.enum;
    },
  },
  {
    of: 'parameter',
    where: ['findRegistrationsUsingGET?registration_status'],
    why: 'Two values are glued together in one entry of the enum.',
    mend: ({ schema }) => {
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
    why: 'A plain date is taken as well as a date with a time.',
    mend: ({ schema }) => become(schema, { type: 'string' }),
  },
  {
    of: 'schema',
    where: ['contactsCSVImport#list_ids'],
    why: 'A text with the bounds of an array: a comma-separated list.',
    mend: (schema) => become(schema, csvSchema('[^,]+', 50)),
  },
  {
    of: 'schema',
    where: [
      'ListActivityRemoveContacts.list_ids',
      'ListActivityRemoveContacts.source.tag_ids',
      'ListActivityAddContacts.source.tag_ids',
    ],
    why: 'The schema allows none; the text and the sister operations say 50.',
    mend: atMost(50),
  },
  {
    of: 'schema',
    where: ['ListActivityRemoveContacts.source.list_ids'],
    why: 'An array that must be empty; the guide allows up to 100 lists as the source of a removal.',
    mend: atMost(100),
  },
  {
    of: 'schema',
    where: ['ListActivityRemoveContacts.source.contact_ids'],
    why: 'The schema allows none; the text and the sister operations say 500.',
    mend: atMost(500),
  },
  {
    of: 'schema',
    where: ['ListActivityRemoveContacts.source'],
    why: 'The vendor guide names new_subscriber among its sources, as for taggings; the schema lacks it.',
    mend: (schema) => {
      schema.properties = { ...schema.properties, new_subscriber: { type: 'boolean', default: false } };
    },
  },
  {
    of: 'schema',
    where: ['CustomFieldId100.custom_field_ids'],
    why: 'The schema allows none; its name and the text say 100.',
    mend: atMost(100),
  },
  {
    of: 'schema',
    where: ['ContactPostRequest', 'ContactPutRequest', 'ContactResource'].flatMap((name) => [
      `${name}.list_memberships[]`,
      `${name}.taggings[]`,
    ]),
    why: 'Ids that the caller writes are marked as read-only.',
    mend: (schema) => {
      delete schema.readOnly;
    },
  },
  {
    of: 'schema',
    where: ['JsonImportContact'],
    why: 'Its property cf:custom_field_name stands for any key that begins with cf:, one for each custom field.',
    mend: (schema) => {
      delete schema.properties?.['cf:custom_field_name'];
      schema.additionalProperties = true;
    },
  },
  {
    of: 'schema',
    where: ['EmailScheduleInput.scheduled_date'],
    why: 'Besides a date it takes the text 0, which sends at once.',
    mend: anyText,
  },
  {
    of: 'schema',
    where: ['ResendToNonOpenersInput', 'TaskCorrelationMetadataDto'],
    why: 'It has properties but does not say that it is an object.',
    mend: (schema) => become(schema, { type: 'object', ...schema }),
  },
  {
    of: 'operation',
    where: ['patchEvent'],
    why: 'A partial update, but the schema of the whole event requires ten properties.',
    mend: (operation, { components: { schemas } }) => {
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
    why: 'It requires a property that is read-only, and is part of a body that is sent.',
    mend: optional('campaign_activity_id'),
  },
  {
    of: 'operation',
    where: ['setPlan', 'cancelAccount', 'partnerAccountOperationsPostSync'],
    why: 'The body, which is all that the operation is about, is not marked as required.',
    mend: ({ requestBody }) => {
      if (requestBody) requestBody.required = true;
    },
  },
  {
    of: 'operation',
    where: ['partnerAccountOperationsPostSync'],
    why: 'It answers as the operation that it carries out, but has no schema for an answer.',
    mend: ({ responses }) => {
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
    why: 'Texts in most activities, objects with a message in the deletion of a tag; both are read everywhere.',
    mend: (schema) => {
      schema.items = { anyOf: [{ type: 'string' }, schemaRef('ActivityErrors')] };
    },
  },
  {
    of: 'schema',
    where: ['CustomFieldChoice.choice_id', 'CustomFieldChoicePutRequest.choice_id'],
    why: 'An integer here, but there are ids such as 9A63BC, and a contact names its choices by texts.',
    mend: (schema) => become(schema, { anyOf: [{ type: 'integer' }, { type: 'string' }] }),
  },
  {
    of: 'schema',
    where: ['ContactResource', 'CustomFieldChoice', ...TRACKING, ...LANDING].map(
      (name) => `${name}.deleted_at`,
    ),
    why: 'A date by its format; other services give the time as well under the same name.',
    mend: anyText,
  },
  {
    of: 'schema',
    where: [
      'AccountEmails[].confirm_time',
      'HistoryDetails.consent_action_time',
      'ContactTrackingActivity.created_time',
      'CampaignActivitySummary.start_on',
    ],
    why: 'Written with an offset that has no colon, or with blanks, which is no date-time of RFC 3339.',
    mend: anyText,
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
    why: 'What an update leaves out becomes null.',
    mend: nullable,
  },
  {
    of: 'schema',
    where: ['ContactResource.custom_fields'],
    why: 'A contact holds 25, but the sign-up form alone takes 50.',
    mend: atMost(50),
  },
  {
    of: 'schema',
    where: LANDING,
    why: 'A contact that is known by its phone number only has no e-mail address.',
    mend: optional('email_address'),
  },
  {
    of: 'schema',
    where: ['StatsEmail', 'StatsEmailActivity'],
    why: 'The counters by device are spelled em_opens_all_mobile in the schema and em_opens.all.mobile in samples.',
    mend: (schema) => {
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
    why: 'The next link of tags is nested once more than that of every other collection.',
    mend: (schema) => {
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
    mend: optional('_links'),
  },
  {
    of: 'schema',
    where: ['lpreportingLinks', 'segmentsLinks'],
    why: 'The links of the last page have no next.',
    mend: optional('next'),
  },
  {
    of: 'schema',
    where: [
      ...['Href', 'Link', 'Next', 'PagedResponseLinkRelDto', 'emailsLink', 'lpreportingNext', 'partnersLink'],
      ...['reportingNext', 'reportingsmsNext', 'tagsLinks'],
    ],
    why: 'The next link of the last page can be there without an href, or with one that is null.',
    mend: (schema) => {
      optional('href')(schema);
      const href = schema.properties?.['href'];
      if (href) nullable(href);
    },
  },
  {
    of: 'schema',
    where: ['PaginatedRegistrations', 'PaginationDtoEventListingDto'].flatMap((name) => [
      `${name}.next_cursor`,
      `${name}.prev_cursor`,
    ]),
    why: 'There is no cursor before the first page and after the last.',
    mend: nullable,
  },
];
