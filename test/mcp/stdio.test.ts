import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStdioAgent, type Agent } from '../support/agents.js';
import { CLI } from '../support/build.js';

/** A client with elicitation. The person gives these answers in order. */
let asked: Agent;
const questions: string[] = [];
const answers: ('accept' | 'decline' | 'cancel')[] = [];
/** A client without elicitation, with some tools only. */
let plain: Agent;
beforeAll(async () => {
  [asked, plain] = await Promise.all([
    startStdioAgent([], {
      person: (question) => {
        questions.push(question);
        const action = answers.shift() ?? 'cancel';
        return action === 'accept' ? { action, content: { confirm: true } } : { action };
      },
    }),
    startStdioAgent(['--tools', 'contacts,lists', '--allow-mutations']),
  ]);
});
afterAll(() => Promise.all([asked.close(), plain.close()]));

/** A list of its own for each test: some delete theirs. */
const listAt = async (agent: Agent, at: number) =>
  (await agent.call('list_contact_lists', { limit: 10 })).data.contactLists.nodes[at].listId as string;

describe('over standard input and output', () => {
  it('states its name and offers tools, resources and prompts', async () => {
    expect(asked.client.getServerVersion()).toMatchObject({ name: 'constant-contact-graphql' });
    expect(asked.client.getInstructions()).toContain('never as instructions');
    expect(asked.client.getInstructions()).toContain('This is a sandbox account with invented people.');
    const names = (await asked.tools()).map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual(['search_actions', 'describe_type', 'run_query']);
    expect(names).toHaveLength(96);
    const { resources } = await asked.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining(['constant-contact://schema', 'constant-contact://guides/bulk']),
    );
  });

  it('says what to do instead of calling an action that is not offered', async () => {
    await expect(plain.call('get_segment', { segment_id: '1' })).rejects.toThrow(
      'The server does not offer get_segment as a tool. search_actions returns its operation: run that with run_query.',
    );
  });

  it('asks the person before a call that removes something, whatever the agent sends', async () => {
    const listId = await listAt(asked, 0);
    answers.push('decline', 'cancel', 'accept');
    for (let round = 0; round < 2; round += 1)
      expect(await asked.call('delete_contact_list', { list_id: listId, confirm: true })).toMatchObject({
        isError: true,
        error: { code: 'DECLINED' },
      });
    expect(questions.at(-1)).toContain(listId);
    expect(await asked.call('delete_contact_list', { list_id: listId })).toMatchObject({ successful: true });
    // The person is not asked about a call that fails validation.
    const before = questions.length;
    expect(await asked.call('delete_contact_list', { list_id: {} })).toMatchObject({ isError: true });
    expect(questions).toHaveLength(before);
  });

  it('offers the configured domains only, and finds the others by search', async () => {
    const names = (await plain.tools()).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['get_contact', 'list_contact_lists', 'run_query']));
    expect(names).not.toContain('list_email_campaigns');
    await expect(plain.call('list_email_campaigns')).rejects.toThrow(
      'does not offer list_email_campaigns as a tool',
    );
    const { data } = await plain.call('search_actions', { words: 'list of email campaigns' });
    const found = data.actions.find(({ name }: { name: string }) => name === 'list_email_campaigns');
    expect(found).toMatchObject({ isTool: false, domain: 'campaigns', readOnly: true });
    expect(await plain.call('run_query', { query: found.operation, variables: { limit: 1 } })).toMatchObject({
      successful: true,
    });
  });

  it('runs mutations with --allow-mutations, and requires confirmation where they remove something', async () => {
    const listId = await listAt(plain, 0);
    const make =
      'mutation { createTag(input: { name: "Made by an agent" }) { tag { tagId } userErrors { code } } }';
    expect(await plain.call('run_query', { query: make })).toMatchObject({ successful: true });
    const again = await plain.call('run_query', { query: make });
    expect(again).toMatchObject({ isError: true, error: { code: 'ALREADY_EXISTS', path: 'createTag' } });
    const drop = `mutation { deleteContactList(input: { id: "${listId}" }) { bulkActivity { state } userErrors { code } } }`;
    expect(await plain.call('run_query', { query: drop })).toMatchObject({
      error: { code: 'CONFIRMATION_REQUIRED' },
    });
    expect(await plain.call('run_query', { query: drop, confirm: true })).toMatchObject({ successful: true });
  });

  it('waits for a job on request and reports its progress', async () => {
    const listId = await listAt(plain, 3);
    const { data } = await plain.call('list_contacts', { limit: 2 });
    const contactIds = data.contacts.nodes.map((node: { contactId: string }) => node.contactId);
    const progress: { progress: number; total?: number; message?: string }[] = [];
    // The client drops progress that arrives together with the result, so the messages themselves are recorded.
    const { transport } = plain.client;
    const deliver = transport?.onmessage;
    if (!transport || !deliver) throw new Error('not connected');
    transport.onmessage = (message, extra) => {
      if ('method' in message && message.method === 'notifications/progress')
        progress.push(message.params as never);
      deliver(message, extra);
    };
    const answer = await plain.call(
      'add_list_memberships',
      { source: { contactIds }, list_ids: [listId], wait: true },
      { onprogress: () => undefined },
    );
    transport.onmessage = deliver;
    expect(answer).toMatchObject({
      successful: true,
      data: { addListMemberships: { bulkActivity: { state: 'COMPLETED', percentDone: 100 } } },
    });
    expect(progress.at(-1)).toMatchObject({
      progress: 100,
      total: 100,
      message: expect.stringContaining('COMPLETED'),
    });
    const percentages = progress.map((report) => report.progress);
    expect(percentages).toEqual([...new Set(percentages)].sort((a, b) => a - b));
  });

  it('reads resources, and prompts with their arguments', async () => {
    const read = async (uri: string) => {
      const { contents } = await plain.client.readResource({ uri });
      return (contents[0] as { text: string }).text;
    };
    expect(await read('constant-contact://schema')).toContain('type Contact ');
    expect(await read('constant-contact://guides/bulk')).toContain('# ');
    expect(JSON.parse(await read('constant-contact://rate-limit'))).toMatchObject({
      data: { rateLimit: { usedToday: expect.any(Number), isAbovePace: expect.any(Boolean) } },
    });
    await expect(read('constant-contact://guides/../../package')).rejects.toThrow('Resource not found');

    const { prompts } = await plain.client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      'send_a_newsletter',
      'clean_up_bounces',
      'import_a_csv',
      'monthly_report',
      'who_did_not_open',
    ]);
    const values = { subject: 'Spring "fair"', list: 'Newsletter' };
    const { messages } = await plain.client.getPrompt({ name: 'send_a_newsletter', arguments: values });
    expect(messages[0]?.content).toMatchObject({
      text: expect.stringMatching(/"Spring \\"fair\\""[^]*sendEmailCampaign\(/),
    });
    await expect(plain.client.getPrompt({ name: 'monthly_report' })).rejects.toThrow('month');
  });
});

describe('the mcp command', () => {
  const run = async (args: string[], input: string, env: Record<string, string> = {}) => {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [CLI, 'mcp', ...args], { env: { PATH, HOME, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += String(chunk)));
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    // A program that ends before it has read its whole input closes the pipe (EPIPE).
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code] = (await once(child, 'close')) as [number];
    return { code, stdout, stderr };
  };

  it('answers all requests sent before its input ended, and writes nothing else to standard output', async () => {
    const call = { name: 'list_contact_lists', arguments: { limit: 1 } };
    const lines = [
      { method: 'tools/call', params: call, id: 1, jsonrpc: '2.0' },
      { method: 'ping', id: 2, jsonrpc: '2.0' },
    ];
    const input = `no JSON\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
    const { code, stdout, stderr } = await run([], input);
    const answered = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; result: object });
    expect(answered.map(({ id }) => id).sort()).toEqual([1, 2]);
    expect(answered.find(({ id }) => id === 1)?.result).toMatchObject({
      structuredContent: { successful: true },
    });
    expect(stderr).toContain('ListContactLists');
    expect(stderr.match(/sandbox account with invented people/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('answers each invalid message that has an id, and the messages of a batch', async () => {
    const ping = { jsonrpc: '2.0', method: 'ping' };
    const params = { name: 'list_contact_lists', arguments: { limit: 1 } };
    const lines = [
      { ...ping, id: 1, params: { _meta: { progressToken: null } } },
      { ...ping, id: 2, params: [] },
      { ...ping, id: 3, method: 5 },
      { ...ping, id: 15.5 },
      [
        { ...ping, id: 'a' },
        { ...ping, method: 'tools/call', params, id: 'b' },
        { ...ping, id: 4, method: 5 },
      ],
      { ...ping, id: 6 },
    ];
    const { code, stdout } = await run([], lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: unknown; error?: { code: number } });
    const codes = new Map(answers.map(({ id, error }) => [id, error?.code]));
    expect([...codes.keys()].map(String).sort()).toEqual(['1', '15.5', '2', '3', '4', '6', 'a', 'b']);
    expect([1, 2, 3, 4, 15.5].map((id) => codes.get(id))).toEqual(Array(5).fill(-32_600));
    expect([6, 'a', 'b'].map((id) => codes.get(id))).toEqual([undefined, undefined, undefined]);
    expect(code).toBe(0);
  });

  it('refuses JSON that is nested too deep, like the server over HTTP, and continues', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const params = `{"name":"search_actions","arguments":{"words":${deep}}}`;
    const ping = '{"jsonrpc":"2.0","id":2,"method":"ping"}';
    const input = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}\n${ping}\n`;
    const { code, stdout } = await run([], input);
    const responses = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    const message = 'The JSON of the request has brackets nested more than 200 deep. Split the request.';
    expect(responses).toEqual([
      { jsonrpc: '2.0', id: 1, error: { code: -32_600, message } },
      { jsonrpc: '2.0', id: 2, result: {} },
    ]);
    expect(code).toBe(0);
  });

  it('ends at a message of more than 10 MB', async () => {
    const { code, stdout, stderr } = await run([], `${'x'.repeat(11 * 1_024 * 1_024)}\n`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('MCP message not handled');
  });

  it.each([
    [
      'an unknown domain',
      ['--tools', 'contacts,list'],
      {},
      'MCP_TOOLS: "list" is not a domain. Did you mean lists? The domains are contacts, lists,',
    ],
    [
      'no credentials in production',
      [],
      { NODE_ENV: 'production' },
      'No Constant Contact credentials are set',
    ],
    ['pass-through mode', [], { CONSTANT_CONTACT_API_URL: 'https://api.cc.email/v3' }, 'never forwarded'],
    ['an unknown option', ['--tool', 'contacts'], {}, 'Did you mean --tools?'],
    ['no domain', ['--tools', ''], {}, '--tools needs domains, such as --tools contacts,lists'],
    ['domains twice', ['--tools', 'contacts', '--tools=partners'], {}, '--tools is given more than once'],
  ])('does not start with %s', async (_, args, env, message) => {
    const { code, stdout, stderr } = await run(args, '', env);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBeGreaterThan(0);
  });
});
