import { readFileSync } from 'node:fs';

/**
 * Starts to measure the time that these processes take, in milliseconds, without that in which they were ready to run but others
 * had the processors: a busy machine is no fault of theirs. Where the system does not report it, the whole time counts.
 */
export function stopwatch(pids: readonly (number | undefined)[] = []): () => number {
  const own = [process.pid, ...pids];
  const began = performance.now();
  const before = own.map(readyMs);
  return () => {
    const waited = own.map((pid, at) => Math.max(0, readyMs(pid) - (before[at] ?? 0)));
    return performance.now() - began - waited.reduce((sum, ms) => sum + ms, 0);
  };
}

/** Time for which a process has been ready to run without running, since its start. */
function readyMs(pid: number | undefined): number {
  try {
    const [, waited] = readFileSync(`/proc/${String(pid)}/schedstat`, 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0;
  }
}
