import type { IncomingMessage } from 'node:http';

/** Size of the first buffer for merged chunks. */
const MIN_BUFFER_BYTES = 1_024;

/** Returns true if the headers announce a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Holds what arrives of a body until the body is read: the parser cannot be stopped before the end of the data that it has read from
 * the socket, and nothing more is read. Chunks are merged, because each takes a multiple of its length.
 *
 * @param isRefused true to discard it: its request is refused by its headers
 */
export function holdBody(request: IncomingMessage, isRefused: boolean): void {
  const { push, _read: read } = request;
  let buffer: Buffer | null = null;
  let length = 0;
  const append = (chunk: Buffer) => {
    const end = length + chunk.length;
    // Most bodies are one chunk, which is not copied.
    if (!buffer) buffer = chunk;
    else {
      if (end > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(MIN_BUFFER_BYTES, 2 * end));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      chunk.copy(buffer, length);
    }
    length = end;
  };
  const release = () => {
    request.push = push;
    request._read = read;
    if (buffer) request.push(buffer.subarray(0, length));
    buffer = null;
  };
  request.push = (chunk: Buffer | null) => {
    if (chunk === null) {
      release();
      return request.push(null);
    }
    if (!isRefused) append(chunk);
    return false;
  };
  request._read = (size) => {
    release();
    request._read(size);
  };
}
