import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { Form, type FormFile } from '../../src/constant-contact/http/form.js';

function fileOf(name: string, chunks: readonly string[]): FormFile & { reads: () => number } {
  let reads = 0;
  const bytes = chunks.map((chunk) => Buffer.from(chunk));
  return {
    name,
    type: 'text/csv',
    size: Buffer.concat(bytes).length,
    stream: () => {
      reads += 1;
      return Readable.from(bytes);
    },
    reads: () => reads,
  };
}

async function received(form: Form): Promise<FormData> {
  const { headers, body } = form.encode();
  const bytes = new Uint8Array(await buffer(body));
  expect(String(bytes.length)).toBe(headers['content-length']);
  return new Response(bytes, { headers }).formData();
}

it('a form arrives as it was given, in order', async () => {
  const file = fileOf('Zoë’s "list".csv', ['email\n', 'zoë@example.com\n', '--form-\r\n']);
  const form = new Form({ list_ids: 'l1,l2', file, note: 'über\r\nzwei' });
  const parts = await received(form);
  expect([...parts.keys()]).toEqual(['list_ids', 'file', 'note']);
  expect(parts.get('list_ids')).toBe('l1,l2');
  expect(parts.get('note')).toBe('über\r\nzwei');
  const sent = parts.get('file') as File;
  expect(sent).toMatchObject({ name: 'Zoë’s "list".csv', type: 'text/csv' });
  expect(await sent.text()).toBe('email\nzoë@example.com\n--form-\r\n');
});

it('a name cannot inject further headers or parts', async () => {
  const parts = await received(new Form({ file: fileOf('a"\r\n\r\nb: c\r\n.csv', ['x']) }));
  expect([...parts.keys()]).toEqual(['file']);
  expect(await (parts.get('file') as File).text()).toBe('x');
});

it('files are read once per attempt, and not before', async () => {
  const file = fileOf('a.csv', ['email\n']);
  const form = new Form({ file });
  const [first, second] = [form.encode(), form.encode()];
  expect(file.reads()).toBe(0);
  expect(await buffer(first.body)).toEqual(await buffer(second.body));
  expect(file.reads()).toBe(2);
});

it('a form fails when its file does', async () => {
  const file: FormFile = {
    ...fileOf('a.csv', []),
    size: 6,
    stream: () =>
      new Readable({
        read() {
          this.destroy(new Error('gone'));
        },
      }),
  };
  await expect(buffer(new Form({ file }).encode().body)).rejects.toThrow('gone');
});
