import { abortable } from '../abort.js';
import type { Clock } from '../clock.js';
import { CsvLimitError, RowScanner } from '../csv.js';
import { ConstantContactError } from '../errors.js';
import { StorageError, StoredFile } from '../http/stored-file.js';
import type { Signal } from '../stop.js';

/** Time for which a file answers new requests, and time for which requests that use it can continue. */
const FRESH_MS = 300_000;
const KEPT_MS = 600_000;
const MAX_FILES = 32;
/** Of all files together. */
const MAX_BYTES = 512 * 1_024 * 1_024;
/** Bytes between two places of a file at which it is known whether a row is open. */
const BETWEEN_MARKS = 65_536;

/** The part of a row scanner's work that was done up to a byte. */
interface Mark {
  at: number;
  scanner: RowScanner;
}

/** Where the bytes of all files are counted. */
interface Room {
  /** @throws ConstantContactError where there is no room for so many more bytes of this file */
  take(file: ExportFile, bytes: number): void;
  give(bytes: number): void;
}

/**
 * Export files on disk, each for the credentials that it was read with. A file is read from the API once for all that want
 * rows of it meanwhile and for some minutes after.
 */
export class ExportFiles implements Room {
  /** All that are open; the oldest comes first. */
  readonly #files = new Set<ExportFile>();
  /** Files that answer new requests, by credentials and path. */
  readonly #current = new Map<string, ExportFile>();
  readonly #clock: Clock;
  #bytes = 0;
  /** Files that are not in `#files` yet. */
  #opening = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(key: string): ExportFile | null {
    const file = this.#current.get(key);
    if (!file || file.hasBrokenOff) return null;
    const ageMs = this.#clock.now() - file.readAt;
    return ageMs >= 0 && ageMs < FRESH_MS ? file : null;
  }

  /**
   * Begins to store what comes in, and gives the file at once.
   *
   * @param isKept true if the file answers later requests
   * @param open asks the API for the file, once there is room for it
   * @throws ConstantContactError where there is none, or what `open` throws
   */
  async add(
    key: string,
    isKept: boolean,
    open: () => Promise<AsyncIterable<Uint8Array>>,
  ): Promise<ExportFile> {
    while (this.#files.size + this.#opening >= MAX_FILES) if (!this.#closeOldest(null)) throw noRoom();
    this.#opening += 1;
    try {
      return await this.#open(key, isKept, open);
    } finally {
      this.#opening -= 1;
    }
  }

  async #open(
    key: string,
    isKept: boolean,
    open: () => Promise<AsyncIterable<Uint8Array>>,
  ): Promise<ExportFile> {
    const stored = await StoredFile.open('export.csv', 'text/csv').catch((error: unknown) => {
      throw noRoom(error);
    });
    let chunks: AsyncIterator<Uint8Array>;
    const readAt = this.#clock.now();
    try {
      chunks = (await open())[Symbol.asyncIterator]();
    } catch (error) {
      await stored.close();
      throw error;
    }
    const file = new ExportFile(stored, chunks, readAt, this, () => {
      cancel();
      this.#files.delete(file);
      if (this.#current.get(key) === file) this.#current.delete(key);
    });
    const cancel = this.#clock.after(KEPT_MS, () => file.close());
    this.#files.add(file);
    if (isKept) this.#current.set(key, file);
    void file.fill();
    return file;
  }

  close(): void {
    for (const file of this.#files) file.close();
  }

  take(file: ExportFile, bytes: number): void {
    while (this.#bytes + bytes > MAX_BYTES) if (!this.#closeOldest(file)) throw noRoom();
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** @returns whether there was one that nobody reads, besides the one to keep */
  #closeOldest(kept: ExportFile | null): boolean {
    for (const file of this.#files) {
      if (file === kept || file.isRead) continue;
      file.close();
      return true;
    }
    return false;
  }
}

/** The file of one export, which can be read while it still comes in. */
export class ExportFile {
  /** When its request was made, in milliseconds since the epoch. */
  readonly readAt: number;
  readonly #stored: StoredFile;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #room: Room;
  readonly #onClose: () => void;
  readonly #scanner = new RowScanner();
  readonly #marks: Mark[] = [{ at: 0, scanner: new RowScanner() }];
  #isWhole = false;
  #failure: ConstantContactError | undefined;
  #hasBrokenOff = false;
  #isFilling = true;
  #isClosed = false;
  #isReleased = false;
  #readers = 0;
  /** Settles when more bytes are there, or when it is known that there are none. */
  #more = newGate();

  constructor(
    stored: StoredFile,
    chunks: AsyncIterator<Uint8Array>,
    readAt: number,
    room: Room,
    onClose: () => void,
  ) {
    this.#stored = stored;
    this.#chunks = chunks;
    this.readAt = readAt;
    this.#room = room;
    this.#onClose = onClose;
  }

  /** True if the API did not send all of it, so that it must be read again. */
  get hasBrokenOff(): boolean {
    return this.#hasBrokenOff;
  }

  get isRead(): boolean {
    return this.#readers > 0;
  }

  /** Stores the whole body. Never rejects: a failure is reported to those that read up to it. */
  async fill(): Promise<void> {
    try {
      for (;;) {
        const next = await this.#chunks.next().catch((error: unknown) => {
          this.#hasBrokenOff = true;
          throw error;
        });
        if (this.#isClosed || next.done) break;
        await this.#append(next.value);
      }
      this.#isWhole = !this.#isClosed;
    } catch (error) {
      this.#failure = failureOf(error);
      this.#stop();
      // A file that this server cannot store is closed at once: the next attempt may need its disk space.
      if (!this.#hasBrokenOff && !(error instanceof CsvLimitError)) this.close();
    }
    this.#isFilling = false;
    this.#openGate();
    this.#release();
  }

  /**
   * The bytes from this position on, as soon as they are there.
   *
   * @throws ConstantContactError what the reading from the API failed with, once it comes to that
   */
  async *read(from: number, signal: Signal): AsyncGenerator<Uint8Array, void, undefined> {
    this.#enter();
    try {
      for (let at = from; await this.#has(at, signal);) {
        const bytes = await this.#stored.read(at);
        at += bytes.length;
        yield bytes;
      }
    } finally {
      this.#leave();
    }
  }

  /** Returns true if a row begins at this byte, or after line ends that do. */
  async isRowStart(position: number, signal: Signal): Promise<boolean> {
    this.#enter();
    try {
      if (!(await this.#has(position, signal))) return false;
      const mark = this.#markBefore(position);
      const scanner = mark.scanner.copy();
      for (let { at } = mark; at < position;) {
        const bytes = (await this.#stored.read(at)).subarray(0, position - at);
        scanner.scan(bytes);
        at += bytes.length;
      }
      return scanner.isBetweenRows;
    } finally {
      this.#leave();
    }
  }

  /** Number of rows of the whole file, its headings included. */
  async rowCount(signal: Signal): Promise<number> {
    this.#enter();
    try {
      while (await this.#has(this.#stored.size, signal));
      return this.#scanner.rows + (this.#scanner.isBetweenRows ? 0 : 1);
    } finally {
      this.#leave();
    }
  }

  /** Stops what still comes in; the file goes when its last reader has left. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stop();
    this.#onClose();
    this.#openGate();
    this.#release();
  }

  /** Resolves to true if there are bytes at this position; waits until that is known. */
  async #has(position: number, signal: Signal): Promise<boolean> {
    while (position >= this.#stored.size) {
      if (this.#failure) throw this.#failure;
      if (this.#isWhole) return false;
      if (this.#isClosed) throw noRoom();
      await abortable(this.#more.opened, signal);
    }
    return true;
  }

  async #append(chunk: Uint8Array): Promise<void> {
    this.#scanner.scan(chunk);
    this.#room.take(this, chunk.length);
    try {
      await this.#stored.append(chunk);
    } catch (error) {
      this.#room.give(chunk.length);
      throw error;
    }
    const at = this.#stored.size;
    const last = this.#marks.at(-1);
    if (!last || at - last.at >= BETWEEN_MARKS) this.#marks.push({ at, scanner: this.#scanner.copy() });
    this.#openGate();
  }

  /** The last mark that is not behind this position. */
  #markBefore(position: number): Mark {
    let [low, high] = [0, this.#marks.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#marks[middle] as Mark).at <= position) low = middle;
      else high = middle - 1;
    }
    return this.#marks[low] as Mark;
  }

  #openGate(): void {
    const { open } = this.#more;
    this.#more = newGate();
    open();
  }

  #stop(): void {
    this.#chunks.return?.().catch(() => undefined);
  }

  /** @throws ConstantContactError for a file that was closed before */
  #enter(): void {
    if (this.#isClosed) throw noRoom();
    this.#readers += 1;
  }

  #leave(): void {
    this.#readers -= 1;
    this.#release();
  }

  /** Gives the disk back, once nobody uses it any more. */
  #release(): void {
    if (!this.#isClosed || this.#isFilling || this.#readers > 0 || this.#isReleased) return;
    this.#isReleased = true;
    this.#room.give(this.#stored.size);
    void this.#stored.close();
  }
}

interface Gate {
  opened: Promise<void>;
  open: () => void;
}

function newGate(): Gate {
  let open: Gate['open'] = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

function failureOf(error: unknown): ConstantContactError {
  if (error instanceof ConstantContactError) return error;
  if (error instanceof CsvLimitError) return notCsv(error);
  return noRoom(error);
}

/** The file is not what an export has: not CSV, or with rows beyond all measure. */
export function notCsv(cause: unknown): ConstantContactError {
  const message = cause instanceof CsvLimitError ? ` ${cause.message}` : '';
  return new ConstantContactError('invalidResponse', `The export file is not a CSV file.${message}`, {
    operationId: 'getContactsExport',
    cause,
  });
}

function noRoom(error?: unknown): ConstantContactError {
  return new ConstantContactError(
    'unavailable',
    'This server has no room for the export file right now. Try again later, or download it from its downloadPath.',
    {
      operationId: 'getContactsExport',
      ...(error !== undefined && { cause: error instanceof StorageError ? error.cause : error }),
    },
  );
}
