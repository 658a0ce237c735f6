import type { RegistrationIds } from '../loaders/event-registration.js';
import { checkTrackId, rawRegistrationId } from './event-registration.js';
import type { UpdateEventRegistrationPaymentStatusInput, UpdateEventRegistrationsInput } from './inputs.js';
import { dropNulls } from './support/drop-nulls.js';
import { inputId } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { supportedValue, maxItems } from './support/limits.js';
import { mutate, type UserError } from './support/mutate.js';

/** Maximum number of registrations per request. The contract sets no limit. */
export const REGISTRATIONS_MAX = 500;

const STATUSES = {
  APPROVED: 'APPROVED',
  CANCELED: 'CANCELED',
  DECLINED: 'DECLINED',
  PENDING: 'PENDING',
  REGISTERED: 'REGISTERED',
};
const PAYMENT_STATUSES = { PAID: 'Paid', PENDING: 'Pending', REFUNDED: 'Refunded', FAILED: 'Failed' };

const UNREPORTED_FAILURES =
  'Constant Contact changed only some of these registrations, and does not report which. Read them to find out.';

/** Outcome of one registration. */
export interface RegistrationResult extends RegistrationIds {
  updated: boolean;
}

export const updateEventRegistrations = mutate(
  async ({ input }: { input: UpdateEventRegistrationsInput }, { api }) => {
    const { path, ids } = registrations(input);
    const registration_status = supportedValue(
      input.status,
      STATUSES,
      'The status can be set to APPROVED, CANCELED, DECLINED, PENDING or REGISTERED.',
      ['input', 'status'],
    );
    const answer = await api.send('updateRegistrationStatusUsingPUT', {
      path,
      query: dropNulls({
        return_items_to_inventory: input.returnItemsToInventory,
        increase_count: input.increaseCount,
        increase_item_count: input.increaseItemCount,
      }),
      body: { registration_ids: ids, registration_status },
    });
    return outcome(path, ids, answer);
  },
);

export const updateEventRegistrationPaymentStatus = mutate(
  async ({ input }: { input: UpdateEventRegistrationPaymentStatusInput }, { api }) => {
    const { path, ids } = registrations(input);
    const payment_status = supportedValue(
      input.paymentStatus,
      PAYMENT_STATUSES,
      'The payment status can be set to PAID, PENDING, REFUNDED or FAILED.',
      ['input', 'paymentStatus'],
    );
    const answer = await api.send('updateRegistrationPaymentStatusUsingPUT', {
      path,
      body: { registration_ids: ids, payment_status },
    });
    return outcome(path, ids, answer);
  },
);

interface TrackPath {
  event_id: string;
  track_id: string;
}

function registrations(input: UpdateEventRegistrationsInput | UpdateEventRegistrationPaymentStatusInput): {
  path: TrackPath;
  ids: string[];
} {
  const eventId = inputId('Event', input, 'eventId');
  const trackId = checkTrackId(input.trackId, ['input', 'trackId']);
  const field = ['input', 'registrationIds'];
  const ids = input.registrationIds.map((id, index) =>
    rawRegistrationId(id, { eventId, trackId }, [...field, String(index)]),
  );
  const unique = [...new Set(ids)];
  if (unique.length === 0) throw new InputError('REQUIRED', 'Give at least one registration.', field);
  maxItems(unique, REGISTRATIONS_MAX, field);
  return { path: { event_id: eventId, track_id: trackId }, ids: unique };
}

/** A 200 has no body and means that all succeeded; a 207 lists the failures. */
function outcome(
  { event_id: eventId, track_id: trackId }: TrackPath,
  ids: readonly string[],
  { status, body }: { status: number; body: { failed_registration_ids?: string[] } | undefined },
): { results: RegistrationResult[]; userErrors: UserError[] } {
  const failed = new Set(
    body?.failed_registration_ids?.map((id: string | number) => String(id).toLowerCase()),
  );
  const hasFailed = ids.map((id) => failed.has(id.toLowerCase()));
  const isUnreported = status === 207 && !hasFailed.includes(true);
  const some = hasFailed.includes(false);
  return {
    results: ids.map((registrationId, index) => ({
      eventId,
      trackId,
      registrationId,
      updated: !isUnreported && !hasFailed[index],
    })),
    userErrors: isUnreported
      ? [{ code: 'PARTLY_DONE', field: ['input', 'registrationIds'], message: UNREPORTED_FAILURES }]
      : ids.flatMap((id, index) =>
          hasFailed[index]
            ? [
                {
                  code: some ? 'PARTLY_DONE' : 'REJECTED',
                  field: ['input', 'registrationIds', String(index)],
                  message: `Constant Contact did not change the registration ${id}.${some ? ' Other registrations of the request were changed.' : ''}`,
                },
              ]
            : [],
        ),
  };
}
