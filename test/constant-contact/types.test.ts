import { expect, it } from 'vitest';
import type { Api } from '../../src/constant-contact/api.js';
import { Form } from '../../src/constant-contact/http/form.js';

/** Never run: the compiler is the test. A line below a `@ts-expect-error` that compiles makes it fail. */
export async function calls(api: Api): Promise<void> {
  const contact = await api.call('getContact', { path: { contact_id: 'c1' } });
  const name: string | null | undefined = contact.first_name;
  await api.call('getContact', { path: { contact_id: 'c1' }, query: {} });
  await api.call('getUserPrivileges', {});
  await api.call('getContacts', { page: 'cursor=x' });
  const nothing: undefined = await api.call('deleteContact', { path: { contact_id: 'c1' } });
  const csv: string = await api.call('getContactsExport', { path: { file_export_id: 'e1' } });
  await api.call('contactsCSVImport', { body: new Form({}) });

  // @ts-expect-error there is no such operation
  await api.call('getNothing', {});
  // @ts-expect-error the path needs its id
  await api.call('getContact', {});
  // @ts-expect-error the path has another name for it
  await api.call('getContact', { path: { id: 'c1' } });
  // @ts-expect-error the operation has no such parameter
  await api.call('getContacts', { query: { colour: 'red' } });
  // @ts-expect-error a read takes no body
  await api.call('getContacts', { body: {} });
  // @ts-expect-error a create needs its body
  await api.call('createList', {});
  // @ts-expect-error the operation has no path parameter
  await api.call('getContacts', { path: { contact_id: 'c1' } });
  // @ts-expect-error an import takes a form
  await api.call('contactsCSVImport', { body: { file: 'x' } });
  // @ts-expect-error the answer has no such property
  void contact.nonsense;
  // @ts-expect-error only this operation gives a file
  await api.download('getContacts', {});
  void [name, nothing, csv];
}

it('calls are typed by their operation', () => {
  expect(calls).toBeTypeOf('function');
});
