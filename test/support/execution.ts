/**
 * How the servers of this run of the suite execute operations, by EXECUTION: `interpreted`, or, unless said, `planned` from
 * the first use on. Everything that is tested has to hold in both.
 */
export const planFrom = process.env['EXECUTION'] === 'interpreted' ? Infinity : 1;
