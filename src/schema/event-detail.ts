import type { Schema } from '../constant-contact/contract/operations.js';
import type { Event as EventRow } from '../loaders/event.js';
import { EVENT_LIMITS as limits } from '../resolvers/event-input.js';
import * as resolvers from '../resolvers/event.js';
import { builder } from './builder.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import { dateTime, requiredText } from './fields.js';
import { activityReference } from './references.js';

export const EventAddress = builder.objectRef<Schema<'AddressDto'>>('EventAddress');
EventAddress.implement({
  description: 'Where an event takes place.',
  fields: (t) => ({
    venue: t.exposeString('location_name', {
      description: `Name of the place, at most ${String(limits.venue)} characters.`,
    }),
    line1: t.exposeString('line1', {
      description: `First line, at most ${String(limits.addressLine)} characters.`,
    }),
    line2: t.exposeString('line2', {
      description: `Second line, at most ${String(limits.addressLine)} characters.`,
    }),
    city: t.exposeString('city', { description: `City, at most ${String(limits.city)} characters.` }),
    state: t.exposeString('state', {
      description: `State or province, at most ${String(limits.state)} characters.`,
    }),
    stateCode: t.exposeString('state_code', { description: 'State or province, as a code of two letters.' }),
    postalCode: t.exposeString('postal_code', {
      description: `Postal code, at most ${String(limits.postalCode)} characters.`,
    }),
    country: t.exposeString('country', {
      description: `Country, at most ${String(limits.country)} characters.`,
    }),
    countryCode: t.exposeString('country_code', { description: 'Country, as a code of two letters.' }),
    latitude: t.exposeFloat('latitude', { description: 'Degrees north of the equator, −90 to 90.' }),
    longitude: t.exposeFloat('longitude', { description: 'Degrees east of Greenwich, −180 to 180.' }),
    addressType: requiredText(
      t,
      'address_type',
      'Kind of address. EVENT is the only one that the API knows.',
    ),
    createdAt: dateTime(t, 'create_time', 'When the address was made.'),
    updatedAt: dateTime(t, 'last_update_time', 'When it last changed.'),
  }),
});

export const EventContact = builder.objectRef<Schema<'ContactDto'>>('EventContact');
EventContact.implement({
  description: 'Whom to turn to about an event. Not one of the contacts of the account.',
  fields: (t) => ({
    name: requiredText(t, 'name', `Name, at most ${String(limits.contactName)} characters.`),
    organizationName: requiredText(
      t,
      'organization_name',
      `Organization, at most ${String(limits.organizationName)} characters.`,
    ),
    email: t.exposeString('email_address', {
      description: 'Address that answers and notices of registrations go to.',
    }),
    fromEmail: t.exposeString('from_email_address', { description: 'Address that confirmations come from.' }),
    phone: t.exposeString('phone_number', {
      description: `Phone number, at most ${String(limits.phone)} characters.`,
    }),
    createdAt: dateTime(t, 'create_time', 'When it was made.'),
    updatedAt: dateTime(t, 'last_update_time', 'When it last changed.'),
  }),
});

export const OnlineMeeting = builder.objectRef<Schema<'OnlineMeetingDto'>>('OnlineMeeting');
OnlineMeeting.implement({
  description: 'How to take part in an event over the network.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled_flag', { description: 'Whether the event can be attended online.' }),
    url: t.exposeString('url', { description: 'Where to join.' }),
    label: t.exposeString('label', { description: 'Text of the link.' }),
    instructions: t.exposeString('instructions', { description: 'What to know before joining.' }),
    provider: t.exposeString('provider_type', { description: 'Who runs the meeting, such as ZOOM.' }),
    createdAt: dateTime(t, 'create_time', 'When it was made.'),
    updatedAt: dateTime(t, 'last_update_time', 'When it last changed.'),
  }),
});

export const EventDisplay = builder.objectRef<EventRow>('EventDisplay');
EventDisplay.implement({
  description: 'What people get to see of an event.',
  fields: (t) => ({
    contact: t.exposeBoolean('display_contact_flag', {
      description: 'Whether form and confirmation show whom to turn to.',
    }),
    endTime: t.exposeBoolean('display_end_time_flag', {
      description: 'Whether form and confirmation show the end.',
    }),
    timeZone: t.exposeBoolean('display_time_zone_flag', {
      description: 'Whether the form and the confirmation show the time zone.',
    }),
    onCalendar: t.exposeBoolean('display_on_calendar_flag', {
      description: 'Whether the event is in the calendar of the account.',
    }),
  }),
});

export const EventFeatures = builder.objectRef<Schema<'EventMetaDataDto'>>('EventFeatures');
EventFeatures.implement({
  description: 'What an event makes use of.',
  fields: (t) => ({
    items: t.exposeBoolean('items_enabled', { description: 'Whether things are sold besides tickets.' }),
    payment: t.exposeBoolean('paid_event', { description: 'Whether anything has to be paid.' }),
    promoCodes: t.exposeBoolean('promo_codes_enabled', { description: 'Whether promo codes are taken.' }),
  }),
});

export const EventSettings = builder.objectRef<Schema<'EventSettingsDto'>>('EventSettings');
EventSettings.implement({
  description: 'What has been set up for an event.',
  fields: (t) => ({
    requiresPayment: t.exposeBoolean('event_requires_payments', {
      description: 'Whether anything has to be paid.',
    }),
    hasTickets: t.exposeBoolean('ticket_configured', { description: 'Whether there are tickets.' }),
    hasItems: t.exposeBoolean('item_configured', {
      description: 'Whether there are things to buy besides tickets.',
    }),
    hasPromoCodes: t.exposeBoolean('promo_code_configured', {
      description: 'Whether there are promo codes.',
    }),
    hasPayment: t.exposeBoolean('payment_configured', {
      description: 'Whether any way of paying is set up.',
    }),
    hasOnlinePayment: t.exposeBoolean('online_payment_configured', {
      description: 'Whether paying online is set up.',
    }),
  }),
});

export const EventPromotion = builder.objectRef<Schema<'EventPromotionDto'>>('EventPromotion');
EventPromotion.implement({
  description: 'Something that makes an event known, such as an invitation by email.',
  fields: (t) => ({
    type: t.exposeString('assoc_activity_sub_type', {
      description: 'What it is, in the words of the API, such as EMAIL_INVITATION.',
    }),
    default: t.exposeBoolean('default', { description: 'Whether the API made it along with the event.' }),
    campaignActivityId: t.exposeID('campaign_activity_id', {
      description: "Constant Contact's own id of the activity.",
    }),
    campaignActivity: t.field({
      type: EmailCampaignActivity,
      description:
        'The activity, for promotions that are emails. One that cannot be read (any other kind of promotion) has its ids and nothing else.',
      queryCost: activityReference(),
      resolve: resolvers.activityOf(
        (promotion: Schema<'EventPromotionDto'>) => promotion.campaign_activity_id,
      ),
    }),
    documentId: t.exposeID('document_id', { description: 'Id of its document.' }),
    externalId: t.exposeID('ext_id', { description: 'Id of it in another system.' }),
  }),
});

export const EventRegistrationSummary =
  builder.objectRef<Schema<'EventRegistrationSummaryMetricDto'>>('EventRegistrationSummary');
EventRegistrationSummary.implement({
  description: 'How many people come to an event, and what was sold.',
  fields: (t) => ({
    registrations: t.exposeInt('registration_count', { description: 'Registrations.' }),
    ticketsSold: t.exposeInt('ticket_sold', { description: 'Tickets that were sold or given away.' }),
    itemsSold: t.exposeInt('item_sold', { description: 'Things that were sold besides tickets.' }),
  }),
});
