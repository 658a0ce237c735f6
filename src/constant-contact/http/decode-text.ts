const utf8 = new TextDecoder();

/** UTF-8 as text, without a byte order mark, and with U+FFFD for malformed bytes. */
export function decodeText(bytes: Buffer): string {
  return utf8.decode(bytes);
}
