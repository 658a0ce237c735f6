import { destination, pino } from 'pino';
import type { LogLevel } from '../config.js';

/**
 * Where this program tells what happens: pino's own loggers are such, and so is any that takes details and a message in
 * this order. Nothing secret and no client data is ever handed to it.
 */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Lines of JSON on standard error; standard output is left to what a command prints. */
export function createLogger(level: LogLevel): Logger {
  // Lines go out together, a little late: to write each by itself costs a tenth of the time of a small answer. What is
  // left when the process ends is written then.
  const out = destination({ dest: 2, sync: false, minLength: 16_000, periodicFlush: 100 });
  const lines = pino({ level, base: null }, out);
  // Nothing logs headers on purpose; this is for the day that an error carries a request along. What went well is told in
  // numbers and names alone, one line for each operation.
  const redact = ['*.authorization', '*.headers', '*.*.headers'];
  const guarded = pino({ level, base: null, redact }, out);
  return {
    info: lines.info.bind(lines),
    warn: guarded.warn.bind(guarded),
    error: guarded.error.bind(guarded),
  };
}

export function silentLogger(): Logger {
  const ignore = () => undefined;
  return { info: ignore, warn: ignore, error: ignore };
}
