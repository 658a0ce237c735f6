import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FormFile } from './form.js';

/** Bytes that are read at once. */
const PIECE = 65_536;

/** The temporary directory cannot be written to, or is full; `cause` is the file system's own error. */
export class StorageError extends Error {
  constructor(cause: unknown) {
    super('A file cannot be stored.', { cause });
  }
}

/**
 * A file on disk that only this process can read, until it is closed. Its directory entry is removed as soon as it is open, so
 * that nothing remains after a crash.
 */
export class StoredFile implements FormFile {
  readonly name: string;
  readonly type: string;
  #size = 0;
  readonly #handle: FileHandle;

  private constructor(name: string, type: string, handle: FileHandle) {
    this.name = name;
    this.type = type;
    this.#handle = handle;
  }

  /**
   * Opens an empty file in the system's temporary directory.
   * @throws StorageError
   */
  static async open(name: string, type: string): Promise<StoredFile> {
    const path = join(tmpdir(), `constant-contact-graphql-${randomUUID()}`);
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'wx+', 0o600);
      await rm(path);
      return new StoredFile(name, type, handle);
    } catch (error) {
      await handle?.close();
      throw new StorageError(error);
    }
  }

  get size(): number {
    return this.#size;
  }

  /** @throws StorageError */
  async append(chunk: Uint8Array): Promise<void> {
    try {
      await this.#handle.appendFile(chunk);
    } catch (error) {
      throw new StorageError(error);
    }
    this.#size += chunk.length;
  }

  /** Reads from its beginning, any number of times. */
  async *stream(): AsyncGenerator<Uint8Array> {
    let position = 0;
    while (position < this.#size) {
      // Not a stream of Node: one that is left before its end closes the file despite `autoClose: false`.
      const piece = await this.read(position);
      if (piece.length === 0) return;
      yield piece;
      position += piece.length;
    }
  }

  /** Some bytes from this position on; none at its end. */
  async read(position: number): Promise<Buffer> {
    const length = Math.min(PIECE, Math.max(0, this.#size - position));
    const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  }

  /** Waits for reads in flight. Later reads fail. */
  close(): Promise<void> {
    return this.#handle.close();
  }
}
