import process from 'node:process';

const ROWS = Array.from({ length: 10_000 }, (_, at) => ({
  id: String(at),
  name: `Row ${String(at)}`,
  parts: [at, at + 1],
}));
const TEXT = JSON.stringify(ROWS);
/** CPU time of one run of the task on the machine on which the limits of the tests were set, in milliseconds. */
const REFERENCE_MS = 40;

function task(): number {
  const before = process.cpuUsage();
  for (let at = 0; at < 5; at += 1) JSON.stringify(JSON.parse(TEXT));
  return process.cpuUsage(before).user / 1_000;
}

/**
 * Limits of CPU time hold on one machine only. This is the factor by which the present one, with what else runs on it now, is slower
 * than that on which they were set.
 *
 * @returns 1 or more
 */
export function slowdown(): number {
  task();
  const times = Array.from({ length: 9 }, task).sort((a, b) => a - b);
  return Math.max(1, times[4]! / REFERENCE_MS);
}
