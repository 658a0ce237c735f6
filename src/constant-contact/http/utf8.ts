import { ConstantContactError } from '../errors.js';

/**
 * Converts a text file to UTF-8 if it is in UTF-16, which its first two bytes show: a byte order mark, or one of them is 0.
 * UTF-8 stays unchanged.
 * @throws ConstantContactError `invalidResponse` for UTF-16 that is truncated or invalid
 */
export function inUtf8(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]: () => {
      const source = body[Symbol.asyncIterator]();
      const pieces = converted({ [Symbol.asyncIterator]: () => source });
      let failure: { error: unknown } | undefined;
      return {
        next: async () => {
          if (failure) throw failure.error;
          try {
            return await pieces.next();
          } catch (error) {
            failure = { error };
            throw error;
          }
        },
        // A generator that was not started, or waits for its source, would not close it.
        return: async () => {
          await source.return?.();
          return pieces.return(undefined);
        },
      };
    },
  };
}

async function* converted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let head: Uint8Array | undefined = new Uint8Array();
  let decoder: TextDecoder | undefined;
  for await (const chunk of body) {
    let bytes = chunk;
    if (head) {
      head = Buffer.concat([head, chunk]);
      if (head.length < 2) continue;
      bytes = head;
      head = undefined;
      const encoding = utf16Of(bytes);
      decoder = encoding && new TextDecoder(encoding, { fatal: true });
    }
    yield decoder ? decoded(decoder, bytes) : bytes;
  }
  if (head?.length) yield head;
  if (decoder) decoded(decoder);
  return undefined;
}

function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return undefined;
}

/** A part of the text, or with none, its end. */
function decoded(decoder: TextDecoder, bytes?: Uint8Array): Uint8Array {
  try {
    return Buffer.from(decoder.decode(bytes, { stream: bytes !== undefined }));
  } catch (cause) {
    throw new ConstantContactError('invalidResponse', 'The export file is not valid UTF-16.', {
      operationId: 'getContactsExport',
      cause,
    });
  }
}
