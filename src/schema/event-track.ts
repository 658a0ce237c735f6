import type { Schema } from '../constant-contact/contract/operations.js';
import * as resolvers from '../resolvers/event.js';
import { moneyOf, priced, type Priced } from '../resolvers/support/money.js';
import { builder } from './builder.js';
import { EmailCampaignActivity } from './email-campaign-activity.js';
import { dateTime, requiredId, requiredText } from './fields.js';
import { Money } from './money.js';
import { activityReference } from './references.js';

type Track = resolvers.Track;

const EventStatusLabel = builder.objectRef<Schema<'StatusDisplayLabelDto'>>('EventStatusLabel').implement({
  description: 'Status label on the registration page.',
  fields: (t) => ({
    label: t.exposeString('label', { description: 'Text of the label.' }),
    labelKey: t.exposeString('label_key', { description: 'Translation key of the label.' }),
  }),
});

const EventItemAttribute = builder.objectRef<Schema<'AttributeDto'>>('EventItemAttribute').implement({
  description: 'Variant of an item, such as a size.',
  fields: (t) => ({
    attributeId: t.exposeID('attribute_id', { description: 'ID of the variant.' }),
    name: requiredText(t, 'name', 'Name of the variant.'),
    displayOrder: t.exposeInt('display_order', { description: 'Position among the variants.' }),
    quantityTotal: t.exposeInt('quantity_total', {
      description: 'Number of pieces of the variant that were for sale at the start.',
    }),
    quantitySold: t.exposeInt('quantity_sold', {
      description: 'Number of pieces of the variant that were sold.',
    }),
    quantityRemaining: t.exposeInt('quantity_remaining', {
      description: 'Number of pieces of the variant that are still for sale.',
    }),
    paused: t.exposeBoolean('paused_flag', {
      description: 'True when the variant is temporarily not on sale.',
    }),
    statusLabels: t.expose('status_labels', {
      type: [EventStatusLabel],
      description: 'Status labels of the variant on the registration page.',
    }),
    createdAt: dateTime(t, 'create_time', 'When the variant was created.'),
    updatedAt: dateTime(t, 'last_update_time', 'When the variant was last changed.'),
    deletedAt: dateTime(t, 'deleted_time', 'When the variant was deleted. `null` while it exists.'),
  }),
});

const EventItem = builder.objectRef<Priced<Schema<'ItemDto'>>>('EventItem').implement({
  description: 'Item that is sold in addition to tickets.',
  fields: (t) => ({
    itemId: t.exposeID('item_id', { description: 'ID of the item.' }),
    name: requiredText(t, 'name', 'Name of the item.'),
    description: t.exposeString('description', { description: 'Text about the item.' }),
    displayOrder: t.exposeInt('display_order', { description: 'Position among the items.' }),
    price: t.field({
      type: Money,
      description: 'Price of one item.',
      resolve: ({ price, currency }) => moneyOf(price, currency),
    }),
    quantityTotal: t.exposeInt('quantity_total', {
      description: 'Number of pieces of the item that were for sale at the start.',
    }),
    quantitySold: t.exposeInt('quantity_sold', {
      description: 'Number of pieces of the item that were sold.',
    }),
    quantityRemaining: t.exposeInt('quantity_remaining', {
      description: 'Number of pieces of the item that are still for sale.',
    }),
    limitPerOrder: t.exposeInt('limit_per_order', { description: 'Maximum number of pieces per order.' }),
    showsRemaining: t.exposeBoolean('show_remaining_flag', {
      description: 'True when the public sees how many pieces are left.',
    }),
    paused: t.exposeBoolean('paused_flag', { description: 'True when the item is temporarily not on sale.' }),
    hidden: t.exposeBoolean('hidden_flag', { description: 'True when the item is hidden from the public.' }),
    deletable: t.exposeBoolean('deletable_flag', { description: 'True when the item can be deleted.' }),
    timeLimited: t.exposeBoolean('time_limit_flag', {
      description: 'True when the item is on sale only between `startsAt` and `endsAt`.',
    }),
    startsAt: dateTime(t, 'start_time', 'When the sale of the item starts.'),
    endsAt: dateTime(t, 'end_time', 'When the sale of the item ends.'),
    mediaId: t.exposeID('media_internal_id', { description: 'ID of the picture of the item.' }),
    mediaUrl: t.exposeString('media_url', { description: 'Address of the picture of the item.' }),
    statusLabels: t.expose('status_labels', {
      type: [EventStatusLabel],
      description: 'Status labels of the item on the registration page.',
    }),
    attributes: t.expose('attributes', {
      type: [EventItemAttribute],
      description: 'Variants of the item.',
    }),
    createdAt: dateTime(t, 'create_time', 'When the item was created.'),
    updatedAt: dateTime(t, 'last_update_time', 'When the item was last changed.'),
    deletedAt: dateTime(t, 'deleted_time', 'When the item was deleted. `null` while it exists.'),
  }),
});

const PromoCodeTicket = builder.objectRef<Schema<'TicketSummaryDto'>>('PromoCodeTicket').implement({
  description: 'Ticket type in a promo code.',
  fields: (t) => ({
    ticketId: t.exposeID('ticket_id', { description: 'ID of the ticket type.' }),
    name: requiredText(t, 'name', 'Name of the ticket type.'),
    type: requiredText(t, 'ticket_type', 'Type of ticket, as the REST API names it, such as PAID.'),
    associated: t.exposeBoolean('associated', {
      description: 'True when the promo code applies to the ticket type.',
    }),
    shownOnRedemption: t.exposeBoolean('display_ticket_on_promo_redemption', {
      description: 'True when the ticket type is shown where the promo code is redeemed.',
    }),
    hidden: t.exposeBoolean('hidden_flag', {
      description: 'True when the ticket type is hidden from the public.',
    }),
  }),
});

const PromoCodeItem = builder.objectRef<Schema<'ItemSummaryDto'>>('PromoCodeItem').implement({
  description: 'Item in a promo code.',
  fields: (t) => ({
    itemId: t.exposeID('item_id', { description: 'ID of the item.' }),
    name: requiredText(t, 'name', 'Name of the item.'),
    associated: t.exposeBoolean('associated', {
      description: 'True when the promo code applies to the item.',
    }),
    shownOnRedemption: t.exposeBoolean('display_item_on_promo_redemption', {
      description: 'True when the item is shown where the promo code is redeemed.',
    }),
    hidden: t.exposeBoolean('hidden_flag', { description: 'True when the item is hidden from the public.' }),
  }),
});

const EventPromoCode = builder.objectRef<Priced<Schema<'PromoCodeDto'>>>('EventPromoCode').implement({
  description: 'Code that makes a registration cheaper.',
  fields: (t) => ({
    promoCodeId: t.exposeID('id', { description: 'ID of the promo code.' }),
    name: requiredText(t, 'name', 'Code that attendees enter.'),
    description: t.exposeString('description', { description: 'Purpose of the promo code.' }),
    scope: t.exposeString('discount_code_scope', {
      description: 'Part of the order that is discounted, as the REST API names it, such as ORDER_TOTAL.',
    }),
    type: t.exposeString('discount_code_type', {
      description: 'Type of discount, as the REST API names it, such as PERCENT.',
    }),
    discountAmount: t.field({
      type: Money,
      description: 'Discount as an amount. `null` for a percentage.',
      resolve: ({ discount_amount, currency }) => moneyOf(discount_amount, currency),
    }),
    discountPercent: t.exposeInt('discount_percent', {
      description: 'Discount in percent. `null` for an amount.',
    }),
    quantityTotal: t.exposeInt('quantity_total', {
      description: 'Number of times that the promo code can be used.',
    }),
    quantityUsed: t.exposeInt('quantity_used', {
      description: 'Number of times that the promo code was used.',
    }),
    quantityAvailable: t.exposeInt('quantity_available', {
      description: 'Number of remaining uses.',
    }),
    timeLimited: t.exposeBoolean('time_limit_flag', {
      description: 'True when the promo code is valid only between `startsAt` and `endsAt`.',
    }),
    startsAt: dateTime(t, 'start_time', 'When the promo code becomes valid.'),
    endsAt: dateTime(t, 'end_time', 'When the promo code expires.'),
    paused: t.exposeBoolean('paused_flag', {
      description: 'True when the promo code is temporarily not valid.',
    }),
    status: t.exposeString('status', { description: 'Status of the promo code, as the REST API names it.' }),
    statusLabels: t.expose('status_labels', {
      type: [EventStatusLabel],
      description: 'Status labels of the promo code on the registration page.',
    }),
    tickets: t.expose('tickets', {
      type: [PromoCodeTicket],
      description: 'Ticket types of the event. `associated` says if the promo code applies to them.',
    }),
    items: t.expose('items', {
      type: [PromoCodeItem],
      description: 'Items of the event. `associated` says if the promo code applies to them.',
    }),
    deletedAt: dateTime(t, 'deleted_time', 'When the promo code was deleted. `null` while it exists.'),
  }),
});

const EventMediaAsset = builder.objectRef<Schema<'EventMediaAssetDto'>>('EventMediaAsset').implement({
  description: 'Picture of an event.',
  fields: (t) => ({
    internalId: t.exposeID('internal_id', { description: 'ID of the picture in Constant Contact.' }),
    externalId: t.exposeID('external_id', { description: 'ID of the picture in another system.' }),
    url: t.exposeString('external_url', { description: 'Address of the picture.' }),
    type: t.exposeString('media_type', {
      description: 'Purpose of the picture, as a code of the REST API such as BNR.',
    }),
    createdAt: dateTime(t, 'create_time', 'When the picture was created.'),
    updatedAt: dateTime(t, 'last_update_time', 'When the picture was last changed.'),
  }),
});

export const EventTrack = builder.objectRef<Track>('EventTrack').implement({
  description:
    'Registration track of an event: its form, deadline, items and promo codes. An event has one track.',
  fields: (t) => ({
    trackId: t.exposeID('track_id', {
      description: 'Constant Contact ID, a short key. It is needed to read registrations.',
    }),
    campaignActivityId: requiredId(t, 'campaign_activity_id', 'ID of the registration form.'),
    campaignActivity: t.field({
      type: EmailCampaignActivity,
      description:
        'Registration form, as an activity of a campaign. An activity that cannot be read has only its IDs.',
      queryCost: activityReference(),
      resolve: resolvers.activityOf((track: Track) => track.campaign_activity_id),
    }),
    confirmationEmailActivityId: t.exposeID('conf_email_campaign_activity_id', {
      description: 'ID of the email that confirms a registration.',
    }),
    confirmationEmail: t.field({
      type: EmailCampaignActivity,
      description: 'Email that confirms a registration. An activity that cannot be read has only its IDs.',
      queryCost: activityReference(),
      resolve: resolvers.activityOf((track: Track) => track.conf_email_campaign_activity_id),
    }),
    registrationType: t.exposeString('registration_type', {
      description: 'Type of registration, as the REST API names it, such as TICKET.',
    }),
    registrationEndsAt: dateTime(t, 'registration_end_time', 'Registration deadline.'),
    registrationClosed: t.exposeBoolean('reg_manually_closed_flag', {
      description: 'True when registration was closed manually.',
    }),
    ticketCapacity: t.exposeInt('overall_ticket_capacity', {
      description: 'Total number of tickets of all types.',
    }),
    singleTicketOnly: t.exposeBoolean('restrict_to_single_ticket_flag', {
      description: 'True when a registration is limited to one ticket.',
    }),
    ticketsHeader: t.exposeString('tickets_header', { description: 'Heading above the tickets.' }),
    itemsHeader: t.exposeString('items_header', {
      description: 'Heading above the items.',
    }),
    feeScope: t.exposeString('platform_fee_scope_type', {
      description:
        'Payer of the platform fee (the attendees or the host), as the REST API names it, such as OWNER.',
    }),
    items: t.field({
      type: [EventItem],
      description: 'Items that are sold in addition to tickets.',
      resolve: ({ items, currency }) => priced(items, currency),
    }),
    promoCodes: t.field({
      type: [EventPromoCode],
      description: 'Promo codes of the event.',
      resolve: ({ promo_codes, currency }) => priced(promo_codes, currency),
    }),
    mediaAssets: t.expose('media_assets', {
      type: [EventMediaAsset],
      description: 'Pictures of the event.',
    }),
    createdAt: dateTime(t, 'create_time', 'When the track was created.'),
    updatedAt: dateTime(t, 'last_update_time', 'When the track was last changed.'),
  }),
});
