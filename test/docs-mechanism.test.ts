import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pageProblems, programsOf } from './support/pages/blocks.js';
import { linkProblems } from './support/pages/links.js';
import { readMarkdown } from './support/pages/markdown.js';
import { typeProblems } from './support/pages/types.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const page = (...lines: string[]) => readMarkdown('docs/page.md', lines.join('\n'));
const block = (language: string, ...lines: string[]) => ['```' + language, ...lines, '```', ''];
const problemsOf = (...lines: string[]) => pageProblems(page(...lines), ROOT);

const NAME = ['{ contacts(first: 1) { nodes { firstName } } }'];
const NAMES = '{ contacts(first: 2) { nodes { firstName } pageInfo { endCursor } } }';
const AFTER = 'query ($after: String) { contacts(first: 2, after: $after) { nodes { firstName } } }';
const CREATE =
  'mutation ($name: String!) { createTag(input: { name: $name }) { tag { name } userErrors { code } } }';

/** The tests of the pages are worth what they find. */
describe('the check of a page', () => {
  it('accepts a correct page', async () => {
    expect(
      await problemsOf(
        '# Right',
        '<!-- calls: 1 -->',
        ...block('graphql', NAMES),
        ...block(
          'json',
          '{ "data": { "contacts": { "nodes": [{ "firstName": "Zara" }, "…"], "pageInfo": { "endCursor": "…" } } },',
          '  "extensions": { "upstream": { "calls": 1 } } }',
        ),
        '<!-- variable after: contacts.pageInfo.endCursor -->',
        ...block('graphql', AFTER),
        ...block('graphql', CREATE),
        '<!-- variables -->',
        ...block('json', '{ "name": "Patrons" }'),
        ...block('json', '{ "data": { "createTag": { "tag": { "name": "Pat…" }, "userErrors": [] } } }'),
        ...block('graphql', CREATE),
        '<!-- variables -->',
        ...block('json', '{ "name": "Patrons" }'),
        ...block(
          'json',
          '{ "data": { "createTag": { "tag": null, "userErrors": [{ "code": "ALREADY_EXISTS" }] } } }',
        ),
        ...block('graphql', '{ contact(id: "no/id") { firstName } }'),
        ...block('json', '{ "errors": [{ "extensions": { "code": "BAD_USER_INPUT" } }] }'),
        ...block('graphql', 'type Order { id: ID! }'),
        '<!-- file: package.json -->',
        ...block('text', '"name": "constant-contact-graphql",'),
        ...block(
          'sh',
          'PORT=4001 npm start # elsewhere',
          "curl http://127.0.0.1:4000/graphql -H 'content-type: application/json' \\",
          `  -d '{"query": "{ rateLimit { usedToday } }"}'`,
          'npx constant-contact-graphql login --device',
          'npm --prefix examples/dashboard run check',
        ),
        ...block('env', '# Where', 'PORT=4001'),
        ...block('yaml', 'a: 1'),
        '<!-- queries -->',
        '| Query | Calls |',
        '| --- | --- |',
        '| `{ contactLists { nodes { name } } }` | 1 |',
      ),
    ).toEqual([]);
  });

  it.each([
    ['an invalid query', block('graphql', '{ contacts('), 'Syntax Error'],
    ['a field that does not exist', block('graphql', '{ contacts { nodes { shoeSize } } }'), 'gives errors'],
    [
      'a different response',
      [...block('graphql', ...NAME), ...block('json', '{ "data": { "contacts": { "nodes": [] } } }')],
      'data.contacts.nodes has 1 items, not 0',
    ],
    [
      'a different text',
      [
        ...block('graphql', ...NAME),
        ...block('json', '{ "data": { "contacts": { "nodes": [{ "firstName": "Z…o" }] } } }'),
      ],
      'firstName is "Zara"',
    ],
    [
      'a response with more than is shown',
      [...block('graphql', ...NAME), ...block('json', '{ "data": {} }')],
      'data.contacts is not shown',
    ],
    [
      'an error that does not occur',
      [...block('graphql', ...NAME), ...block('json', '{ "errors": [{ "message": "…" }] }')],
      'errors is undefined',
    ],
    [
      'a different cost in the response',
      [
        ...block('graphql', ...NAME),
        ...block('json', '{ "data": "…", "extensions": { "upstream": { "calls": 7 } } }'),
      ],
      'calls is 1, not 7',
    ],
    [
      'a different number of calls',
      ['<!-- calls: 3 -->', ...block('graphql', ...NAME)],
      'makes 1 calls (getContacts), not 3',
    ],
    [
      'a different number of calls in a table',
      ['<!-- queries -->', '| Query | Calls |', '| --- | --- |', '| `{ tags { nodes { name } } }` | 2 |'],
      'makes 1 calls (getTags), not 2',
    ],
    [
      'a table without numbers',
      ['<!-- queries -->', '| Query | Calls |', '| --- | --- |', '| `{ tags { nodes { name } } }` | few |'],
      'not NaN',
    ],
    [
      'a variable that the previous response does not have',
      ['<!-- variable name: contacts -->', ...block('graphql', CREATE)],
      'of required type',
    ],
    [
      'userErrors that are not shown',
      [...block('graphql', CREATE), '<!-- variables -->', ...block('json', '{ "name": "" }')],
      'gives userErrors',
    ],
    ['a misspelt marker', ['<!-- cals: 1 -->', ...block('graphql', ...NAME)], '"cals" means nothing'],
    ['invalid JSON', block('json', '{ "a": }'), 'Unexpected token'],
    ['invalid YAML', block('yaml', 'a: [1'), 'Flow sequence'],
    ['invalid CSV', block('csv', 'a,b', '1'), 'Invalid Record Length'],
    ['a language that nothing checks', block('ruby', 'puts 1'), 'nothing checks a block of "ruby"'],
    ['no language', block('', 'hm'), 'nothing checks a block of ""'],
    [
      'an excerpt that is not in its file',
      ['<!-- file: package.json -->', ...block('json', '{ "name": 1 }')],
      'no piece of package.json',
    ],
    ['an excerpt without a file', ['<!-- file: nowhere.ts -->', ...block('ts', '1')], 'no such file'],
    ['a variable that nothing reads', block('sh', 'PROT=1 npm start'), 'nothing reads the variable PROT'],
    ['a variable of a file that nothing reads', block('env', 'PROT=1'), 'nothing reads the variable PROT'],
    ['a script that does not exist', block('sh', 'npm run fly'), 'no script "fly"'],
    ['a command that does not exist', block('sh', 'node dist/cli.js fly'), 'no command "fly"'],
    [
      'an option that does not exist',
      block('sh', 'npx constant-contact-graphql login --fly'),
      'no option --fly',
    ],
    ['a file that does not exist', block('sh', 'cat docs/nowhere.md'), 'no docs/nowhere.md'],
    ['an unknown program', block('sh', 'frobnicate'), '"frobnicate" is no command'],
    ['a curl to another server', block('sh', 'curl https://example.com/'), 'curl asks something else'],
    ['a curl to another path', block('sh', 'curl http://127.0.0.1:4000/nowhere'), 'curl gets status 404'],
    [
      'a curl that fails',
      block('sh', `curl http://127.0.0.1:4000/graphql -d '{"query": "{ it }"}'`),
      'curl gets',
    ],
  ])('reports %s', async (_what, lines, problem) => {
    const problems = await problemsOf(...lines);
    expect(problems[0]).toMatch(/^docs\/page\.md:\d+: /);
    expect(problems.join('\n')).toContain(problem);
  });

  it('reports programs that do not compile', () => {
    const wrong = page(
      ...block(
        'ts',
        "import { join } from 'node:path';",
        "const path: string = join('a', 1);",
        'export { path };',
      ),
      ...block('ts', "import { join } from 'node:path';", "console.log(join('a', 'b'));"),
      ...block('js', "import { nothing } from 'node:path';", 'console.log(nothing);'),
    );
    const problems = typeProblems(programsOf(wrong), ROOT);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain("docs/page.md:1, line 2 of the block: Argument of type 'number'");
    expect(problems[1]).toContain("has no exported member 'nothing'");
  });

  it('reports links and paths that do not exist', () => {
    const links = page(
      '# Some heading',
      '[a](nowhere.md) [b](#some-heading) [c](#other) [d](../README.md#start) [e](../README.md#end)',
      '[f](https://example.com/nowhere) ![g](../nothing.png) [h](../src/) `src/nothing.ts` `src/index.ts`',
    );
    expect(linkProblems(links, ROOT).map((problem) => problem.split(': ')[1])).toEqual([
      'there is no src/nothing.ts',
      'nowhere.md leads to nothing',
      '#other leads to no heading',
      '../README.md#end leads to no heading',
      '../nothing.png leads to nothing',
    ]);
  });
});
