import type { Schema } from '../constant-contact/contract/operations.js';
import type { Event as EventRow } from '../loaders/event.js';
import * as resolvers from '../resolvers/event.js';
import { builder } from './builder.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import { dateTime, requiredText } from './fields.js';
import { activityReference } from './references.js';

export const EventAddress = builder.objectRef<Schema<'AddressDto'>>('EventAddress').implement({
  description: 'Location of an event.',
  fields: (t) => ({
    venue: t.exposeString('location_name', {
      description: 'Venue name, at most 100 characters.',
    }),
    line1: t.exposeString('line1', {
      description: 'First address line, at most 80 characters.',
    }),
    line2: t.exposeString('line2', {
      description: 'Second address line, at most 80 characters.',
    }),
    city: t.exposeString('city', { description: 'City, at most 80 characters.' }),
    state: t.exposeString('state', {
      description: 'State or province, at most 80 characters.',
    }),
    stateCode: t.exposeString('state_code', { description: 'Two-letter code of the state or province.' }),
    postalCode: t.exposeString('postal_code', {
      description: 'Postal code, at most 25 characters.',
    }),
    country: t.exposeString('country', {
      description: 'Country, at most 128 characters.',
    }),
    countryCode: t.exposeString('country_code', { description: 'Two-letter country code.' }),
    latitude: t.exposeFloat('latitude', { description: 'Latitude in degrees, −90 to 90.' }),
    longitude: t.exposeFloat('longitude', { description: 'Longitude in degrees, −180 to 180.' }),
    addressType: requiredText(t, 'address_type', 'Type of address. EVENT is the only known value.'),
    createdAt: dateTime(t, 'create_time', 'When the address was created.'),
    updatedAt: dateTime(t, 'last_update_time', 'When the address was last changed.'),
  }),
});

export const EventContact = builder.objectRef<Schema<'ContactDto'>>('EventContact').implement({
  description: 'Contact person for an event. It is not one of the contacts of the account.',
  fields: (t) => ({
    name: requiredText(t, 'name', 'Name of the contact person, at most 100 characters.'),
    organizationName: requiredText(
      t,
      'organization_name',
      'Organisation of the contact person, at most 255 characters.',
    ),
    email: t.exposeString('email_address', {
      description: 'Reply-to address. It also receives notices of registrations.',
    }),
    fromEmail: t.exposeString('from_email_address', { description: 'Sender address of confirmations.' }),
    phone: t.exposeString('phone_number', {
      description: 'Phone number of the contact person, at most 25 characters.',
    }),
    createdAt: dateTime(t, 'create_time', 'When the contact person was created.'),
    updatedAt: dateTime(t, 'last_update_time', 'When the contact person was last changed.'),
  }),
});

export const OnlineMeeting = builder.objectRef<Schema<'OnlineMeetingDto'>>('OnlineMeeting').implement({
  description: 'Online access to an event.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled_flag', { description: 'True when the event can be attended online.' }),
    url: t.exposeString('url', { description: 'Address to join the meeting.' }),
    label: t.exposeString('label', { description: 'Text of the join link.' }),
    instructions: t.exposeString('instructions', { description: 'Instructions for joining the meeting.' }),
    provider: t.exposeString('provider_type', { description: 'Provider of the meeting, such as ZOOM.' }),
    createdAt: dateTime(t, 'create_time', 'When the online meeting was created.'),
    updatedAt: dateTime(t, 'last_update_time', 'When the online meeting was last changed.'),
  }),
});

export const EventDisplay = builder.objectRef<EventRow>('EventDisplay').implement({
  description: 'Public visibility of the details of an event.',
  fields: (t) => ({
    contact: t.exposeBoolean('display_contact_flag', {
      description: 'True when the form and the confirmation show the contact person.',
    }),
    endTime: t.exposeBoolean('display_end_time_flag', {
      description: 'True when the form and the confirmation show the end time.',
    }),
    timeZone: t.exposeBoolean('display_time_zone_flag', {
      description: 'True when the form and the confirmation show the time zone.',
    }),
    onCalendar: t.exposeBoolean('display_on_calendar_flag', {
      description: 'True when the calendar of the account shows the event.',
    }),
  }),
});

export const EventFeatures = builder.objectRef<Schema<'EventMetaDataDto'>>('EventFeatures').implement({
  description: 'Optional features of an event: items for sale, payment and promo codes.',
  fields: (t) => ({
    items: t.exposeBoolean('items_enabled', {
      description: 'True when items are sold in addition to tickets.',
    }),
    payment: t.exposeBoolean('paid_event', { description: 'True for a paid event.' }),
    promoCodes: t.exposeBoolean('promo_codes_enabled', {
      description: 'True when promo codes are accepted.',
    }),
  }),
});

export const EventSettings = builder.objectRef<Schema<'EventSettingsDto'>>('EventSettings').implement({
  description: 'Parts of an event that are configured.',
  fields: (t) => ({
    requiresPayment: t.exposeBoolean('event_requires_payments', {
      description: 'True when something has to be paid.',
    }),
    hasTickets: t.exposeBoolean('ticket_configured', { description: 'True when tickets are configured.' }),
    hasItems: t.exposeBoolean('item_configured', {
      description: 'True when items are configured.',
    }),
    hasPromoCodes: t.exposeBoolean('promo_code_configured', {
      description: 'True when promo codes are configured.',
    }),
    hasPayment: t.exposeBoolean('payment_configured', {
      description: 'True when a payment method is configured.',
    }),
    hasOnlinePayment: t.exposeBoolean('online_payment_configured', {
      description: 'True when online payment is configured.',
    }),
  }),
});

export const EventPromotion = builder.objectRef<Schema<'EventPromotionDto'>>('EventPromotion').implement({
  description: 'Promotion of an event, such as an invitation by email.',
  fields: (t) => ({
    type: t.exposeString('assoc_activity_sub_type', {
      description: 'Type of promotion, as the REST API names it, such as EMAIL_INVITATION.',
    }),
    default: t.exposeBoolean('default', {
      description: 'True when the API created the promotion together with the event.',
    }),
    campaignActivityId: t.exposeID('campaign_activity_id', {
      description: 'Constant Contact ID of the activity of the promotion.',
    }),
    campaignActivity: t.field({
      type: EmailCampaignActivity,
      description:
        'Activity of the promotion, when it is an email. An activity that cannot be read (any other type of promotion) has only its IDs.',
      queryCost: activityReference(),
      resolve: resolvers.activityOf(
        (promotion: Schema<'EventPromotionDto'>) => promotion.campaign_activity_id,
      ),
    }),
    documentId: t.exposeID('document_id', { description: 'ID of the document of the promotion.' }),
    externalId: t.exposeID('ext_id', { description: 'ID of the promotion in another system.' }),
  }),
});

export const EventRegistrationSummary =
  builder.objectRef<Schema<'EventRegistrationSummaryMetricDto'>>('EventRegistrationSummary');
EventRegistrationSummary.implement({
  description: 'Numbers of registrations and sales of an event.',
  fields: (t) => ({
    registrations: t.exposeInt('registration_count', { description: 'Number of registrations.' }),
    ticketsSold: t.exposeInt('ticket_sold', { description: 'Number of tickets sold or given away.' }),
    itemsSold: t.exposeInt('item_sold', { description: 'Number of items sold in addition to tickets.' }),
  }),
});
