import { generateAccessKey } from '../server/access/keys.js';
import { parse, print, UsageError } from './support.js';

/** `key <name>`: creates a key for a caller of the server. The key is printed and not stored. */
export function key(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith('-'))
    throw new UsageError('key requires the name of the caller, such as: key reports --read-only');
  if (rest.some((arg) => !arg.startsWith('-')))
    throw new UsageError('key takes one name. Write a name without spaces.');
  const { 'read-only': readOnly } = parse(rest, { 'read-only': { type: 'boolean', default: false } });
  const made = generateAccessKey(name, readOnly);
  print('Key for the caller, to send in the header "x-api-key". It is shown only now:');
  print(made.key);
  print('');
  print('Line for ACCESS_KEYS_FILE, or entry for ACCESS_KEYS:');
  print(made.entry);
  return Promise.resolve();
}
