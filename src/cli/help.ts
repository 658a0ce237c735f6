import { describeVariable, SECTIONS } from '../config/variables.js';

export const HELP = `constant-contact-graphql: a GraphQL API over the Constant Contact V3 REST API

Usage
  constant-contact-graphql [serve]   [--host HOST] [--port PORT] [--workers N]
  constant-contact-graphql mcp       [--tools DOMAIN,DOMAIN] [--allow-mutations]
  constant-contact-graphql sandbox   [--port PORT] [--contacts N] [--seed N] [--no-limits]
  constant-contact-graphql login     [--device] [--port PORT] [--scopes "A B"] [--no-browser]
  constant-contact-graphql key       NAME [--read-only]
  constant-contact-graphql schema    [--api] [--no-node-fields] [--output FILE]
  constant-contact-graphql logout | whoami | doctor
  constant-contact-graphql --help | --version

Commands
  serve     Serve GraphQL, with GraphiQL for browsers. Without credentials: a sandbox account (see SANDBOX).
  mcp       Offer actions as tools to an agent that starts this program, over standard input and output.
  sandbox   Run only the sandbox account, as a REST API on the loopback interface.
  login     Log in to a Constant Contact account, in a browser or (--device) on another device.
  logout    Forget the login.
  whoami    Tell whose account it is and what the token and its user may do.
  doctor    Look at configuration, network, clock, login, scopes, privileges and quota, and say what to do.
  key       Make a key for a caller of the server, and the line by which the server knows it.
  schema    Print the GraphQL schema, or write it to a file: as a Federation 2 subgraph, or for tools of clients.

Options of serve
  --host HOST     Address to listen on (HOST, default 127.0.0.1)
  --port PORT     Port to listen on, 0 for any free one (PORT, default 4000)
  --workers N     Serve with N processes, which share limits, cache and login through REDIS_URL (default 1)

Options of mcp
  --tools DOMAINS    Offer the actions of these domains only, such as contacts,lists (MCP_TOOLS)
  --allow-mutations  Let the tool run_query run mutations as well (MCP_ALLOW_MUTATIONS)

Options of sandbox
  --port PORT     Port to listen on, 0 for any free one (default 4010)
  --contacts N    How many contacts the account has (default 1000)
  --seed N        Another number makes another account; the same number the same one
  --no-limits     Answer as fast as asked, without the API's limits per second and per day

Options of login
  --device        Approve on another device: for machines without a browser
  --port PORT     Port of the redirect URI http://localhost:PORT/callback (default 4020)
  --scopes "A B"  Ask for these scopes only
  --no-browser    Print the address and do not open it

Options of schema
  --api             Without what only federation knows: for code generators, editors and compilers of clients
                    (schema.api.graphql in the package). When left out, a subgraph for composers (schema.graphql)
  --no-node-fields  Without Query.node and Query.nodes, as NODE_FIELDS=off serves it
  --output FILE     Write to this file, whole or not at all, in place of printing

Environment
${environment()}
`;

const paragraphs = HELP.trimEnd().split('\n\n');
/** The lines that have the command among their first words: before options, and before what is said of it. */
const linesAbout = (paragraph: string | undefined, command: string): string[] =>
  (paragraph ?? '').split('\n').filter((line) =>
    line
      .trim()
      .split(/ {2,}/, 1)[0]
      ?.split(/[ |[\]]+/)
      .includes(command),
  );

/** What the help says of one command: what it does, how it is called, and its options. */
export function helpOf(command: string): string {
  const [, usage, commands, ...rest] = paragraphs;
  const about = linesAbout(commands, command).map((line) => line.trim().replace(/^\w+ +/, ''));
  const options = rest.filter((paragraph) => paragraph.startsWith(`Options of ${command}\n`));
  const calls = linesAbout(usage, command).map((line) => (line.includes('|') ? usageOf(command) : line));
  const parts = [about.join('\n'), ['Usage', ...calls].join('\n'), ...options];
  return `${parts.join('\n\n')}\n\nVariables of the environment: constant-contact-graphql --help\n`;
}

const usageOf = (command: string) => `  constant-contact-graphql ${command}`;

/** A paragraph for each variable, whose name stands before its first line. */
function environment(): string {
  const variables = SECTIONS.flatMap(({ shape }) =>
    Object.entries(shape).map(([name, schema]) => describeVariable(name, schema)),
  );
  const width = Math.max(...variables.map(({ name }) => name.length)) + 2;
  const lines = variables.flatMap(({ name, summary, default: value }) => {
    const text = value === undefined ? summary : `${summary} Default: ${value.replaceAll('`', '')}`;
    return wrap(text, 118 - width).map((line, at) => `  ${(at === 0 ? name : '').padEnd(width)}${line}`);
  });
  return lines.join('\n');
}

/** Lines of a text, none longer than `width` unless a word is. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}
