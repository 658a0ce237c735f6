/** How long work is started within one turn of the event loop. Other work waits for the next, so that new connections are seen. */
const TURN_MS = 10;
const MAX_STARTS = 64;

/** Starts work now, or in a later turn of the event loop when this one was busy for long; in the order of the calls. */
export type InTurn = (work: () => void) => void;

/** Shares the event loop among all that starts work on it: requests, and operations over WebSockets. */
export function createTurns(): InTurn {
  const deferred: (() => void)[] = [];
  let turnStartedAt: number | null = null;
  const onTurn = () => {
    turnStartedAt = null;
    // Each in a callback of its own, because much of its work is done when that has returned.
    for (let left = Math.min(deferred.length, MAX_STARTS); left > 0; left -= 1) setImmediate(startDeferred);
  };
  const startDeferred = () => {
    if (deferred.length > 0 && mayStart()) deferred.shift()?.();
  };
  const mayStart = () => {
    if (turnStartedAt === null) {
      turnStartedAt = performance.now();
      setImmediate(onTurn);
      return true;
    }
    return performance.now() - turnStartedAt < TURN_MS;
  };
  return (work) => {
    if (deferred.length === 0 && mayStart()) work();
    else deferred.push(work);
  };
}
