export const HELP = `constant-contact-graphql: a GraphQL API over the Constant Contact V3 REST API

Usage
  constant-contact-graphql [serve]   [--host HOST] [--port PORT] [--workers N]
  constant-contact-graphql sandbox   [--port PORT] [--contacts N] [--seed N] [--no-limits]
  constant-contact-graphql login     [--device] [--port PORT] [--scopes "A B"] [--no-browser]
  constant-contact-graphql key       NAME [--read-only]
  constant-contact-graphql schema    [--api] [--no-node-fields] [--output FILE]
  constant-contact-graphql logout | whoami | doctor
  constant-contact-graphql --help | --version

Commands
  serve     Serve GraphQL, with GraphiQL for browsers. Without credentials: a sandbox account (see SANDBOX).
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
  CONSTANT_CONTACT_ACCESS_TOKEN          Access token to use for callers that send none
  CONSTANT_CONTACT_CLIENT_ID             Application to log in to, its secret if it has one, and a refresh token to
  CONSTANT_CONTACT_CLIENT_SECRET         begin with if nobody can run login on this machine
  CONSTANT_CONTACT_REFRESH_TOKEN
  CONSTANT_CONTACT_TOKEN_FILE            Where the login is kept (default: a file for each client id in
                                         ~/.config/constant-contact-graphql)
  CONSTANT_CONTACT_TOKEN_KEY             32 bytes as hex or base64: encrypts that file
  CONSTANT_CONTACT_AUTH_URL              Authorization server (default https://authz.constantcontact.com/oauth2/default/v1)
  CONSTANT_CONTACT_API_URL               Base URL of the REST API (default https://api.cc.email/v3). Set without a
                                         token, every caller must send its own: "Authorization: Bearer <token>"
  CONSTANT_CONTACT_PARTNER_API_KEY       Key and token for the fields about partner accounts
  CONSTANT_CONTACT_PARTNER_TOKEN
  CONSTANT_CONTACT_REQUESTS_PER_SECOND   Limit of the API key (default 4; 0 for none)
  CONSTANT_CONTACT_REQUESTS_PER_DAY      Limit of the API key (default 10000; 0 for none)
  SANDBOX                                on: serve the made-up data of a sandbox account, on any address; off: never. When not
                                         set, the sandbox starts without credentials where HOST is a loopback address and
                                         NODE_ENV is not production
  REFERENCE_CACHE_SECONDS                How long lists, tags and the like are reused (default 60; 0 for never)
  REDIS_URL                              Redis (server, cluster or sentinels) through which processes share limits, cache and login
  REDIS_CA                               PEM file of the certificate authority for rediss://, where it is a private one
  REDIS_NAMESPACE                        Tells API keys apart in it (default: from the client id)
  REDIS_PROCESSES                        How many processes there are at most (default 4)
  HOST, PORT                             Where to listen (default 127.0.0.1 and 4000)
  ALLOWED_ORIGINS                        Web origins whose pages may call the server, separated by commas
  ACCESS_KEYS_FILE, ACCESS_KEYS          Who may call: lines name:hash, which the command key makes; sent as "x-api-key"
  ACCESS_JWKS_URL, ACCESS_ISSUER,        Or who has a token of this issuer for this audience, in the header
  ACCESS_AUDIENCE, ACCESS_JWT_HEADER     ACCESS_JWT_HEADER (default x-access-token)
  ACCESS_WRITE_SCOPE                     Scope without which such a token may only read (default: all may write)
  ACCESS=open                            Anybody may call, although the server holds credentials
  MAX_QUERY_COST                         Most REST calls that one operation may cost (default 1000; 0 for no limit)
  OPERATION_TIMEOUT_SECONDS              Longest time that one operation may take (default 120; 0 for no limit)
  PERSISTED_OPERATIONS_FILE              JSON of the only operations that may run, by the SHA-256 of their text
  INTROSPECTION, GRAPHIQL, NODE_FIELDS   on or off (default on; GRAPHIQL is off with PERSISTED_OPERATIONS_FILE)
  METRICS                                on: GET /metrics for Prometheus (default off)
  LOG_LEVEL                              trace, debug, info, warn, error, fatal or silent (default info)
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
