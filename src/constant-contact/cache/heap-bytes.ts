/** Memory of one value without its content. */
const OBJECT_BYTES = 32;
const SLOT_BYTES = 8;

/**
 * About how many bytes of memory a value takes: plain objects, arrays, maps, sets and what is in them.
 * @param most where counting ends, so that it takes no longer for what is too large anyway
 */
export function heapBytes(value: unknown, most: number): number {
  let bytes = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && bytes <= most) {
    const one = open.pop();
    if (typeof one === 'string') bytes += OBJECT_BYTES + one.length;
    else if (typeof one !== 'object' || one === null) bytes += SLOT_BYTES;
    else {
      const parts = one instanceof Map ? [...one.entries()].flat() : partsOf(one);
      bytes += OBJECT_BYTES + SLOT_BYTES * parts.length;
      for (const part of parts) open.push(part);
    }
  }
  return bytes;
}

function partsOf(value: object): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value instanceof Set ? [...(value as Set<unknown>)] : Object.values(value);
}
