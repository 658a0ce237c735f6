import { builder } from './builder.js';
import { MoneyInput } from './money.js';
import { KEPT_IN_UPDATE, keptOf } from './update-words.js';

const PromoCodeTicketInput = builder.inputType('PromoCodeTicketInput', {
  description: `A kind of ticket, as a promo code shall see it; see \`PromoCodeTicket\`. ${keptOf('One with the same ticketId')}`,
  fields: (t) => ({
    ticketId: t.id({ description: 'Id of the kind of ticket.' }),
    name: t.string({ required: true, description: 'What it is called.' }),
    type: t.string({
      required: true,
      description: 'What kind it is, in the words of the API, such as PAID.',
    }),
    associated: t.boolean({ description: 'Whether the code counts for it.' }),
    shownOnRedemption: t.boolean({ description: 'Whether it is shown where the code is redeemed.' }),
    hidden: t.boolean({ description: 'Whether people do not see it.' }),
  }),
});

const PromoCodeItemInput = builder.inputType('PromoCodeItemInput', {
  description: `Something on sale, as a promo code shall see it; see \`PromoCodeItem\`. ${keptOf('One with the same itemId')}`,
  fields: (t) => ({
    itemId: t.id({ description: 'Id of the thing.' }),
    name: t.string({ required: true, description: 'What it is.' }),
    associated: t.boolean({ description: 'Whether the code counts for it.' }),
    shownOnRedemption: t.boolean({ description: 'Whether it is shown where the code is redeemed.' }),
    hidden: t.boolean({ description: 'Whether people do not see it.' }),
  }),
});

const EventPromoCodeInput = builder.inputType('EventPromoCodeInput', {
  description: `A word that makes a registration cheaper; see \`EventPromoCode\`. ${keptOf('One with the same promoCodeId')}`,
  fields: (t) => ({
    promoCodeId: t.id({ description: 'Id of the code, for one that is there already.' }),
    name: t.string({ required: true, description: 'The word to enter.' }),
    description: t.string({ description: 'What it is for.' }),
    scope: t.string({
      description: 'What becomes cheaper, in the words of the API, such as ORDER_TOTAL.',
    }),
    type: t.string({ description: 'How it becomes cheaper, in the words of the API, such as PERCENT.' }),
    discountAmount: t.field({ type: MoneyInput, description: 'What is taken off, 0 or more.' }),
    discountPercent: t.int({ description: 'Share that is taken off, in percent, 0 to 100.' }),
    quantityTotal: t.int({ description: 'How many times it can be used, 0 or more.' }),
    quantityUsed: t.int({ description: 'How many times it was used, 0 or more. The API keeps count.' }),
    quantityAvailable: t.int({
      description: 'How many times it can still be used, 0 or more. The API keeps count.',
    }),
    timeLimited: t.boolean({ description: 'Whether it counts between two times only.' }),
    startsAt: t.field({ type: 'DateTime', description: 'From when it counts.' }),
    endsAt: t.field({ type: 'DateTime', description: 'Until when it counts.' }),
    paused: t.boolean({ description: 'Whether it does not count for the time being.' }),
    status: t.string({ description: 'State of the code, in the words of the API.' }),
    tickets: t.field({
      type: [PromoCodeTicketInput],
      description: 'Kinds of tickets of the event, with whether the code counts for each.',
    }),
    items: t.field({
      type: [PromoCodeItemInput],
      description: 'Things on sale, with whether the code counts for each.',
    }),
    deletedAt: t.field({ type: 'DateTime', description: 'When it was deleted.' }),
  }),
});

const EventMediaAssetInput = builder.inputType('EventMediaAssetInput', {
  description: `A picture of an event; see \`EventMediaAsset\`. ${keptOf('One with the same internalId or externalId')}`,
  fields: (t) => ({
    internalId: t.id({ description: 'Id of the picture at Constant Contact.' }),
    externalId: t.id({ description: 'Id of the picture elsewhere.' }),
    url: t.string({ description: 'Address of the picture.' }),
    type: t.string({ description: 'What it is used for, in the words of the API, such as BNR.' }),
  }),
});

const LIST =
  'The list is sent as a whole, and the API does not say whether it keeps what is not in it: give all that shall be there. Null is the same as an empty list.';

export const EventTrackInput = builder.inputType('EventTrackInput', {
  description: `How people register. ${KEPT_IN_UPDATE} Tickets and things on sale cannot be changed through the API.`,
  fields: (t) => ({
    ticketCapacity: t.int({
      description: 'How many tickets there are of all kinds, 0 or more. It cannot be cleared.',
    }),
    registrationClosed: t.boolean({
      description: 'True closes registration by hand; false opens it again. Null is the same as false.',
    }),
    registrationEndsAt: t.field({
      type: 'DateTime',
      description: 'Until when people can register. It cannot be cleared.',
    }),
    registrationType: t.string({
      description: 'How people register, in the words of the API, such as TICKET. It cannot be cleared.',
    }),
    singleTicketOnly: t.boolean({
      description: 'Whether a registration can have one ticket only. Null is the same as false.',
    }),
    feeScope: t.string({
      description:
        'Who bears the fee of the platform, in the words of the API, such as OWNER. It cannot be cleared.',
    }),
    ticketsHeader: t.string({ description: 'Heading above the tickets; null empties it.' }),
    itemsHeader: t.string({ description: 'Heading above what else is sold; null empties it.' }),
    promoCodes: t.field({
      type: [EventPromoCodeInput],
      description: `Words that make a registration cheaper. ${LIST}`,
    }),
    mediaAssets: t.field({ type: [EventMediaAssetInput], description: `Pictures of the event. ${LIST}` }),
  }),
});
