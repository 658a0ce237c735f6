import { builder } from './builder.js';
import { MoneyInput } from './money.js';
import { KEPT_IN_UPDATE, keptOf } from './update-words.js';
import { limited, NOT_BLANK } from './limits.js';

const PromoCodeTicketInput = builder.inputType('PromoCodeTicketInput', {
  description: `Ticket type in a promo code; see \`PromoCodeTicket\`. ${keptOf('A ticket type with the same `ticketId`')}`,
  fields: (t) => ({
    ticketId: t.id({ description: 'ID of the ticket type.' }),
    name: t.string({ required: true, description: 'Name of the ticket type.' }),
    type: t.string({
      required: true,
      description: 'Type of ticket, as the REST API names it, such as PAID.',
    }),
    associated: t.boolean({ description: 'True when the promo code applies to the ticket type.' }),
    shownOnRedemption: t.boolean({
      description: 'True when the ticket type is shown where the promo code is redeemed.',
    }),
    hidden: t.boolean({ description: 'True when the ticket type is hidden from the public.' }),
  }),
});

const PromoCodeItemInput = builder.inputType('PromoCodeItemInput', {
  description: `Item in a promo code; see \`PromoCodeItem\`. ${keptOf('An item with the same `itemId`')}`,
  fields: (t) => ({
    itemId: t.id({ description: 'ID of the item.' }),
    name: t.string({ required: true, description: 'Name of the item.' }),
    associated: t.boolean({ description: 'True when the promo code applies to the item.' }),
    shownOnRedemption: t.boolean({
      description: 'True when the item is shown where the promo code is redeemed.',
    }),
    hidden: t.boolean({ description: 'True when the item is hidden from the public.' }),
  }),
});

const EventPromoCodeInput = builder.inputType('EventPromoCodeInput', {
  description: `Code that makes a registration cheaper; see \`EventPromoCode\`. ${keptOf('A promo code with the same `promoCodeId`')}`,
  fields: (t) => ({
    promoCodeId: t.id({ description: 'ID of an existing promo code.' }),
    name: t.string({ required: true, ...limited`Code that attendees enter.${NOT_BLANK}` }),
    description: t.string({ description: 'Purpose of the promo code.' }),
    scope: t.string({
      description: 'Part of the order that is discounted, as the REST API names it, such as ORDER_TOTAL.',
    }),
    type: t.string({ description: 'Type of discount, as the REST API names it, such as PERCENT.' }),
    discountAmount: t.field({ type: MoneyInput, ...limited`Discount as an amount, ${{ minimum: 0 }}.` }),
    discountPercent: t.int(limited`Discount in percent, ${{ minimum: 0, maximum: 100 }}.`),
    quantityTotal: t.int(limited`Number of times that the promo code can be used, ${{ minimum: 0 }}.`),
    quantityUsed: t.int(
      limited`Number of times that the promo code was used, ${{ minimum: 0 }}. The API maintains it.`,
    ),
    quantityAvailable: t.int(limited`Number of remaining uses, ${{ minimum: 0 }}. The API maintains it.`),
    timeLimited: t.boolean({
      description: 'True when the promo code is valid only between `startsAt` and `endsAt`.',
    }),
    startsAt: t.field({ type: 'DateTime', description: 'When the promo code becomes valid.' }),
    endsAt: t.field({ type: 'DateTime', description: 'When the promo code expires.' }),
    paused: t.boolean({ description: 'True when the promo code is temporarily not valid.' }),
    status: t.string({ description: 'Status of the promo code, as the REST API names it.' }),
    tickets: t.field({
      type: [PromoCodeTicketInput],
      description: 'Ticket types of the event. `associated` says if the promo code applies to them.',
    }),
    items: t.field({
      type: [PromoCodeItemInput],
      description: 'Items of the event. `associated` says if the promo code applies to them.',
    }),
    deletedAt: t.field({ type: 'DateTime', description: 'When the promo code was deleted.' }),
  }),
});

const EventMediaAssetInput = builder.inputType('EventMediaAssetInput', {
  description: `Picture of an event; see \`EventMediaAsset\`. ${keptOf('A picture with the same `internalId` or `externalId`')}`,
  fields: (t) => ({
    internalId: t.id({ description: 'ID of the picture in Constant Contact.' }),
    externalId: t.id({ description: 'ID of the picture in another system.' }),
    url: t.string({ description: 'Address of the picture.' }),
    type: t.string({
      description:
        'Purpose of the picture, as a code of the REST API such as BNR. Constant Contact documents no list of codes: use the `type` of an existing picture.',
    }),
  }),
});

const LIST =
  'The list is sent as a whole, and the API does not document what happens to entries that are missing: include all entries. `null` is the same as an empty list.';

export const EventTrackInput = builder.inputType('EventTrackInput', {
  description: `Registration track of an event. ${KEPT_IN_UPDATE} Tickets and items cannot be changed through the API.`,
  fields: (t) => ({
    ticketCapacity: t.int(
      limited`Total number of tickets of all types, ${{ minimum: 0 }}. It ${{ nullable: false }}.`,
    ),
    registrationClosed: t.boolean({
      description:
        'True to close registration manually, false to open it again. `null` is the same as false.',
    }),
    registrationEndsAt: t.field({
      type: 'DateTime',
      ...limited`Registration deadline. It ${{ nullable: false }}.`,
    }),
    registrationType: t.string({
      ...limited`Type of registration, as the REST API names it, such as TICKET. It ${{ nullable: false }}.`,
    }),
    singleTicketOnly: t.boolean({
      description: 'True to limit a registration to one ticket. `null` is the same as false.',
    }),
    feeScope: t.string({
      ...limited`Payer of the platform fee, as the REST API names it, such as OWNER. It ${{ nullable: false }}.`,
    }),
    ticketsHeader: t.string({ description: 'Heading above the tickets. `null` clears it.' }),
    itemsHeader: t.string({ description: 'Heading above the items. `null` clears it.' }),
    promoCodes: t.field({
      type: [EventPromoCodeInput],
      description: `Promo codes of the event. ${LIST}`,
    }),
    mediaAssets: t.field({ type: [EventMediaAssetInput], description: `Pictures of the event. ${LIST}` }),
  }),
});
