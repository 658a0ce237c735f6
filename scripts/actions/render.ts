import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { operations } from '../../src/constant-contact/contract/operations.js';
import { buildSchema } from '../../src/schema/index.js';
import { readMappings, type Mapping } from './actions.js';
import { readActionDocument, variablesAt, type ActionDocument } from './documents.js';

/**
 * Writes docs/actions.md from the list of actions and the contract; with --check, fails when the file
 * differs.
 */

const schema = buildSchema();
const FILE = fileURLToPath(new URL('../../docs/actions.md', import.meta.url));

/** The page that maps every action, and every operation beyond the actions, to the graph. */
export async function renderActions(): Promise<string> {
  const mappings = readMappings();
  return format(
    [
      '# Actions',
      '',
      'The GraphQL field, parameters and REST calls of each action of the Constant Contact API. `npm run docs:actions` generates this page from `scripts/actions/actions.csv`. A test proves that every field and argument on it exists, and that the example of each operation makes its REST call.',
      '',
      'In the column of parameters, `(input.name)` is an argument of the field, `Query.contact(id)` is an argument of a field above it, and `Contact.lists` is a field to select.',
      '',
      "Each action has a [document](../examples/actions): one operation, whose variables have the names of the action's parameters. Where GraphQL needs another form, the column names the variable:",
      '',
      '- Parameters of which exactly one is set (`@oneOf`) are one variable, such as `$source`. The day and the month of a birthday are one variable as well.',
      '- `include` is one Boolean variable per value, false by default.',
      '- `page_size` is `$limit`. Instead of a page number, pass `pageInfo.endCursor` of the previous page as `$after`.',
      '',
      'REST calls are those of the document, for one page, with nothing cached. `2`: the API replaces whole objects, so the object is read first. `1–2`: some inputs need a second call.',
      '',
      '| Action | GraphQL field | Parameters | REST calls | REST operation |',
      '| --- | --- | --- | --- | --- |',
      ...mappings.flatMap((mapping) => (mapping.action ? [actionRow(mapping.action, mapping)] : [])),
      '',
      '## Beyond the actions',
      '',
      'The rest of the API.',
      '',
      '| GraphQL field | REST operation |',
      '| --- | --- |',
      ...mappings.flatMap((mapping) =>
        mapping.action ? [] : [`| \`${mapping.field}\` | ${restCall(mapping)} |`],
      ),
      '',
    ].join('\n'),
    { parser: 'markdown' },
  );
}

function actionRow({ slug, name }: NonNullable<Mapping['action']>, mapping: Mapping): string {
  const document = readActionDocument(slug, schema);
  const parameters = [...mapping.places]
    .map(
      ([parameter, place]) =>
        `\`${parameter}\` ${showPlace(place)}${showVariables(parameter, variablesAt(document, mapping.field, place))}`,
    )
    .join('<br>');
  return `| ${name}<br>\`${slug}\`<br>${link(document)} | \`${mapping.field}\` | ${parameters} | ${mapping.calls} | ${restCall(mapping)} |`;
}

function link({ name }: ActionDocument): string {
  return `[${name}](../examples/actions/${name}.graphql)`;
}

/** Names the variables of a parameter, unless the only one has the parameter's name. */
function showVariables(parameter: string, variables: readonly string[]): string {
  if (variables.every((variable) => variable === parameter)) return '';
  return `, in ${variables.map((variable) => `\`$${variable}\``).join(', ')}`;
}

function showPlace(place: string): string {
  return place.startsWith('- ')
    ? `– ${place.slice(2)}`
    : `→ ${place
        .split(', ')
        .map((part) => `\`${part}\``)
        .join(', ')}`;
}

function restCall({ operationId }: Mapping): string {
  const { method, path } = operations[operationId];
  return `\`${method} ${path}\`<br>[${operationId}](../examples/operations/${operationId}.graphql)`;
}

async function main(): Promise<void> {
  const page = await renderActions();
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, page);
    return;
  }
  if (readFileSync(FILE, 'utf8') === page) return;
  console.error('docs/actions.md is not what the list of actions says. Run "npm run docs:actions".');
  process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
