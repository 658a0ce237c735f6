import { generateAccessKey } from '../server/access/keys.js';
import { parse, print, UsageError } from './support.js';

/** `key <name>`: creates a key for a caller of the server. The key is printed and not stored. */
export function key(args: string[]): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith('-'))
    throw new UsageError('key requires the name of the caller as its first argument');
  const { 'read-only': readOnly } = parse(rest, { 'read-only': { type: 'boolean', default: false } });
  const made = generateAccessKey(name, readOnly);
  print(`Give this key to the caller, who sends it as "x-api-key". It cannot be shown again:`);
  print(made.key);
  print('');
  print('Add this line to ACCESS_KEYS_FILE, or this entry to ACCESS_KEYS:');
  print(made.entry);
  return Promise.resolve();
}
