import { expect, it } from 'vitest';
import { manualClock } from './support/clock.js';
import { scripted } from './support/scripted.js';
import { json } from './support/upstream.js';

/** The response of a PUT may leave out the SMS channel that it has set. */
const { answering, ask, requests, start: startWith } = scripted();

const ID = '00000000-0000-11ee-8000-000000000001';
const EMAIL = { address: 'a@x.example', permission_to_send: 'explicit' };
const CHANNEL = { sms_channel_id: ID, sms_address: '2025550166', dial_code: '1' };
const INPUT = {
  emailAddress: { address: EMAIL.address },
  smsChannel: { fullSmsAddress: '+12025550166', permission: 'EXPLICIT' },
};

/** @param told whether the response of the PUT has the channel */
async function start(told: boolean): Promise<void> {
  let hasChannel = false;
  const contact = () => ({
    contact_id: ID,
    email_address: EMAIL,
    ...(hasChannel && { sms_channel: CHANNEL }),
  });
  await answering((url, { method }) => {
    if (method === 'PUT') {
      hasChannel = true;
      return told ? contact() : { ...contact(), sms_channel: undefined };
    }
    return url.pathname.endsWith('/contacts') ? { contacts: [contact()] } : contact();
  });
}

const run = async (name: string, input: object, selection: string) => {
  const type = `${name[0]?.toUpperCase() ?? ''}${name.slice(1)}Input`;
  const text = `mutation ($input: ${type}!) { ${name}(input: $input) { contact { ${selection} } userErrors { code field } } }`;
  return (await ask(text, { input }))[name] as unknown;
};
const methods = () => requests().map(({ method }) => method);

it.each([
  ['updateContact', { ...INPUT, id: ID }],
  ['upsertContact', INPUT],
])('%s reads the channel when it is selected', async (name, input) => {
  await start(false);
  const channel = { smsChannel: { smsAddress: CHANNEL.sms_address } };
  expect(await run(name, input, 'smsChannel { smsAddress }')).toEqual({ contact: channel, userErrors: [] });
  expect(methods()).toEqual(['GET', 'PUT', 'GET']);
});

it.each([
  ['updateContact', { ...INPUT, id: ID }],
  ['upsertContact', INPUT],
])('%s reads nothing when the channel is not selected, or in the response', async (name, input) => {
  await start(false);
  expect(await run(name, input, 'contactId')).toEqual({ contact: { contactId: ID }, userErrors: [] });
  expect(methods()).toEqual(['GET', 'PUT']);
  await start(true);
  const channel = { smsChannel: { smsAddress: CHANNEL.sms_address } };
  expect(await run(name, input, 'smsChannel { smsAddress }')).toEqual({ contact: channel, userErrors: [] });
  expect(methods()).toEqual(['GET', 'PUT']);
});

it.each([
  ['updateContact', 404, [], 3],
  ['updateContact', 400, ['DONE_UNREAD'], 3],
  ['updateContact', 403, ['DONE_UNREAD'], 3],
  ['upsertContact', 400, ['DONE_UNREAD'], 3],
  ['updateContact', 503, ['DONE_UNREAD'], 6],
])('%s succeeds although its channel cannot be read (%i)', async (name, status, codes, calls) => {
  const contact = { contact_id: ID, email_address: EMAIL };
  const clock = manualClock();
  let isWritten = false;
  await startWith(
    (response, { method, url }) => {
      if (isWritten) {
        json(response, status, [{ error_key: 'contacts.api.error', error_message: 'No.' }]);
        return;
      }
      isWritten = method === 'PUT';
      const isSearch = new URL(url, 'http://upstream').pathname.endsWith('/contacts');
      json(response, 200, isSearch ? { contacts: [contact] } : contact);
    },
    { clock },
  );
  const input = name === 'updateContact' ? { ...INPUT, id: ID } : INPUT;
  expect(await clock.run(run(name, input, 'contactId smsChannel { smsAddress }'))).toEqual({
    contact: { contactId: ID, smsChannel: null },
    userErrors: codes.map((code) => ({ code, field: ['input', 'smsChannel'] })),
  });
  expect(methods().filter((method) => method === 'PUT')).toHaveLength(1);
  expect(methods()).toHaveLength(calls);
});
