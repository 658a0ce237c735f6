import { Readable } from 'node:stream';
import { Form } from '../constant-contact/http/form.js';
import { inspect, type Contents } from './contact-import-inspect.js';
import { checkBytes, checkSmsPermission, IMPORT_LIMITS, unknownColumnsError } from './contact-import.js';
import type { ImportContactsFromFileInput, ImportFile } from './inputs.js';
import { rawIds } from './support/global-id.js';
import { InputError } from './support/input-error.js';
import { convertAll } from './support/limits.js';
import { mutate } from './support/mutate.js';

const FIELD = ['input', 'file'];

/**
 * One call, plus one for the account's custom fields if a heading is not one of the API's. The file is
 * checked first, because the API silently drops rows beyond its limits and unknown columns.
 */
export const importContactsFromFile = mutate(
  async ({ input }: { input: ImportContactsFromFileInput }, { api, loaders }) => {
    const [list_ids, name, contents] = convertAll(
      () => rawIds('ContactList', input.listIds, ['input', 'listIds'], { max: IMPORT_LIMITS.lists }),
      () => fileName(input),
      () => contentsOf(input.file),
      () => checkSmsPermission(input.smsPermissionToSend),
    );
    const file = await inspect(contents, FIELD, () => loaders.customFields.all());
    checkBytes(file.size, FIELD);
    const unknownColumns = file.columns
      .filter(({ isKnown, heading }) => !isKnown && heading !== '')
      .map(({ heading }) => heading);
    const mappedColumns = file.columns.filter(({ heading, name }) => heading !== name && heading !== '');
    if (unknownColumns.length > 0 && input.allowUnknownColumns !== true)
      throw unknownColumnsError(unknownColumns, FIELD);

    const body = new Form({
      file: { name, type: 'text/csv', size: file.size, stream: () => file.stream() },
      list_ids: list_ids.join(','),
      ...(input.smsPermissionToSend != null && { sms_permission_to_send: input.smsPermissionToSend }),
    });
    const bulkActivity = await api.call('contactsCSVImport', { body });
    return { bulkActivity, unknownColumns, mappedColumns, convertedFrom: file.convertedFrom };
  },
);

function fileName({ file, fileName: name }: ImportContactsFromFileInput): string {
  if (name != null && !/^[^/\\\p{Cc}]+\.csv$/iu.test(name)) {
    throw new InputError('INVALID', 'The name of the file must end in .csv.', ['input', 'fileName']);
  }
  const own = file.upload?.name ?? '';
  return name ?? (/^[^/\\\p{Cc}]+\.csv$/iu.test(own) ? own : 'contacts.csv');
}

function contentsOf({ upload, text, base64 }: ImportFile): Contents {
  if (upload) return upload;
  if (text != null) return inMemory(Buffer.from(text));
  if (!isBase64(base64 ?? ''))
    throw new InputError('INVALID', 'This is not valid base64.', [...FIELD, 'base64']);
  return inMemory(Buffer.from(base64 ?? '', 'base64'));
}

/** Ignores line breaks and blanks. Must stay linear: the text can be several megabytes. */
function isBase64(text: string): boolean {
  const padding = text.indexOf('=');
  const letters = padding === -1 ? text : text.slice(0, padding);
  return (
    !/[^A-Za-z0-9+/\s]/.test(letters) && (padding === -1 || /^={1,2}$/.test(text.slice(padding).trimEnd()))
  );
}

function inMemory(bytes: Buffer): Contents {
  return { size: bytes.length, stream: () => Readable.from([bytes]) };
}
