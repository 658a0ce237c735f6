import { destination, pino, type Logger } from 'pino';
import type { LogLevel } from '../config.js';

export type { Logger } from 'pino';

/** Lines of JSON on standard error; standard output is left to what a command prints. */
export function createLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: null,
      // Nothing logs headers on purpose; this is for the day that an error carries a request along.
      redact: ['*.authorization', '*.headers', '*.*.headers'],
    },
    destination(2),
  );
}

export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
