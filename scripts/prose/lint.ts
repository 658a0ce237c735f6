import { TextlintKernel, type TextlintKernelOptions } from '@textlint/kernel';
import { MarkdownProcessor } from '@textlint/textlint-plugin-markdown/lib/src/MarkdownProcessor.js';
import terminology from 'textlint-rule-terminology';
import { DICTIONARY, OPENINGS } from './dictionary.js';
import type { Prose } from './texts.js';

const OPTIONS: TextlintKernelOptions = {
  ext: '.md',
  plugins: [{ pluginId: 'markdown', plugin: { Processor: MarkdownProcessor } }],
  rules: [
    {
      ruleId: 'terminology',
      rule: terminology,
      options: {
        defaultTerms: false,
        skip: [],
        // A phrase may be wrapped onto two lines.
        terms: DICTIONARY.map(([pattern, instead]) => [pattern.replaceAll(' ', '\\s+'), instead]),
      },
    },
  ],
};

/** The dictionary's phrases in texts, each with its place and a replacement. Code is not checked. */
export async function proseProblems(texts: readonly Prose[]): Promise<string[]> {
  const kernel = new TextlintKernel();
  const results = await Promise.all(
    texts.map(async ({ path, line, text, isComments = false }) => {
      const { messages } = await kernel.lintText(text, OPTIONS);
      const found = messages.map(({ loc, message }) => {
        const at = line + loc.start.line - 1;
        return `${path}:${String(at)}: ${message.replace('Incorrect term: ', '').replaceAll(/\s+/g, ' ')}`;
      });
      return isComments ? [...found, ...openingProblems(path, text)] : found;
    }),
  );
  return results.flat();
}

function openingProblems(path: string, text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const [word] = lines[i - 1] ? [] : (OPENINGS.exec(line) ?? []);
    return word
      ? [`${path}:${String(i + 1)}: “${word}” begins a comment, begin with its subject instead`]
      : [];
  });
}
