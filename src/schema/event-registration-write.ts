import { registrationDetails } from '../loaders/event-registration.js';
import { registrationRow } from '../resolvers/event-registration.js';
import * as resolvers from '../resolvers/event-registration-write.js';
import { builder } from './builder.js';
import { EventRegistration, PaymentStatus, RegistrationStatus } from './event-registration.js';
import { payloadType } from './payload.js';
import { cost } from './cost.js';

type InputFields = PothosSchemaTypes.InputFieldBuilder<(typeof builder)['$inferSchemaTypes'], 'InputObject'>;

const registrations = (t: InputFields) => ({
  eventId: t.id({ required: true, description: 'Global or raw id of the event.' }),
  trackId: t.id({ required: true, description: 'Id of the event’s track, see `Event.track`.' }),
  registrationIds: t.idList({
    required: true,
    description: `Global or raw ids of registrations of this track, at most ${String(resolvers.REGISTRATIONS_MAX)}.`,
  }),
});

const UpdateEventRegistrationsInput = builder.inputType('UpdateEventRegistrationsInput', {
  description: 'Registrations of one event, and what they shall become.',
  fields: (t) => ({
    ...registrations(t),
    status: t.field({
      type: RegistrationStatus.type,
      required: true,
      description:
        'APPROVED, CANCELED, DECLINED, PENDING or REGISTERED. The API does not document all that it takes; it refuses what it does not. Tickets of CANCELED ones cannot be checked in any more.',
    }),
    returnItemsToInventory: t.boolean({
      description: 'Whether things that were ordered can be sold again; true when left out.',
    }),
    increaseCount: t.boolean({
      description: 'Set to true to go beyond the number of tickets that there are.',
    }),
    increaseItemCount: t.boolean({
      description: 'Set to true to go beyond the number of things on sale that there are.',
    }),
  }),
});

const UpdateEventRegistrationPaymentStatusInput = builder.inputType(
  'UpdateEventRegistrationPaymentStatusInput',
  {
    description: 'Registrations of one event, and where their payment shall stand.',
    fields: (t) => ({
      ...registrations(t),
      paymentStatus: t.field({
        type: PaymentStatus.type,
        required: true,
        description: 'PAID, PENDING, REFUNDED or FAILED.',
      }),
    }),
  },
);

const EventRegistrationResult = builder.objectRef<resolvers.RegistrationResult>('EventRegistrationResult');
EventRegistrationResult.implement({
  description: 'What became of one registration in a request for many.',
  fields: (t) => ({
    registrationId: t.exposeID('registrationId', {
      nullable: false,
      description: 'Raw id of the registration.',
    }),
    updated: t.exposeBoolean('updated', {
      nullable: false,
      description:
        'False when the API names it among those that it could not change. Of registrations without a payment it says nothing when their payment is changed.',
    }),
    registration: t.field({
      type: EventRegistration,
      description: 'The registration as it is now.',
      queryCost: cost.one(registrationDetails, { unless: ['id', 'eventId', 'trackId', 'registrationId'] }),
      resolve: registrationRow,
    }),
  }),
});

const registrationsPayload = (payload: string, mutation: string) =>
  payloadType<{ results: readonly resolvers.RegistrationResult[] }>(
    payload,
    `What came of \`${mutation}\`. With PARTLY_DONE some registrations were changed and others not.`,
    (t) => ({
      results: t.field({
        type: [EventRegistrationResult],
        nullable: { list: true, items: false },
        description: 'What became of each registration, in the order in which they were given.',
        queryCost: cost.sameRows,
        resolve: (result) => result.results,
      }),
    }),
  );

const StatusPayload = registrationsPayload('UpdateEventRegistrationsPayload', 'updateEventRegistrations');
const PaymentStatusPayload = registrationsPayload(
  'UpdateEventRegistrationPaymentStatusPayload',
  'updateEventRegistrationPaymentStatus',
);

builder.mutationFields((t) => ({
  updateEventRegistrations: t.field({
    type: StatusPayload,
    description: 'Lets registrations in, turns them down or takes them back.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('input', 'registrationIds')),
    args: {
      input: t.arg({
        type: UpdateEventRegistrationsInput,
        required: true,
        description: 'The registrations and what they shall become.',
      }),
    },
    resolve: resolvers.updateEventRegistrations,
  }),
  updateEventRegistrationPaymentStatus: t.field({
    type: PaymentStatusPayload,
    description:
      'Records where the payment of registrations stands. The API passes over registrations without a way of paying, free ones, and does not say so.',
    queryCost: cost.all(cost.calls(1), cost.rowsOf('input', 'registrationIds')),
    args: {
      input: t.arg({
        type: UpdateEventRegistrationPaymentStatusInput,
        required: true,
        description: 'The registrations and where their payment shall stand.',
      }),
    },
    resolve: resolvers.updateEventRegistrationPaymentStatus,
  }),
}));
