/** Memory of one value without its content. */
const OBJECT_BYTES = 32;
const SLOT_BYTES = 8;
/** V8 stores a string with any character beyond Latin-1 in two bytes per character. */
const WIDE = /[\u0100-\uffff]/;
/** Shorter strings are not searched: `OBJECT_BYTES` has room for their second bytes. */
const SHORT = 16;

/**
 * About how many bytes of memory a value takes: plain objects, arrays, maps, sets and what is in them.
 * @param most where counting ends, so that it takes no longer for what is too large anyway
 */
export function heapBytes(value: unknown, most: number): number {
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && bytes <= most) {
    const one = open.pop();
    if (typeof one === 'string') bytes += stringBytes(one);
    else if (typeof one !== 'object' || one === null) bytes += SLOT_BYTES;
    else {
      const parts = one instanceof Map ? [...one.entries()].flat() : partsOf(one);
      bytes += OBJECT_BYTES + SLOT_BYTES * parts.length;
      for (const part of parts) open.push(part);
    }
  }
  return bytes;
}

function stringBytes(text: string): number {
  return OBJECT_BYTES + text.length * (text.length > SHORT && WIDE.test(text) ? 2 : 1);
}

function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value instanceof Set ? [...(value as Set<unknown>)] : Object.values(value);
}
