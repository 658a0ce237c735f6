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
  /** The only lines that may hold client data: what the REST API says was wrong with a request. */
  debug?(details: object, message: string): void;
}

/** Letters of lines that are written together, and milliseconds after which fewer are. */
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
      this.#timer = setTimeout(() => {
        this.flush();
      }, LATEST_MS).unref();
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

// Before pino has listeners of its own, which write what its destinations have.
for (const end of ['beforeExit', 'exit'])
  process.on(end, () => {
    for (const lines of LineBuffer.waiting) lines.flush();
  });

/** Lines of JSON on standard error; standard output is left to what a command prints. */
export function createLogger(level: LogLevel): Logger {
  const out = new LineBuffer(destination({ dest: 2, sync: true }));
  const lines = pino({ level, base: null, mixin: spanIds }, out);
  // Nothing logs headers on purpose; this is for the day that an error carries a request along. What went well is told in
  // numbers and names alone, one line for each operation.
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
