import { EVENT_LIMITS as limits } from '../resolvers/event-input.js';
import { builder } from './builder.js';
import { EventTrackInput } from './event-track-input.js';
import { EventStatus, EventType } from './event-enums.js';
import { KEPT_IN_UPDATE } from './update-words.js';

const most = (max: number) => `at most ${String(max)} characters`;

const EventAddressInput = builder.inputType('EventAddressInput', {
  description: `Where an event takes place. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    venue: t.string({ description: `Name of the place, ${most(limits.venue)}.` }),
    line1: t.string({ description: `First line, ${most(limits.addressLine)}.` }),
    line2: t.string({ description: `Second line, ${most(limits.addressLine)}.` }),
    city: t.string({ description: `City, ${most(limits.city)}.` }),
    state: t.string({ description: `State or province, ${most(limits.state)}.` }),
    stateCode: t.string({ description: `State or province as a code, ${most(limits.stateCode)}.` }),
    postalCode: t.string({ description: `Postal code, ${most(limits.postalCode)}.` }),
    country: t.string({ description: `Country, ${most(limits.country)}.` }),
    countryCode: t.string({ description: `Country as a code, ${most(limits.countryCode)}.` }),
    latitude: t.float({
      description:
        'Degrees north of the equator, −90 to 90. It cannot be cleared: give it anew with a new address.',
    }),
    longitude: t.float({ description: 'Degrees east of Greenwich, −180 to 180. Likewise.' }),
  }),
});

const NEEDED = 'A new event needs it when it gets a contact; it cannot be cleared.';

const EventContactInput = builder.inputType('EventContactInput', {
  description: `Whom to turn to. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    name: t.string({ description: `Name, ${most(limits.contactName)}. ${NEEDED}` }),
    organizationName: t.string({
      description: `Organization, ${most(limits.organizationName)}. ${NEEDED}`,
    }),
    email: t.string({
      description: `Address that answers and notices of registrations go to, ${most(limits.email)}.`,
    }),
    fromEmail: t.string({ description: `Address that confirmations come from, ${most(limits.email)}.` }),
    phone: t.string({
      description: `Phone number, ${most(limits.phone)}. It cannot be cleared.`,
    }),
  }),
});

const OnlineMeetingInput = builder.inputType('OnlineMeetingInput', {
  description: `How to take part online. ${KEPT_IN_UPDATE}`,
  fields: (t) => ({
    enabled: t.boolean({
      description: 'Whether the event can be attended online. Null is the same as false.',
    }),
    url: t.string({ description: 'Where to join.' }),
    label: t.string({ description: 'Text of the link.' }),
    instructions: t.string({ description: 'What to know before joining.' }),
    provider: t.string({
      description: 'Who runs the meeting, in the words of the API, such as ZOOM. It cannot be cleared.',
    }),
  }),
});

const EventDisplayInput = builder.inputType('EventDisplayInput', {
  description: `What people get to see. ${KEPT_IN_UPDATE} Null is the same as false.`,
  fields: (t) => ({
    contact: t.boolean({ description: 'Whether form and confirmation show whom to turn to.' }),
    endTime: t.boolean({ description: 'Whether form and confirmation show the end.' }),
    timeZone: t.boolean({ description: 'Whether the form and the confirmation show the time zone.' }),
    onCalendar: t.boolean({ description: 'Whether the event is in the calendar of the account.' }),
  }),
});

const EventFeaturesInput = builder.inputType('EventFeaturesInput', {
  description: `What the event makes use of. ${KEPT_IN_UPDATE} Null is the same as false.`,
  fields: (t) => ({
    items: t.boolean({ description: 'Whether things are sold besides tickets.' }),
    payment: t.boolean({ description: 'Whether anything has to be paid.' }),
    promoCodes: t.boolean({ description: 'Whether promo codes are taken.' }),
  }),
});

type InputFields = PothosSchemaTypes.InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>;

/** What creating and updating an event share, beyond its name and its time. */
export function eventFields(t: InputFields) {
  return {
    title: t.string({ description: `Title for the public, ${most(limits.title)}.` }),
    description: t.string({
      description: `What it is about, ${most(limits.description)}; null empties it.`,
    }),
    status: t.field({
      type: EventStatus.type,
      description:
        'DRAFT, ACTIVE, COMPLETE or CANCELED. The API decides what is possible: only drafts and published events can be changed at all.',
    }),
    type: t.field({ type: EventType.type, description: 'What kind of event it is.' }),
    code: t.string({ description: 'Short code of the event; null empties it.' }),
    timeZone: t.string({ description: 'Time zone of the place, such as US/Eastern.' }),
    currency: t.string({
      description: 'Currency of all prices, a code of three capitals. Events that collect payments need one.',
    }),
    locationType: t.string({
      description:
        'Whether it takes place somewhere, online or both, in the words of the API, such as PHYSICAL.',
    }),
    location: t.field({
      type: EventAddressInput,
      description: 'Where it takes place; null empties the address.',
    }),
    onlineMeeting: t.field({
      type: OnlineMeetingInput,
      description: 'How to take part online; null switches it off.',
    }),
    contact: t.field({ type: EventContactInput, description: 'Whom to turn to.' }),
    display: t.field({ type: EventDisplayInput, description: 'What people get to see.' }),
    features: t.field({ type: EventFeaturesInput, description: 'What the event makes use of.' }),
    notifyOwner: t.boolean({
      description: 'Whether the account is mailed at each registration. Null is the same as false.',
    }),
    track: t.field({ type: EventTrackInput, description: 'How people register.' }),
  };
}
