import { describe, expect, it } from 'vitest';
import { settle } from './support/clock.js';
import { startFacade } from './support/facade.js';
import { failureOf, json, startHarness, startUpstream, until } from './support/upstream.js';

describe('the lock of an object', () => {
  it('is held until the write is finished, even when its caller disconnects before', async () => {
    const written: unknown[] = [];
    let finish = () => {};
    const { upstream, session, close } = await startHarness((response, { method, body }) => {
      if (method === 'GET') {
        json(response, 200, { contact_id: 'c1' });
        return;
      }
      const { job_title: title } = JSON.parse(body) as Record<string, unknown>;
      const write = () => {
        written.push(title);
        json(response, 200, { contact_id: 'c1' });
      };
      if (title === 'Gone') finish = write;
      else write();
    });
    const update = (signal: AbortSignal, job_title: string) => {
      const api = session({ signal });
      const path = { contact_id: 'c1' };
      return api.exchange(async (exchange) => {
        await api.call('getContact', { path, query: {} }, { exchange });
        return api.call('putContact', { path, body: { job_title, update_source: 'Account' } }, { exchange });
      });
    };
    const client = new AbortController();
    const first = failureOf(update(client.signal, 'Gone'));
    await until(() => upstream.requests.length === 2);
    client.abort();
    expect((await first).message).toContain('may or may not have been carried out');
    expect(written).toEqual([]);
    const second = update(new AbortController().signal, 'Gardener');
    // It would have asked by now, if it did not wait.
    await settle();
    expect(upstream.requests).toHaveLength(2);
    finish();
    await second;
    expect(written).toEqual(['Gone', 'Gardener']);
    expect(upstream.requests.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET', 'PUT']);
    await close();
  });

  it('cannot deadlock with a write that its holder waits for', async () => {
    const address = 'new@example.com';
    const contact_id = '69c090c6-33b7-11e5-90d3-fa163e0cf254';
    const contact = { contact_id, email_address: { address, permission_to_send: 'implicit' } };
    let isThere = false;
    const unanswered: (() => void)[] = [];
    const upstream = await startUpstream((response, { method, url }) => {
      unanswered.push(() => {
        isThere ||= method === 'POST';
        json(response, 200, url.includes('email=') ? { contacts: isThere ? [contact] : [] } : contact);
      });
    });
    const facade = startFacade(upstream.url);
    const ask = (field: string, input: string) =>
      facade.query({ query: `mutation { result: ${field}(input: { ${input} }) { userErrors { code } } }` });
    const answer = async (count: number) => {
      await until(() => unanswered.length === count);
      for (const one of unanswered.splice(0)) one();
    };

    const upserts = ['A', 'B'].map((name) =>
      ask('upsertContact', `emailAddress: { address: "${address}" }, firstName: "${name}"`),
    );
    await answer(2);
    await answer(1);
    // One has made the contact. The other holds the lock of the address and looks for the contact again.
    await Promise.race(upserts);
    await until(() => unanswered.length === 1);
    const update = ask('updateContact', `id: "${contact_id}", jobTitle: "Gardener"`);
    await until(() => unanswered.length === 2);
    let isOver = false;
    const all = Promise.all([...upserts, update]).finally(() => (isOver = true));
    while (!isOver) {
      for (const one of unanswered.splice(0)) one();
      await new Promise(setImmediate);
    }
    for (const { data } of await all) expect(data).toEqual({ result: { userErrors: [] } });
    const writes = upstream.requests.map(({ method }) => method).filter((method) => method !== 'GET');
    expect(writes).toEqual(['POST', 'PUT', 'PUT']);
    await facade.close();
    await upstream.close();
  });
});
