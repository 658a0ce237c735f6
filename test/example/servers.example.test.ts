import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pack, ROOT, unpack } from '../support/packed.js';
import { killServers, startServer, type ServerProcess } from '../support/server-process.js';

const FOLDER = join(ROOT, 'examples/servers');
const bin = (name: string) => join(FOLDER, 'node_modules/.bin', name);
const ADDRESS = /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)/;
const PRINTED = /Listening on .*port: (\d+)/;

const start: Record<string, () => Promise<ServerProcess>> = {
  Node: () =>
    startServer(process.execPath, ['--import', 'tsx', 'src/node.ts'], { cwd: FOLDER, port: PRINTED }),
  Hono: () =>
    startServer(process.execPath, ['--import', 'tsx', 'src/hono.ts'], { cwd: FOLDER, port: PRINTED }),
  Express: () =>
    startServer(process.execPath, ['--import', 'tsx', 'src/express.ts'], { cwd: FOLDER, port: PRINTED }),
  Fastify: () =>
    startServer(process.execPath, ['--import', 'tsx', 'src/fastify.ts'], { cwd: FOLDER, port: PRINTED }),
  Bun: () => startServer(bin('bun'), ['src/fetch.ts'], { cwd: FOLDER, port: ADDRESS }),
  Deno: () =>
    startServer(bin('deno'), ['serve', '--allow-all', '--host=127.0.0.1', '--port=0', 'src/fetch.ts'], {
      cwd: FOLDER,
      port: ADDRESS,
    }),
  'Next.js': () =>
    startServer(process.execPath, [bin('../next/dist/bin/next'), 'start', '-H', '127.0.0.1', '-p', '0'], {
      cwd: FOLDER,
      // `next start` sets `NODE_ENV=production`.
      env: { SANDBOX: 'on' },
      port: /http:\/\/(?:localhost|127\.0\.0\.1):(\d+)[^]*Ready/,
    }),
};

function run(command: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' },
  });
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
}

// As an installation of the package has it, instead of the link to the repository.
beforeAll(() => {
  unpack(pack(), join(FOLDER, 'node_modules/constant-contact-graphql'));
  // It checks the types of all files here, not only of those that it builds.
  run(bin('next'), 'build');
}, 300_000);
afterAll(killServers);

const UPLOAD = `mutation ($file: File, $list: ID!) {
  importContactsFromFile(input: { file: { upload: $file }, listIds: [$list] }) {
    bulkActivity { activityId state }
    userErrors { message }
  }
}`;
const PROGRESS = 'subscription ($id: ID!) { bulkActivityProgress(id: $id) { activityId state } }';

describe.concurrent.each(Object.keys(start))('the facade in %s', (name) => {
  it('answers queries, accepts an upload, streams its progress, and shuts down gracefully', async () => {
    const server = await (start[name] as () => Promise<ServerProcess>)();
    const endpoint = `${server.url}/api/graphql`;
    const post = (query: string, variables: object, accept = 'application/json') =>
      fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query, variables }),
      });

    const answer = await (await post('{ contactLists(first: 1) { nodes { listId name } } }', {})).json();
    expect(answer).toMatchObject({
      data: { contactLists: { nodes: [{ name: expect.any(String) }] } },
      extensions: { upstream: { calls: 1 } },
    });

    const form = new FormData();
    const list = answer.data.contactLists.nodes[0].listId as string;
    form.set('operations', JSON.stringify({ query: UPLOAD, variables: { file: null, list } }));
    form.set('map', '{"0":["variables.file"]}');
    form.set('0', new File(['email\nnew@example.org\n'], 'contacts.csv', { type: 'text/csv' }));
    const upload = await (await fetch(endpoint, { method: 'POST', body: form })).json();
    const { bulkActivity, userErrors } = upload.data.importContactsFromFile;
    expect(userErrors).toEqual([]);

    const id = bulkActivity.activityId as string;
    const stream = await post(PROGRESS, { id }, 'text/event-stream');
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    let events = '';
    for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
      events += Buffer.from(chunk).toString();
      if (events.includes('"COMPLETED"')) break;
    }
    expect(events).toContain('event: next');
    expect(events).toContain(id);

    const page = await fetch(endpoint, { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('graphiql');
    expect((await fetch(`${server.url}/api/healthz`)).status).toBe(200);
    expect(await (await fetch(server.url)).text()).toMatch(/rest of the application|Lists/);

    // A stream that is still open does not keep it from ending.
    const open = await post(PROGRESS, { id: await again(post, list) }, 'text/event-stream');
    const read = open.text().catch(() => 'cut');
    // Next ends by the number of the signal once it is done, by its own choice.
    expect(await server.stop(), server.output()).toBe(name === 'Next.js' ? 143 : 0);
    await read;
    expect(server.output()).not.toMatch(/ {4}at /);
  });
});

/** Another job, so that there is something to follow. */
async function again(
  post: (query: string, variables: object) => Promise<Response>,
  list: string,
): Promise<string> {
  const query = `mutation ($list: ID!) {
    importContactsFromFile(input: { file: { text: "email\\nother@example.org\\n" }, listIds: [$list] }) {
      bulkActivity { activityId }
    }
  }`;
  const { data } = await (await post(query, { list })).json();
  return data.importContactsFromFile.bulkActivity.activityId as string;
}
