import { describeVariable, SECTIONS } from '../config/variables.js';

export const HELP = `constant-contact-graphql: a GraphQL API over the Constant Contact V3 REST API

Usage
  npx constant-contact-graphql [serve]   [--host HOST] [--port PORT] [--workers N]
  npx constant-contact-graphql mcp       [--tools DOMAIN,DOMAIN] [--allow-mutations]
  npx constant-contact-graphql sandbox   [--port PORT] [--contacts N] [--seed N] [--no-limits]
  npx constant-contact-graphql login     [--device] [--port PORT] [--scopes "A B"] [--no-browser]
  npx constant-contact-graphql key       NAME [--read-only]
  npx constant-contact-graphql schema    [--api] [--no-node-fields] [--output FILE]
  npx constant-contact-graphql logout | whoami | doctor
  npx constant-contact-graphql --help | --version

Commands
  serve     Start the GraphQL server with GraphiQL (the default command). Without credentials it serves a sandbox account.
  mcp       Start an MCP server over standard input and output, for AI agents.
  sandbox   Start only the sandbox account: a REST API on the loopback interface, without GraphQL.
  login     Log in to a Constant Contact account in a browser, and store the login.
  logout    Delete the stored login.
  whoami    Show the account, the scopes of the token and the privileges of the user.
  doctor    Check configuration, network, clock, login, scopes, privileges and quota, and suggest fixes.
  key       Create an access key: print the key for the caller, and the line with its hash for ACCESS_KEYS_FILE.
  schema    Print the GraphQL schema: as a Federation 2 subgraph, or with --api for client tools.

Options of serve
  --host HOST     Address to listen on (HOST, default 127.0.0.1)
  --port PORT     Port to listen on; 0 for any free port (PORT, default 4000)
  --workers N     Number of processes, which share limits, cache and login through REDIS_URL (default 1)

Options of mcp
  --tools DOMAINS    Offer only the tools of these domains, such as contacts,lists (MCP_TOOLS)
  --allow-mutations  Let the tool run_query run mutations (MCP_ALLOW_MUTATIONS)

Options of sandbox
  --port PORT     Port to listen on; 0 for any free port (default 4010)
  --contacts N    Number of contacts in the account (default 1000)
  --seed N        Seed of the sample data: the same seed always generates the same account
  --no-limits     Disable the rate limit and the daily quota

Options of login
  --device        Approve the login on another device, when this machine has no browser
  --port PORT     Port of the redirect URI http://localhost:PORT/callback (default 4020)
  --scopes "A B"  Request only these scopes
  --no-browser    Print the login URL instead of opening it

Options of key
  NAME         Name of the caller; the log shows it
  --read-only  Create a key that cannot run mutations

Options of schema
  --api             Omit federation, for code generators, editors and client compilers
                    (schema.api.graphql in the package). Default: the subgraph for gateways (schema.graphql)
  --no-node-fields  Omit Query.node and Query.nodes, as with NODE_FIELDS=off
  --output FILE     Write the schema to this file instead of printing it

Environment
${environment()}
`;

const paragraphs = HELP.trimEnd().split('\n\n');
/** The lines of a paragraph about a command. */
const linesAbout = (paragraph: string | undefined, command: string): string[] =>
  (paragraph ?? '').split('\n').filter((line) =>
    line
      .trim()
      .split(/ {2,}/, 1)[0]
      ?.split(/[ |[\]]+/)
      .includes(command),
  );

/** Help for one command: description, usage and options. */
export function helpOf(command: string): string {
  const [, usage, commands, ...rest] = paragraphs;
  const about = linesAbout(commands, command).map((line) => line.trim().replace(/^\w+ +/, ''));
  const options = rest.filter((paragraph) => paragraph.startsWith(`Options of ${command}\n`));
  const calls = linesAbout(usage, command).map((line) =>
    line.includes('|') ? usageOf(command) : line.replace(/(?<=\S) {2,}/, ' '),
  );
  const parts = [about.join('\n'), ['Usage', ...calls].join('\n'), ...options];
  return `${parts.join('\n\n')}\n\nEnvironment variables: npx constant-contact-graphql --help\n`;
}

const usageOf = (command: string) => `  npx constant-contact-graphql ${command}`;

/** One paragraph per variable, with its name before the first line. */
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

/** Wraps a text at `width`. A longer word has a line of its own. */
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
