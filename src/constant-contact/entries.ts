/** An option of `LRUCache`: its largest number of entries. `max` would allocate room for all of them at once. */
export function upTo(entries: number): { maxSize: number; sizeCalculation: () => number } {
  return { maxSize: entries, sizeCalculation: () => 1 };
}
