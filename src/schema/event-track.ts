import type { Schema } from '../constant-contact/contract/operations.js';
import * as resolvers from '../resolvers/event.js';
import { moneyOf, priced, type Priced } from '../resolvers/support/money.js';
import { builder } from './builder.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import { dateTime, requiredId, requiredText } from './fields.js';
import { Money } from './money.js';
import { activityReference } from './references.js';

type Track = resolvers.Track;

const EventStatusLabel = builder.objectRef<Schema<'StatusDisplayLabelDto'>>('EventStatusLabel');
EventStatusLabel.implement({
  description: 'What the registration page says about something on offer.',
  fields: (t) => ({
    label: t.exposeString('label', { description: 'The text.' }),
    labelKey: t.exposeString('label_key', { description: 'Key of the text in other languages.' }),
  }),
});

const EventItemAttribute = builder.objectRef<Schema<'AttributeDto'>>('EventItemAttribute');
EventItemAttribute.implement({
  description: 'A variety of something on offer, such as a size.',
  fields: (t) => ({
    attributeId: t.exposeID('attribute_id', { description: 'Id of the variety.' }),
    name: requiredText(t, 'name', 'What it is called.'),
    displayOrder: t.exposeInt('display_order', { description: 'Place among the varieties.' }),
    quantityTotal: t.exposeInt('quantity_total', { description: 'How many there were to begin with.' }),
    quantitySold: t.exposeInt('quantity_sold', { description: 'How many are sold.' }),
    quantityRemaining: t.exposeInt('quantity_remaining', { description: 'How many are left.' }),
    paused: t.exposeBoolean('paused_flag', { description: 'Whether it is not on sale for the time being.' }),
    statusLabels: t.expose('status_labels', {
      type: [EventStatusLabel],
      nullable: { list: true, items: false },
      description: 'What the registration page says about it.',
    }),
    createdAt: dateTime(t, 'create_time', 'When it was made.'),
    updatedAt: dateTime(t, 'last_update_time', 'When it last changed.'),
    deletedAt: dateTime(t, 'deleted_time', 'When it was deleted; null while it exists.'),
  }),
});

const EventItem = builder.objectRef<Priced<Schema<'ItemDto'>>>('EventItem');
EventItem.implement({
  description: 'Something that is sold besides tickets.',
  fields: (t) => ({
    itemId: t.exposeID('item_id', { description: 'Id of the thing.' }),
    name: requiredText(t, 'name', 'What it is.'),
    description: t.exposeString('description', { description: 'More about it.' }),
    displayOrder: t.exposeInt('display_order', { description: 'Place among the things on offer.' }),
    price: t.field({
      type: Money,
      description: 'Price of one.',
      resolve: ({ price, currency }) => moneyOf(price, currency),
    }),
    quantityTotal: t.exposeInt('quantity_total', { description: 'How many there were to begin with.' }),
    quantitySold: t.exposeInt('quantity_sold', { description: 'How many are sold.' }),
    quantityRemaining: t.exposeInt('quantity_remaining', { description: 'How many are left.' }),
    limitPerOrder: t.exposeInt('limit_per_order', { description: 'How many one order may have.' }),
    showsRemaining: t.exposeBoolean('show_remaining_flag', {
      description: 'Whether people see how many are left.',
    }),
    paused: t.exposeBoolean('paused_flag', { description: 'Whether it is not on sale for the time being.' }),
    hidden: t.exposeBoolean('hidden_flag', { description: 'Whether people do not see it.' }),
    deletable: t.exposeBoolean('deletable_flag', { description: 'Whether it can be deleted.' }),
    timeLimited: t.exposeBoolean('time_limit_flag', {
      description: 'Whether it is on sale between two times only.',
    }),
    startsAt: dateTime(t, 'start_time', 'From when it is on sale.'),
    endsAt: dateTime(t, 'end_time', 'Until when it is on sale.'),
    mediaId: t.exposeID('media_internal_id', { description: 'Id of its picture.' }),
    mediaUrl: t.exposeString('media_url', { description: 'Address of its picture.' }),
    statusLabels: t.expose('status_labels', {
      type: [EventStatusLabel],
      nullable: { list: true, items: false },
      description: 'What the registration page says about it.',
    }),
    attributes: t.expose('attributes', {
      type: [EventItemAttribute],
      nullable: { list: true, items: false },
      description: 'Its varieties.',
    }),
    createdAt: dateTime(t, 'create_time', 'When it was made.'),
    updatedAt: dateTime(t, 'last_update_time', 'When it last changed.'),
    deletedAt: dateTime(t, 'deleted_time', 'When it was deleted; null while it exists.'),
  }),
});

const PromoCodeTicket = builder.objectRef<Schema<'TicketSummaryDto'>>('PromoCodeTicket');
PromoCodeTicket.implement({
  description: 'A kind of ticket, as a promo code sees it.',
  fields: (t) => ({
    ticketId: t.exposeID('ticket_id', { description: 'Id of the kind of ticket.' }),
    name: requiredText(t, 'name', 'What it is called.'),
    type: requiredText(t, 'ticket_type', 'What kind it is, in the words of the API, such as PAID.'),
    associated: t.exposeBoolean('associated', { description: 'Whether the code counts for it.' }),
    shownOnRedemption: t.exposeBoolean('display_ticket_on_promo_redemption', {
      description: 'Whether it is shown where the code is redeemed.',
    }),
    hidden: t.exposeBoolean('hidden_flag', { description: 'Whether people do not see it.' }),
  }),
});

const PromoCodeItem = builder.objectRef<Schema<'ItemSummaryDto'>>('PromoCodeItem');
PromoCodeItem.implement({
  description: 'Something on sale, as a promo code sees it.',
  fields: (t) => ({
    itemId: t.exposeID('item_id', { description: 'Id of the thing.' }),
    name: requiredText(t, 'name', 'What it is.'),
    associated: t.exposeBoolean('associated', { description: 'Whether the code counts for it.' }),
    shownOnRedemption: t.exposeBoolean('display_item_on_promo_redemption', {
      description: 'Whether it is shown where the code is redeemed.',
    }),
    hidden: t.exposeBoolean('hidden_flag', { description: 'Whether people do not see it.' }),
  }),
});

const EventPromoCode = builder.objectRef<Priced<Schema<'PromoCodeDto'>>>('EventPromoCode');
EventPromoCode.implement({
  description: 'A word that makes a registration cheaper.',
  fields: (t) => ({
    promoCodeId: t.exposeID('id', { description: 'Id of the code.' }),
    name: requiredText(t, 'name', 'The word to enter.'),
    description: t.exposeString('description', { description: 'What it is for.' }),
    scope: t.exposeString('discount_code_scope', {
      description: 'What becomes cheaper, in the words of the API, such as ORDER_TOTAL.',
    }),
    type: t.exposeString('discount_code_type', {
      description: 'How it becomes cheaper, in the words of the API, such as PERCENT.',
    }),
    discountAmount: t.field({
      type: Money,
      description: 'What is taken off; null for a share.',
      resolve: ({ discount_amount, currency }) => moneyOf(discount_amount, currency),
    }),
    discountPercent: t.exposeInt('discount_percent', {
      description: 'Share that is taken off, in percent; null for an amount.',
    }),
    quantityTotal: t.exposeInt('quantity_total', { description: 'How many times it can be used.' }),
    quantityUsed: t.exposeInt('quantity_used', { description: 'How many times it was used.' }),
    quantityAvailable: t.exposeInt('quantity_available', {
      description: 'How many times it can still be used.',
    }),
    timeLimited: t.exposeBoolean('time_limit_flag', {
      description: 'Whether it counts between two times only.',
    }),
    startsAt: dateTime(t, 'start_time', 'From when it counts.'),
    endsAt: dateTime(t, 'end_time', 'Until when it counts.'),
    paused: t.exposeBoolean('paused_flag', { description: 'Whether it does not count for the time being.' }),
    status: t.exposeString('status', { description: 'State of the code, in the words of the API.' }),
    statusLabels: t.expose('status_labels', {
      type: [EventStatusLabel],
      nullable: { list: true, items: false },
      description: 'What the registration page says about it.',
    }),
    tickets: t.expose('tickets', {
      type: [PromoCodeTicket],
      nullable: { list: true, items: false },
      description: 'Kinds of tickets of the event, with whether the code counts for each.',
    }),
    items: t.expose('items', {
      type: [PromoCodeItem],
      nullable: { list: true, items: false },
      description: 'Things on sale, with whether the code counts for each.',
    }),
    deletedAt: dateTime(t, 'deleted_time', 'When it was deleted; null while it exists.'),
  }),
});

const EventMediaAsset = builder.objectRef<Schema<'EventMediaAssetDto'>>('EventMediaAsset');
EventMediaAsset.implement({
  description: 'A picture of an event.',
  fields: (t) => ({
    internalId: t.exposeID('internal_id', { description: 'Id of the picture at Constant Contact.' }),
    externalId: t.exposeID('external_id', { description: 'Id of the picture elsewhere.' }),
    url: t.exposeString('external_url', { description: 'Address of the picture.' }),
    type: t.exposeString('media_type', { description: 'What it is used for, in the words of the API.' }),
    createdAt: dateTime(t, 'create_time', 'When it was made.'),
    updatedAt: dateTime(t, 'last_update_time', 'When it last changed.'),
  }),
});

export const EventTrack = builder.objectRef<Track>('EventTrack');
EventTrack.implement({
  description:
    'How people register for an event: the form, what is on offer, and until when. An event has one.',
  fields: (t) => ({
    trackId: t.exposeID('track_id', {
      description: "Constant Contact's own id of the track, a short key; registrations are found by it.",
    }),
    campaignActivityId: requiredId(t, 'campaign_activity_id', 'Id of the registration form.'),
    campaignActivity: t.field({
      type: EmailCampaignActivity,
      description:
        'The registration form, as an activity of a campaign. One that cannot be read has its ids and nothing else.',
      queryCost: activityReference(),
      resolve: resolvers.activityOf((track: Track) => track.campaign_activity_id),
    }),
    confirmationEmailActivityId: t.exposeID('conf_email_campaign_activity_id', {
      description: 'Id of the email that confirms a registration.',
    }),
    confirmationEmail: t.field({
      type: EmailCampaignActivity,
      description:
        'The email that confirms a registration. One that cannot be read has its ids and nothing else.',
      queryCost: activityReference(),
      resolve: resolvers.activityOf((track: Track) => track.conf_email_campaign_activity_id),
    }),
    registrationType: t.exposeString('registration_type', {
      description: 'How people register, in the words of the API, such as TICKET.',
    }),
    registrationEndsAt: dateTime(t, 'registration_end_time', 'Until when people can register.'),
    registrationClosed: t.exposeBoolean('reg_manually_closed_flag', {
      description: 'Whether registration was closed by hand.',
    }),
    ticketCapacity: t.exposeInt('overall_ticket_capacity', {
      description: 'How many tickets there are of all kinds.',
    }),
    singleTicketOnly: t.exposeBoolean('restrict_to_single_ticket_flag', {
      description: 'Whether a registration can have one ticket only.',
    }),
    ticketsHeader: t.exposeString('tickets_header', { description: 'Heading above the tickets.' }),
    itemsHeader: t.exposeString('items_header', {
      description: 'Heading above what is sold besides tickets.',
    }),
    feeScope: t.exposeString('platform_fee_scope_type', {
      description:
        'Who bears the fee of the platform, those who register or the host, in the words of the API, such as OWNER.',
    }),
    items: t.field({
      type: [EventItem],
      nullable: { list: true, items: false },
      description: 'What is sold besides tickets.',
      resolve: ({ items, currency }) => priced(items, currency),
    }),
    promoCodes: t.field({
      type: [EventPromoCode],
      nullable: { list: true, items: false },
      description: 'Words that make a registration cheaper.',
      resolve: ({ promo_codes, currency }) => priced(promo_codes, currency),
    }),
    mediaAssets: t.expose('media_assets', {
      type: [EventMediaAsset],
      nullable: { list: true, items: false },
      description: 'Pictures of the event.',
    }),
    createdAt: dateTime(t, 'create_time', 'When the track was made.'),
    updatedAt: dateTime(t, 'last_update_time', 'When it last changed.'),
  }),
});
