import { registrationDetails } from '../loaders/event-registration.js';
import { registrationRow } from '../resolvers/event-registration.js';
import * as resolvers from '../resolvers/event-registration-write.js';
import { builder } from './builder.js';
import type { Fields, InputFields } from './fields.js';
import { PaymentStatus } from './event-order.js';
import { EventRegistration, RegistrationStatus } from './event-registration.js';
import { cost } from './cost.js';
import { mutation } from './mutation.js';
import { limited } from './limits.js';

const registrations = (t: InputFields) => ({
  eventId: t.id({ required: true, description: 'Global ID or Constant Contact ID of the event.' }),
  trackId: t.id({ required: true, description: 'ID of the track of the event; see `Event.track`.' }),
  registrationIds: t.idList({
    required: true,
    ...limited`Global IDs or Constant Contact IDs of registrations of this track, ${{ minItems: 1, maxItems: resolvers.REGISTRATIONS_MAX }}.`,
  }),
});

const EventRegistrationResult = builder.objectRef<resolvers.RegistrationResult>('EventRegistrationResult');
EventRegistrationResult.implement({
  description: 'Result for one of several registrations.',
  fields: (t) => ({
    registrationId: t.exposeID('registrationId', {
      nullable: false,
      description: 'Constant Contact ID of the registration.',
    }),
    updated: t.exposeBoolean('updated', {
      nullable: false,
      description:
        'False when the API lists the registration among those that it could not change. When payment statuses are changed, the API does not list registrations without a payment.',
    }),
    registration: t.field({
      type: EventRegistration,
      description: 'Registration after the mutation.',
      queryCost: cost.one(registrationDetails, { unless: ['id', 'eventId', 'trackId', 'registrationId'] }),
      resolve: registrationRow,
    }),
  }),
});

const PARTLY = 'With PARTLY_DONE, some registrations were changed and others were not.';

const results = (t: Fields<{ results?: readonly resolvers.RegistrationResult[] }>) =>
  t.expose('results', {
    type: [EventRegistrationResult],
    description: 'Results for the registrations, in the order of the input.',
    queryCost: cost.sameRows,
  });

mutation('updateEventRegistrations', {
  description: 'Changes the status of registrations: approves, declines or cancels them.',
  queryCost: cost.all(cost.calls(1), cost.rowsOf('input', 'registrationIds')),
  argument: 'Registrations and their new status.',
  input: (t) => ({
    ...registrations(t),
    status: t.field({
      type: RegistrationStatus.type,
      required: true,
      ...limited`New status: ${{ enum: ['APPROVED', 'CANCELED', 'DECLINED', 'PENDING', 'REGISTERED'] }}. The API does not document all values that it accepts; it rejects the others. Tickets of a CANCELED registration can no longer be checked in.`,
    }),
    returnItemsToInventory: t.boolean({
      description: 'True to put ordered items back on sale. Default: true.',
    }),
    increaseCount: t.boolean({
      description: 'True to exceed the number of available tickets.',
    }),
    increaseItemCount: t.boolean({
      description: 'True to exceed the number of available items.',
    }),
  }),
  payloadNote: PARTLY,
  payload: (t) => ({ results: results(t) }),
  resolve: resolvers.updateEventRegistrations,
});

mutation('updateEventRegistrationPaymentStatus', {
  description:
    'Changes the payment status of registrations. The API skips registrations without a payment method (free ones) and does not report them.',
  queryCost: cost.all(cost.calls(1), cost.rowsOf('input', 'registrationIds')),
  argument: 'Registrations and their new payment status.',
  input: (t) => ({
    ...registrations(t),
    paymentStatus: t.field({
      type: PaymentStatus.type,
      required: true,
      ...limited`New payment status: ${{ enum: ['PAID', 'PENDING', 'REFUNDED', 'FAILED'] }}.`,
    }),
  }),
  payloadNote: PARTLY,
  payload: (t) => ({ results: results(t) }),
  resolve: resolvers.updateEventRegistrationPaymentStatus,
});
