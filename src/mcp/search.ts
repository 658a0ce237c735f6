import { getOperationAST, parse, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { McpDomain } from '../config/variables.js';
import { loadExamples, type Example } from '../server/examples.js';
import type { Action } from './action.js';
import { costSentence } from './sample-cost.js';

/** A result of the search: an action, or an example of what no action does. */
export interface Found {
  readonly name: string;
  readonly domain: McpDomain;
  readonly isRead: boolean;
  readonly query: string;
  readonly details: () => { readonly description: string; readonly arguments: readonly string[] };
}

interface Entry {
  readonly found: Found;
  readonly inName: readonly string[];
  readonly inDomain: readonly string[];
  readonly inText: readonly string[];
}

type Known = Pick<Found, 'name' | 'domain' | 'isRead'>;

/** The examples of what no action does. */
const WITHOUT_ACTION: ReadonlyMap<string, Known> = new Map([
  ['06-build-test-and-send-a-campaign', { name: 'send_email_campaign', domain: 'campaigns', isRead: false }],
  ['10-check-in', { name: 'check_in_event_tickets', domain: 'events', isRead: false }],
  ['16-bounced-contacts', { name: 'list_bounced_contacts', domain: 'reports', isRead: true }],
]);

/** Operation that no action has, by the name that the search returns. */
export const exampleNamed = (name: string): Known | undefined =>
  [...WITHOUT_ACTION.values()].find((known) => known.name === name);

/** Change that lets a caller run an operation that is not offered as a tool; null when run_query runs it. */
export function obstacleOf(isRead: boolean, allowMutations: boolean, setting: string): string | null {
  return isRead || allowMutations ? null : `Ask the operator of the server to ${setting}.`;
}
export const offerOf = (domain: McpDomain) => `offer the domain ${domain}`;
export const SET_MUTATIONS = 'set MCP_ALLOW_MUTATIONS=on';

/** Words that do not distinguish actions. */
const IGNORED = new Set(
  'all an and are for from how in is me my of on or the to what which who with'.split(' '),
);

const REMOVALS = ['delet', 'remov'];

/** Stems by another one with the same meaning. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['attende', 'registration'],
  ['eras', 'delet'],
  ['forget', 'delet'],
  ['gdpr', 'delet'],
  ['job', 'activity'],
  ['left', 'remain'],
  ['mov', 'membership'],
  ['move', 'membership'],
  ['newslett', 'campaign'],
  ['non', 'not'],
  ['registrant', 'registration'],
  ['schedul', 'send'],
  ['sent', 'send'],
  ['subscrib', 'contact'],
  ['templat', 'content'],
  ['unsubscrib', 'optout'],
]);

/** Creates the search. Its results are those with most of the words first, then one for each other word, then the rest: those with most words, or rarer ones, in the name first. */
export function searchOf(
  schema: GraphQLSchema,
  actions: ReadonlyMap<string, Action>,
): (words: string) => readonly Found[] {
  let entries: readonly Entry[] | undefined;
  return (words) => {
    entries ??= [
      ...loadExamples().flatMap((example) => exampleEntry(schema, example) ?? []),
      ...[...actions.values()].map(actionEntry),
    ];
    const all = entries;
    const weights = new Map(
      stemsOf(words).map((word) => [word, 1 / all.filter(({ inName }) => inName.includes(word)).length]),
    );
    const ranked = all
      .map((entry) => ({ entry, ranks: ranksOf(entry, weights) }))
      .filter(({ ranks: [, matched = 0] }) => matched > 0)
      .sort((a, b) => compareRanks(b.ranks, a.ranks));
    const [first] = ranked;
    // A task such as "tag openers" takes an action for each of its words.
    const others = [...weights.keys()].flatMap((word) =>
      first && includesWord(first.entry, word)
        ? []
        : (ranked.find(({ entry }) => entry.inName.includes(word)) ?? []),
    );
    return [...new Set([...ranked.slice(0, 1), ...others, ...ranked])].map(({ entry }) => entry.found);
  };
}

function actionEntry(action: Action): Entry {
  const { name, summary, domain, query, operation, effects } = action;
  const details = () => ({
    description: action.details.description,
    arguments: Object.keys(action.details.input.properties),
  });
  return {
    found: { name, domain, isRead: effects.isRead, query, details },
    inName: stemsOf(name),
    inDomain: stemsOf(domain),
    inText: stemsOf([summary, ...variablesOf(operation)].join(' ')),
  };
}

function exampleEntry(schema: GraphQLSchema, { name: file, query }: Example): Entry | undefined {
  const known = WITHOUT_ACTION.get(file);
  if (!known) return undefined;
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new TypeError(`examples/${file}.graphql must have one operation`);
  const [title = '', ...rest] = [...query.matchAll(/^# ?(.*)$/gm)].map(([, line]) => line);
  const advice = known.isRead ? '' : ' Replace the sample values.';
  const details = () => ({
    description: `${title}.${advice} ${costSentence(schema, document, operation)}`.trimEnd(),
    arguments: variablesOf(operation),
  });
  return {
    found: { ...known, query, details },
    inName: stemsOf(known.name),
    inDomain: stemsOf(known.domain),
    inText: stemsOf([title, ...rest].join(' ')),
  };
}

const variablesOf = ({ variableDefinitions = [] }: OperationDefinitionNode) =>
  variableDefinitions.map(({ variable }) => variable.name.value);

const includesWord = ({ inName, inDomain, inText }: Entry, word: string) =>
  [inName, inDomain, inText].some((stems) => stems.includes(word));

/**
 * Most important first.
 * @param weights of the words; a word in many names has a small one
 */
function ranksOf(entry: Entry, weights: ReadonlyMap<string, number>): readonly number[] {
  const { found, inName, inDomain } = entry;
  const words = [...weights.keys()];
  const matched = words.filter((word) => includesWord(entry, word));
  const nameWeight = words.reduce(
    (sum, word) => sum + (inName.includes(word) ? (weights.get(word) ?? 0) : 0),
    0,
  );
  const domainMatches = words.filter((word) => inDomain.includes(word));
  // Nobody looks for a removal without saying so. To move is to remove, too.
  const isWanted =
    !REMOVALS.includes(inName[0] ?? '') || words.some((word) => [...REMOVALS, 'membership'].includes(word));
  return [
    Number(isWanted),
    matched.length,
    // Contacts who did not open are the opposite of those who opened.
    Number(!inName.includes('not') || words.includes('not')),
    // The verb of the action, which an object such as a list is not.
    Number(inName[0] === words[0]),
    nameWeight,
    domainMatches.length,
    -inName.length,
    Number(found.isRead),
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return (a[at] ?? 0) - (b[at] ?? 0);
}

/** Stems of the words in a text, so that singular and plural, and all forms of a verb, are the same. */
export function stemsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/\b(opt|sign|check)(?:ed|s|ing)? (in|out|up)/g, '$1$2')
    .split(' ')
    .filter((word) => word.length > 1 && !IGNORED.has(word))
    .map(stemOf)
    .map((stem) => SYNONYMS.get(stem) ?? stem);
}

function stemOf(word: string): string {
  return (
    word
      .replace(/(?:ies|ied)$/, 'y')
      .replace(/(?<![su])s$/, '')
      .replace(/(?<=\w{3})(?:ed|ing)$/, '')
      // "Openers" are those who open.
      .replace(/(?<=\w{4})er$/, '')
      .replace(/([b-df-hj-np-tv-z])\1$/, '$1')
      // Not of short words: a note is not the word not.
      .replace(/(?<=\w{4})e$/, '')
  );
}
