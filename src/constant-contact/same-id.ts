/** In the alphabet of UUIDs, so that most IDs need one look. */
const CAPITAL = /[A-F]/;
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * An ID in the form in which IDs are compared. UUIDs are equal in any case (RFC 9562): those of callers are in lower case, those of
 * responses need not be. Other IDs stay as they are. A response may have a number where the contract has a text.
 */
export function idKey(id: string | number): string {
  if (typeof id !== 'string') return String(id);
  return CAPITAL.test(id) && UUID.test(id) ? id.toLowerCase() : id;
}
