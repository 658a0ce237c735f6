import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HELP } from '../../../src/cli/help.js';
import { VARIABLES } from '../../../src/config.js';

/** A command of a shell block. */
export interface Command {
  readonly line: number;
  /** Variables that it receives or exports. */
  readonly env: readonly string[];
  readonly program: string;
  readonly args: readonly string[];
}

/** Variables that tests read, not the program. */
const OTHER_VARIABLES = new Set(['CHROMIUM', 'VITEST_JSON']);

/** Programs that readers have installed. */
const PROGRAMS = new Set(
  'cat cd cp curl docker echo export git kubectl mkdir npm npx node openssl redis-server'.split(' '),
);

/** npm's own commands that a page may use. */
const NPM = new Set(['ci', 'install', 'pack', 'start', 'test', 'exec']);

/**
 * The commands of a shell block, without comments, with continued lines joined. @param line of the first line
 */
export function readCommands(text: string, line: number): Command[] {
  const commands: Command[] = [];
  let words: string[] = [];
  for (const token of tokens(text)) {
    if (token.text !== null) words.push(token.text);
    else if (words.length > 0) {
      commands.push(toCommand(words, line + token.newlines));
      words = [];
    }
  }
  return commands;
}

/** Words in order; a text of null ends a command. `newlines`: number of newlines before it. */
function* tokens(text: string): Generator<{ text: string | null; newlines: number }> {
  const pattern =
    /\\\n|([ \t]+)|(#[^\n]*)|(\n|&&|\|\||[|;])|((?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s|;&'"\\]|&(?!&))+)/gy;
  let newlines = 0;
  for (const [whole, , , separator, word] of `${text}\n`.matchAll(pattern)) {
    if (word !== undefined) yield { text: unquoted(word), newlines };
    if (separator !== undefined) yield { text: null, newlines };
    newlines += whole.split('\n').length - 1;
  }
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_all, single, double, escaped) =>
    String(single ?? (double as string | undefined)?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped),
  );
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

function toCommand(words: readonly string[], line: number): Command {
  const at = words.findIndex((word) => !ASSIGNMENT.test(word));
  const assigned = at === -1 ? words : words.slice(0, at);
  const [program = '', ...args] = at === -1 ? [] : words.slice(at);
  const exported = program === 'export' ? args : [];
  const env = [...assigned, ...exported].flatMap((word) => ASSIGNMENT.exec(word)?.[1] ?? []);
  return { line, env, program, args };
}

/** Directories that the names in a command refer to. */
export interface Place {
  /** Root of the project. */
  readonly root: string;
  /** Folder of the page, which may be a package of its own. */
  readonly folder: string;
}

/** Names in a command that do not exist: a variable, a script, a command or option of the program, a file. */
export function commandProblems({ env, program, args }: Command, place: Place): string[] {
  return [
    ...env.flatMap((name) => variableProblems(name, place)),
    ...programProblems(program, args, place),
    ...fileProblems(args, place),
  ];
}

/** A variable must be read by the program, or by the example whose page names it. */
export function variableProblems(name: string, { root, folder }: Place): string[] {
  const isKnown =
    VARIABLES.includes(name as never) ||
    OTHER_VARIABLES.has(name) ||
    // Read by the OpenTelemetry SDK.
    name.startsWith('OTEL_') ||
    (resolve(folder) !== resolve(root) &&
      isPackage(folder) &&
      sourcesOf(folder).some((text) => text.includes(name)));
  return isKnown ? [] : [`nothing reads the variable ${name}`];
}

function isPackage(folder: string): boolean {
  return existsSync(join(folder, 'package.json'));
}

/** Program files of a package, without its dependencies. */
function sourcesOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !/^(node_modules|dist|\.)/.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return sourcesOf(path);
      return /\.([cm]?[jt]sx?|json)$/.test(name) ? [readFileSync(path, 'utf8')] : [];
    });
}

function programProblems(program: string, args: readonly string[], place: Place): string[] {
  if (program === '') return [];
  if (program === 'constant-contact-graphql') return ownProblems(args);
  if (!PROGRAMS.has(program)) return [`"${program}" is no command that a page may take for granted`];
  if (program === 'npm') return npmProblems(args, place);
  if (program === 'npx') return args[0] === 'constant-contact-graphql' ? ownProblems(args.slice(1)) : [];
  if (program === 'node') {
    const script = args.findIndex((arg) => !arg.startsWith('-'));
    return args[script] === 'dist/cli.js' ? ownProblems(args.slice(script + 1)) : [];
  }
  return [];
}

function npmProblems(args: readonly string[], { root, folder }: Place): string[] {
  const at = args.indexOf('--prefix');
  const [verb = '', script = ''] = args.filter(
    (arg, index) => !arg.startsWith('-') && (at === -1 || index !== at + 1),
  );
  if (verb !== 'run') return NPM.has(verb) ? [] : [`npm ${verb} is no command that a page may name`];
  const folders = at === -1 ? [root, folder] : [join(root, args[at + 1] ?? '')];
  return folders.some((one) => hasScript(one, script)) ? [] : [`there is no script "${script}"`];
}

function hasScript(folder: string, script: string): boolean {
  if (!isPackage(folder)) return false;
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  return Object.hasOwn(scripts ?? {}, script);
}

/** The help names every command and option, which a test of the command line ensures. */
function ownProblems(args: readonly string[]): string[] {
  const [command] = args;
  const isCommand =
    command === undefined || command.startsWith('-') || new RegExp(`\\b${command}\\b`).test(usage());
  return [
    ...(isCommand ? [] : [`the program has no command "${command ?? ''}"`]),
    ...args
      .filter((arg) => /^--\w/.test(arg))
      .map((arg) => arg.split('=')[0] ?? '')
      .filter((option) => !HELP.includes(option))
      .map((option) => `the program has no option ${option}`),
  ];
}

function usage(): string {
  return /\nUsage\n[^]*?\n\n/.exec(HELP)?.[0] ?? '';
}

/** Arguments that look like files of the project must exist. */
function fileProblems(args: readonly string[], { root, folder }: Place): string[] {
  return args
    .filter((arg) => /^(docs|examples|scripts|src|test|deploy)\/[\w./-]+$/.test(arg))
    .filter((arg) => !existsSync(join(root, arg)) && !existsSync(join(folder, arg)))
    .map((arg) => `there is no ${arg}`);
}
