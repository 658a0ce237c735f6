import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { mustNotBeEmpty } from '../../src/config.js';
import { describeVariable, SECTIONS, type Variable } from '../../src/config/variables.js';
import { wrap } from '../../src/cli/help.js';

/**
 * Writes docs/configuration.md and .env.example from the schema of the environment; with --check, fails when
 * they differ.
 */

const ROOT = new URL('../../', import.meta.url);

const sections = SECTIONS.map(({ title, text = '', shape }) => ({
  title,
  text,
  variables: Object.entries(shape).map(([name, schema]) => describeVariable(name, schema)),
}));

/** The help text has no Markdown, so names of variables are marked as code here. */
const marked = (text: string) => text.replace(/(?<!`)\b[A-Z]+(_[A-Z]+)+\b(?!`)/g, '`$&`');

const value = ({ form, default: text = 'none' }: Variable) => `Value: ${form}. Default: ${text}.`;

function page(): string {
  const entry = (variable: Variable) => [
    `### \`${variable.name}\``,
    marked(variable.summary),
    variable.more,
    value(variable),
  ];
  return [
    '# Configuration',
    'The server reads its configuration from environment variables, once, at start. With an invalid value or a misspelled name it does ' +
      'not start, and the message names the variable. An empty variable counts as not set. Exceptions: the server does not start if a variable that begins with `CONSTANT_CONTACT_`, `ACCESS_KEYS`, `ACCESS_KEYS_FILE`, `ACCESS_JWKS_URL`, `CACHE`, `PERSISTED_OPERATIONS_FILE` or `REDIS_URL` is empty. The library reads the same variables: ' +
      '`readConfig(variables)` returns the `config` of [`createFacade`](library.md).',
    'To set them in a file, copy [.env.example](../.env.example).',
    ...sections.flatMap(({ title, text, variables }) => [`## ${title}`, text, ...variables.flatMap(entry)]),
  ]
    .filter(Boolean)
    .join('\n\n');
}

const comment = (...paragraphs: (string | undefined)[]) =>
  paragraphs
    .flatMap((paragraph = '') => paragraph.split('\n'))
    .filter(Boolean)
    .flatMap((line) => wrap(line, 118))
    .map((line) => `# ${line}\n`)
    .join('');

function example(): string {
  const entry = (variable: Variable) => {
    const { name, summary, more } = variable;
    const mark = mustNotBeEmpty(name) ? '#' : '';
    return `${comment(summary, more, value(variable))}${mark}${name}=\n`;
  };
  return [
    comment(
      'An empty variable counts as not set, but those that stand behind a # must not be empty. So remove the # only where you fill in ' +
        'a value.',
      'The program does not read this file by itself: copy it to .env, then `npm run build` and `node --env-file=.env dist/cli.js`.',
    ),
    ...sections.flatMap(({ title, text, variables }) => [
      comment(`--- ${title} ---`, text),
      ...variables.map(entry),
    ]),
  ].join('\n');
}

const files = {
  'docs/configuration.md': await format(page(), { parser: 'markdown' }),
  '.env.example': example(),
};
const differing = Object.entries(files).filter(
  ([name, text]) => readFileSync(new URL(name, ROOT), 'utf8') !== text,
);
if (!process.argv.includes('--check')) {
  for (const [name, text] of differing) writeFileSync(new URL(name, ROOT), text);
} else if (differing.length > 0) {
  const names = differing.map(([name]) => name).join(' and ');
  console.error(
    `src/config/variables.ts says something other than ${names}. Run "npm run docs:configuration".`,
  );
  process.exitCode = 1;
}
