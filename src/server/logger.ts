import { destination, pino, type DestinationStream } from 'pino';
import type { LogLevel } from '../config.js';
import { spanIds } from './tracing.js';

/**
 * Interface of the log: pino's loggers have it, and so does any object whose methods take details and a message in
 * this order. It never receives secrets, and client data only at level `debug`.
 */
export interface Logger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
  /** The only lines with client data: the API's messages about a refused request. */
  debug?(details: object, message: string): void;
}

/** Characters after which lines are written, and milliseconds after which fewer are. */
const TOGETHER = 16_000;
const LATEST_MS = 100;

/**
 * Buffers log lines and writes them together, with a short delay: writing each on its own costs a tenth of the time of a small
 * response. pino's destinations can do so, too, but count all waiting bytes again with each line, and write from a thread of
 * their own, which costs another twentieth and writes some lines twice when the process ends.
 */
class LineBuffer {
  /** Buffers with pending lines, flushed when the process ends. */
  static readonly waiting = new Set<LineBuffer>();

  readonly #out: DestinationStream;
  #lines: string[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: DestinationStream) {
    this.#out = out;
  }

  write(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= TOGETHER) this.flush();
    else if (!this.#timer) {
      LineBuffer.waiting.add(this);
      this.#timer = setTimeout(() => this.flush(), LATEST_MS).unref();
    }
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    LineBuffer.waiting.delete(this);
    this.#out.write(this.#lines.join(''));
    this.#lines = [];
    this.#length = 0;
  }
}

// Registered before pino adds its own listeners, which write the lines of its destinations.
for (const end of ['beforeExit', 'exit'])
  process.on(end, () => {
    for (const lines of LineBuffer.waiting) lines.flush();
  });

/** Lines of JSON on standard error; standard output is for the output of commands. */
export function createLogger(level: LogLevel): Logger {
  const out = new LineBuffer(destination({ dest: 2, sync: true }));
  const lines = pino({ level, base: null, mixin: spanIds }, out);
  // Headers are never logged on purpose; this covers errors that contain a request. Successful operations are logged with
  // numbers and names only, in one line each.
  const redact = ['*.authorization', '*.headers', '*.*.headers'];
  const guarded = pino({ level, base: null, redact, mixin: spanIds }, out);
  return {
    info: lines.info.bind(lines),
    warn: guarded.warn.bind(guarded),
    error: guarded.error.bind(guarded),
    debug: guarded.debug.bind(guarded),
  };
}

export function silentLogger(): Logger {
  const ignore = () => undefined;
  return { info: ignore, warn: ignore, error: ignore };
}
