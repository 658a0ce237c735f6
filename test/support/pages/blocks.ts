import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { isExecutableDefinitionNode, parse, type DocumentNode } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { startApp, type Answer, type TestApp } from '../app.js';
import { openEvents } from '../events.js';
import { commandProblems, readCommands, variableProblems, type Command, type Place } from './commands.js';
import type { Block, MarkdownPage } from './markdown.js';
import { differences } from './match.js';
import type { Source } from './types.js';

/**
 * Checks of code blocks in pages.
 *
 * - `graphql`: runs over HTTP on a sandbox account that the blocks of a page share, in their order. It must
 * give no `errors` and no `userErrors`, unless the answer that follows shows some. Of a subscription the
 * first event counts. A document of type definitions is parsed only.
 * - `json` with `data` or `errors` after a `graphql` block: its answer. `…` stands for anything: a value, a
 * part of a text, the rest of a list.
 * - `sh`: every script, command, option, variable and file exists; `curl` runs on the same account.
 * - `ts`, `js`: compiles. `json`, `yaml`, `csv`, `env`: parses.
 *
 * Comments before a block add:
 *
 * - `calls: N`: the number of REST calls
 * - `variables`: this `json` holds the variables of the `graphql` block before it
 * - `variable NAME: path.in.data`: a variable from a previous answer, such as a cursor
 * - `file: path`: the block is a part of that file, which has its own test
 * - `queries`: in the table that follows, the first code of a row is a query and its last cell its number of
 * calls
 *
 * Comment at the start of a page: `cache` keeps reference data between blocks, as the server does by default;
 * otherwise each query starts with an empty cache.
 */
const BLOCK_MARKERS = /^(calls|variables|variable \w+|file|queries|cache)$/;

const MINUTE = 60_000;

/** Default creation time of a page's sandbox account. */
const START = Date.UTC(2026, 5, 1, 12);

/** Runs and parses all blocks of a page. @returns problems, each with its place */
export async function pageProblems(page: MarkdownPage, root: string, start = START): Promise<string[]> {
  const run = new PageRun(page, root, start);
  try {
    return await run.problems();
  } finally {
    await run.close();
  }
}

/** Programs of a page, for the compiler. */
export function programsOf(page: MarkdownPage): Source[] {
  return page.blocks
    .filter(({ language, markers }) => /^[tj]s$/.test(language) && !markers.has('file'))
    .map(({ line, text, language }) => ({ name: `${page.path}:${String(line)}`, text, language }));
}

class PageRun {
  #app: TestApp | undefined;
  #now: number;
  /** Responses so far, by root field. */
  #responses: Record<string, unknown> = {};

  constructor(
    private readonly page: MarkdownPage,
    private readonly root: string,
    start: number,
  ) {
    this.#now = start;
  }

  get #placed(): Place {
    return { root: this.root, folder: join(this.root, dirname(this.page.path)) };
  }

  async close(): Promise<void> {
    await this.#app?.close();
  }

  async problems(): Promise<string[]> {
    const problems: string[] = [];
    for (const [at, block] of this.page.blocks.entries()) {
      const found = [...this.#markerProblems(block), ...(await this.#block(block, at))];
      problems.push(...found.map((problem) => this.#place(block.line, problem)));
    }
    for (const { line, query, calls } of this.page.queries) {
      const found = await this.#operation(query, { variables: {}, shown: null, calls });
      problems.push(...found.map((problem) => this.#place(line, problem)));
    }
    const violations = this.#app?.sandbox.violations ?? [];
    return [...problems, ...violations.map((one) => this.#place(1, JSON.stringify(one)))];
  }

  #place(line: number, problem: string): string {
    return `${this.page.path}:${String(line)}: ${problem}`;
  }

  #markerProblems({ markers }: Block): string[] {
    return [...markers.keys()]
      .filter((name) => !BLOCK_MARKERS.test(name))
      .map((name) => `"${name}" means nothing`);
  }

  async #block(block: Block, at: number): Promise<string[]> {
    const file = block.markers.get('file');
    if (file !== undefined) return this.#pieceProblems(block.text, file);
    switch (block.language) {
      case 'graphql':
        return this.#graphql(block, at);
      case 'sh':
        return this.#shell(block);
      case 'json':
        return problemsOf(() => void JSON.parse(block.text));
      case 'yaml':
        return problemsOf(() => void parseYaml(block.text));
      case 'csv':
        return problemsOf(() => void parseCsv(block.text));
      case 'env':
        return environmentProblems(block.text, this.#placed);
      case 'ts':
      case 'js':
        return [];
      default:
        return [`nothing checks a block of "${block.language}"`];
    }
  }

  #pieceProblems(text: string, file: string): string[] {
    const flat = (value: string) => value.replaceAll(/\s+/g, ' ').trim();
    return problemsOf(() => {
      if (!flat(readFileSync(join(this.root, file), 'utf8')).includes(flat(text)))
        throw new Error(`this is no piece of ${file}`);
    });
  }

  async #graphql({ text, markers }: Block, at: number): Promise<string[]> {
    let document: DocumentNode;
    try {
      document = parse(text);
    } catch (error) {
      return [String(error)];
    }
    if (!document.definitions.some(isExecutableDefinitionNode)) return [];
    const following = this.#followingJson(at);
    const given = following.find((block) => block.markers.has('variables'));
    const shown = following.map(({ text: json }) => readJson(json)).find(isAnswer) ?? null;
    const variables = { ...this.#previousVariables(markers), ...(given && readJson(given.text)) };
    const calls = markers.get('calls');
    return this.#operation(text, { variables, shown, calls: calls === undefined ? null : Number(calls) });
  }

  /** The JSON blocks between a block and the next block of another language. */
  #followingJson(at: number): readonly Block[] {
    const after = this.page.blocks.slice(at + 1);
    const end = after.findIndex(({ language }) => language !== 'json');
    return end === -1 ? after : after.slice(0, end);
  }

  #previousVariables(markers: Block['markers']): Record<string, unknown> {
    return Object.fromEntries(
      [...markers].flatMap(([marker, path]) => {
        const name = /^variable (\w+)$/.exec(marker)?.[1];
        return name === undefined ? [] : [[name, valueAt(this.#responses, path)]];
      }),
    );
  }

  async #operation(
    query: string,
    expected: { variables: Record<string, unknown>; shown: Shown | null; calls: number | null },
  ): Promise<string[]> {
    const app = await this.#started();
    const { variables, shown, calls } = expected;
    const answer = isSubscription(query)
      ? await firstEvent(app, query, variables)
      : await app.query(query, { variables });
    Object.assign(this.#responses, answer.data);
    // Enough for a bulk activity to finish before the next block.
    this.#now += MINUTE;
    const made = app.calls();
    return [
      ...answerProblems(answer, shown),
      ...(calls === null || made.length === calls
        ? []
        : [`makes ${String(made.length)} calls (${made.join(', ')}), not ${String(calls)}`]),
    ];
  }

  async #shell({ text, line }: Block): Promise<string[]> {
    const problems: string[] = [];
    for (const command of readCommands(text, line + 1)) {
      problems.push(...commandProblems(command, this.#placed));
      if (command.program === 'curl') problems.push(...(await this.#curl(command)));
    }
    return problems;
  }

  async #curl({ args }: Command): Promise<string[]> {
    const app = await this.#started();
    const request = curlRequest(args);
    if (!request) return ['curl asks something else than this server'];
    const response = await app.fetch(request.path, request.init);
    const body = await response.text();
    const answer = problemsOf(() => void (JSON.parse(body) as unknown)).length === 0 ? readJson(body) : {};
    return [
      ...(response.ok ? [] : [`curl gets status ${String(response.status)}`]),
      ...('errors' in answer ? [`curl gets errors: ${JSON.stringify(answer['errors'])}`] : []),
    ];
  }

  async #started(): Promise<TestApp> {
    this.#app ??= await startApp({
      sandbox: { clock: { now: () => this.#now } },
      client: {
        requestsPerDay: 10_000,
        ...(this.page.markers.has('cache') && { referenceCacheSeconds: 60 }),
      },
    });
    this.#app.resetCalls();
    return this.#app;
  }
}

function isSubscription(query: string): boolean {
  return /^subscription\b/m.test(query);
}

async function firstEvent(app: TestApp, query: string, variables: Record<string, unknown>): Promise<Answer> {
  const events = await openEvents(app, query, { variables });
  try {
    const { data, errors, extensions } = (await events.next()) as Omit<Answer, 'status'>;
    return { status: events.status, data, errors, extensions };
  } finally {
    await events.leave();
  }
}

/** The part of a response that a page shows. */
interface Shown {
  data?: unknown;
  errors?: unknown;
  extensions?: unknown;
}

function isAnswer(value: Record<string, unknown>): value is Record<string, unknown> & Shown {
  return 'data' in value || 'errors' in value;
}

function answerProblems({ data, errors, extensions }: Answer, shown: Shown | null): string[] {
  if (shown === null) {
    const userErrors = userErrorsIn(data);
    return [
      ...(errors ? [`gives errors: ${JSON.stringify(errors)}`] : []),
      ...(userErrors.length > 0 ? [`gives userErrors: ${JSON.stringify(userErrors)}`] : []),
    ];
  }
  return [
    ...('data' in shown ? differences(shown.data, data ?? null, true, 'data') : []),
    ...('errors' in shown
      ? differences(shown.errors, errors, false, 'errors')
      : errors
        ? [`gives errors: ${JSON.stringify(errors)}`]
        : []),
    ...('extensions' in shown ? differences(shown.extensions, extensions, false, 'extensions') : []),
  ];
}

function userErrorsIn(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'userErrors' ? (child as unknown[]) : userErrorsIn(child),
  );
}

/** The request of a `curl` command to this server; uploaded files are a small list of contacts. */
function curlRequest(args: readonly string[]): { path: string; init: RequestInit } | null {
  const url = args.find((arg) => /^https?:/.test(arg));
  if (url === undefined || !/^(127\.0\.0\.1|localhost):4000$/.test(new URL(url).host)) return null;
  const valuesOf = (...names: string[]) =>
    args.flatMap((arg, at) => (names.includes(arg) ? [args[at + 1] ?? ''] : []));
  const headers = new Headers(
    valuesOf('-H', '--header').map((line): [string, string] => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':').trim()];
    }),
  );
  const [data] = valuesOf('-d', '--data', '--json');
  const parts = valuesOf('-F', '--form');
  const form = new FormData();
  for (const part of parts) {
    const [name = '', ...value] = part.split('=');
    const text = value.join('=');
    const file = /^@([^;]+)/.exec(text)?.[1];
    if (file === undefined) form.set(name, text);
    else form.set(name, new File(['email,first_name\nkim@example.com,Kim\n'], file));
  }
  const body = parts.length > 0 ? form : data;
  if (data !== undefined && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const { pathname, search } = new URL(url);
  const [method = body === undefined ? 'GET' : 'POST'] = valuesOf('-X', '--request');
  return { path: pathname + search, init: { method, headers, ...(body !== undefined && { body }) } };
}

function environmentProblems(text: string, place: Place): string[] {
  return text.split('\n').flatMap((line) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    return variableProblems(/^(\w+)=/.exec(line)?.[1] ?? line, place);
  });
}

function problemsOf(work: () => void): string[] {
  try {
    work();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Parses a JSON object; empty for invalid JSON, which is reported elsewhere. */
function readJson(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);
}
