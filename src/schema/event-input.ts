import { builder } from './builder.js';
import type { InputFields } from './fields.js';
import { EventTrackInput } from './event-track-input.js';
import { EventStatus, EventType } from './event-enums.js';
import { KEPT_IN_UPDATE } from './update-words.js';
import { limited, NOT_BLANK, unstated } from './limits.js';

const NOT_NULL = { nullable: false } as const;

const EventAddressInput = builder.inputType('EventAddressInput', {
  description: `Location of an event. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    venue: t.string(limited`Venue name, ${{ maxLength: 100 }}.`),
    line1: t.string(limited`First address line, ${{ maxLength: 80 }}.`),
    line2: t.string(limited`Second address line, ${{ maxLength: 80 }}.`),
    city: t.string(limited`City, ${{ maxLength: 80 }}.`),
    state: t.string(limited`State or province, ${{ maxLength: 80 }}.`),
    stateCode: t.string(limited`Code of the state or province, ${{ maxLength: 2 }}.`),
    postalCode: t.string(limited`Postal code, ${{ maxLength: 25 }}.`),
    country: t.string(limited`Country, ${{ maxLength: 128 }}.`),
    countryCode: t.string(limited`Country code, ${{ maxLength: 2 }}.`),
    latitude: t.float(
      limited`Latitude in degrees, ${{ minimum: -90, maximum: 90 }}. It ${{ nullable: false }}: set it again together with a new address.`,
    ),
    longitude: t.float(
      limited`Longitude in degrees, ${{ minimum: -180, maximum: 180 }}. It ${{ nullable: false }}: set it again together with a new address.`,
    ),
  }),
});

const NEEDED = limited`Required when a new event gets a contact person. It ${{ nullable: false }}.${NOT_BLANK}`;

const EventContactInput = builder.inputType('EventContactInput', {
  description: `Contact person for an event. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    name: t.string(limited`Name of the contact person, ${{ maxLength: 100 }}. ${NEEDED}`),
    organizationName: t.string(limited`Organisation of the contact person, ${{ maxLength: 255 }}. ${NEEDED}`),
    email: t.string(
      limited`Reply-to address, ${{ maxLength: 128 }}. It also receives notices of registrations.`,
    ),
    fromEmail: t.string(limited`Sender address of confirmations, ${{ maxLength: 128 }}.`),
    phone: t.string(
      limited`Phone number of the contact person, ${{ maxLength: 25 }}. It ${{ nullable: false }}.${NOT_BLANK}`,
    ),
  }),
});

const OnlineMeetingInput = builder.inputType('OnlineMeetingInput', {
  description: `Online access to an event. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    enabled: t.boolean({
      description: 'True when the event can be attended online. `null` is the same as false.',
    }),
    url: t.string({ description: 'Address to join the meeting.' }),
    label: t.string({ description: 'Text of the join link.' }),
    instructions: t.string({ description: 'Instructions for joining the meeting.' }),
    provider: t.string(
      limited`Provider of the meeting, as the REST API names it, such as ZOOM. It ${{ nullable: false }}.`,
    ),
  }),
});

const EventDisplayInput = builder.inputType('EventDisplayInput', {
  description: `Public visibility of the details of an event. ${KEPT_IN_UPDATE} \`null\` is the same as false.`,
  fields: (t) => ({
    contact: t.boolean({ description: 'True to show the contact person on the form and the confirmation.' }),
    endTime: t.boolean({ description: 'True to show the end time on the form and the confirmation.' }),
    timeZone: t.boolean({ description: 'True to show the time zone on the form and the confirmation.' }),
    onCalendar: t.boolean({ description: 'True to show the event in the calendar of the account.' }),
  }),
});

const EventFeaturesInput = builder.inputType('EventFeaturesInput', {
  description: `Optional features of an event: items for sale, payment and promo codes. ${KEPT_IN_UPDATE} \`null\` is the same as false.`,
  fields: (t) => ({
    items: t.boolean({ description: 'True to sell items in addition to tickets.' }),
    payment: t.boolean({ description: 'True for a paid event.' }),
    promoCodes: t.boolean({ description: 'True to accept promo codes.' }),
  }),
});

/** Fields that creating and updating an event share, besides the name and the times. */
export function eventFields(t: InputFields) {
  return {
    title: t.string(limited`Public title, ${{ maxLength: 100 }}. It ${NOT_NULL}.`),
    description: t.string(limited`Text about the event, ${{ maxLength: 600 }}. \`null\` clears it.`),
    status: t.field({
      type: EventStatus.type,
      ...limited`${{ enum: ['DRAFT', 'ACTIVE', 'COMPLETE', 'CANCELED'] }}. It ${NOT_NULL}. The API decides which change is possible; only draft and published events can be changed.`,
    }),
    type: t.field({ type: EventType.type, ...limited`Category of the event. It ${NOT_NULL}.` }),
    code: t.string({ description: 'Short code of the event. `null` clears it.' }),
    timeZone: t.string(limited`Time zone of the location, such as US/Eastern. It ${NOT_NULL}.`),
    currency: t.string(
      limited`Currency of all prices, as a code of three capital letters. It ${NOT_NULL}. Required for events that collect payments.`,
    ),
    locationType: t.string(
      limited`Type of location (a place, online or both), as the REST API names it, such as PHYSICAL. It ${NOT_NULL}.`,
    ),
    location: t.field({
      type: EventAddressInput,
      description:
        'Location of the event. `null` clears the address, but not the coordinates, for which the API has no empty value.',
    }),
    onlineMeeting: t.field({
      type: OnlineMeetingInput,
      description: 'Online access to the event. `null` disables it.',
    }),
    contact: t.field({
      type: EventContactInput,
      ...limited`Contact person for the event. This ${NOT_NULL}.`,
    }),
    display: t.field({
      type: EventDisplayInput,
      ...limited`Public visibility of the details, which ${NOT_NULL}.`,
    }),
    features: t.field({
      type: EventFeaturesInput,
      ...limited`Optional features of the event, which ${NOT_NULL}.`,
    }),
    notifyOwner: t.boolean({
      description: 'True to email the account about each registration. `null` is the same as false.',
    }),
    track: t.field({
      type: EventTrackInput,
      ...limited`Registration track of the event.${unstated({ nullable: false })}`,
    }),
  };
}
