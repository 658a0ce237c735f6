/** Parses a `multipart/mixed` response into its parts, as they arrive. */
export async function* partsOf(response: Response): AsyncGenerator<any, void> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const end = text.indexOf('\r\n---', 1);
      if (end === -1) {
        const { value, done } = await reader.read();
        if (done) return;
        text += decoder.decode(value, { stream: true });
        continue;
      }
      const body = text.slice(0, end).split('\r\n\r\n')[1];
      text = text.slice(end + 5);
      if (body) yield JSON.parse(body);
      if (text.startsWith('--')) return;
    }
  } finally {
    await reader.cancel();
  }
}

/** Merges the parts of a response as a client does. */
export function merge(parts: readonly any[]): any {
  const [first, ...rest] = parts;
  const data = structuredClone(first.data);
  for (const { data: part, path } of rest.flatMap(({ incremental = [] }) => incremental)) {
    const target = path.reduce((value: any, key: string | number) => value[key], data);
    Object.assign(target, part);
  }
  return data;
}
