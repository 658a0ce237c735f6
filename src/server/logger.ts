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
  return pino(
    {
      level,
      base: null,
      // Nothing logs headers on purpose; this is for the day that an error carries a request along.
      redact: ['*.authorization', '*.headers', '*.*.headers'],
    },
    // Lines go out together, a little late: to write each by itself costs a tenth of the time of a small answer. What is
    // left when the process ends is written then.
    destination({ dest: 2, sync: false, minLength: 4_096, periodicFlush: 100 }),
  );
}

export function silentLogger(): Logger {
  const ignore = () => undefined;
  return { info: ignore, warn: ignore, error: ignore };
}
