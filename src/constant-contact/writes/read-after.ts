import { operations, type OperationFacts } from '../contract/operations.js';
import type { ConstantContactError } from '../errors.js';
import type { Job, Sender } from '../http/sender.js';
import { readOf } from './objects.js';

/**
 * Replaces an unreadable response to a write that was carried out: nothing where the contract declares no content,
 * or the object as it is now. Like a retry, this read is not in the query cost.
 * @throws the write's own error where the object cannot be read
 */
export async function readAfter(sender: Sender, job: Job, unread: ConstantContactError): Promise<unknown> {
  const { response }: OperationFacts = operations[job.id];
  if (response === 'none') return { status: unread.status, body: undefined };
  const id = readOf(job.id);
  if (id === undefined) throw unread;
  const { lastRead } = job.exchange ?? {};
  const { method, path, headers } =
    lastRead?.id === id ? lastRead.request : { ...job.request, method: 'GET' as const };
  const request = { method, path: path.replace(/\/name$/, ''), headers, body: null };
  return sender
    .send({ ...job, id, request, exchange: undefined, onSent: undefined, retry: 'auto' })
    .catch(() => {
      throw unread;
    });
}
