import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { proseProblems } from '../scripts/prose/lint.js';
import { commentsOf, KINDS, literalsOf } from '../scripts/prose/texts.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

describe('the check of prose', () => {
  it('reports the place of a banned phrase and its replacement', async () => {
    const text = '# Jobs\n\nWhoever asks\n\n- gets what came\n  of the job.\n';
    expect(await proseProblems([{ path: 'docs/page.md', line: 1, text }])).toEqual([
      'docs/page.md:3: “Whoever”, use “The caller” instead',
      'docs/page.md:5: “what came of”, use “result of” instead',
    ]);
  });

  it('ignores code and quoted messages', async () => {
    const text = 'The log says `what is under way`.\n\n```text\nwhoever\n```\n';
    expect(await proseProblems([{ path: 'docs/page.md', line: 1, text }])).toEqual([]);
  });

  it('checks the messages of a program, with a placeholder for each value', () => {
    const source = [
      "import { join } from 'node:path';",
      "const kind = 'plain';",
      "throw new Error('The file cannot be read.');",
      'log(`It has ${count} rows and ${size} bytes.`);',
    ].join('\n');
    expect(literalsOf('src/page.ts', source)).toEqual([
      { path: 'src/page.ts', line: 3, text: 'The file cannot be read.' },
      { path: 'src/page.ts', line: 4, text: 'It has … rows and … bytes.' },
    ]);
  });

  it('checks comments, which must not begin with a question word', async () => {
    const source = [
      // In parts, because this file is checked, too.
      `const glob = '**/*.ts'; ${'//'} Whether it is recursive.`,
      '/**',
      ' * Number of rows, which whoever',
      ' * asked wants.',
      ' *',
      ' * How many there are.',
      ' */',
      'const count = 1;',
      '// The rest',
      '// which follows.',
    ].join('\n');
    expect(await proseProblems([commentsOf('src/page.ts', source)])).toEqual([
      'src/page.ts:3: “whoever”, use “the caller” instead',
      'src/page.ts:1: “Whether” begins a comment, begin with its subject instead',
      'src/page.ts:6: “How” begins a comment, begin with its subject instead',
    ]);
  });

  it('finds the pages, and the newest section of the changelog', () => {
    expect(KINDS.pages(ROOT).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['README.md', 'docs/README.md', 'examples/dashboard/README.md']),
    );
    const newest = KINDS.changelog(ROOT);
    expect(newest).toHaveLength(1);
    expect(newest[0]?.text.match(/^## /gm)).toHaveLength(1);
  });
});
