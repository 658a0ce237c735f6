import { words } from './format.js';

const TONES: Readonly<Record<string, string>> = {
  EXPLICIT: 'good',
  IMPLICIT: 'good',
  PENDING_CONFIRMATION: 'wait',
  TEMP_HOLD: 'wait',
  UNSUBSCRIBED: 'bad',
  DELETED: 'bad',
};

const LABELS: Readonly<Record<string, string>> = {
  EXPLICIT: 'Subscribed',
  IMPLICIT: 'Subscribed',
  PENDING_CONFIRMATION: 'Pending',
  TEMP_HOLD: 'On hold',
  NOT_SET: 'Not set',
};

/** Email permission of a contact. */
export function Permission({ value }: { value: string | null | undefined }) {
  if (!value) return <span className="badge">No email</span>;
  return <span className={`badge ${TONES[value] ?? ''}`}>{LABELS[value] ?? words(value)}</span>;
}
