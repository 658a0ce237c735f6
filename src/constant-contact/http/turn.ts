/**
 * Calls back at the end of this turn of the event loop. What writes to a socket waits for it, so that all writes of a turn follow
 * each other: a write wakes the program at the other end, and one that finds it awake costs a fraction.
 *
 * @param callback must not throw: others come after it
 */
export function atTurnEnd(callback: () => void): void {
  if (waiting.push(callback) === 1) setImmediate(runAll);
}

let waiting: (() => void)[] = [];

function runAll(): void {
  const callbacks = waiting;
  waiting = [];
  for (const callback of callbacks) callback();
}
