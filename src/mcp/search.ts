import { getOperationAST, parse, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { McpDomain } from '../config/variables.js';
import { loadExamples, type Example } from '../server/examples.js';
import type { Action } from './action.js';
import { costSentence } from './sample-cost.js';
import { searchRequestOf, stemsOf, wordsOf, type SearchRequest } from './search-words.js';

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

/**
 * Creates the search. Actions that do what the verb of the request says come first, then those with most of its words. The second results
 * are one for each word that the first does not have.
 */
export function searchOf(
  schema: GraphQLSchema,
  actions: ReadonlyMap<string, Action>,
): (words: string) => readonly Found[] {
  let entries: readonly Entry[] | undefined;
  return (text) => {
    entries ??= [
      ...loadExamples().flatMap((example) => exampleEntry(schema, example) ?? []),
      ...[...actions.values()].map(actionEntry),
    ];
    const all = entries;
    const request = searchRequestOf(text);
    const { stems } = request;
    // A word in many names is less important.
    const weights = new Map(
      stems.map((stem) => [stem, 1 / all.filter(({ inName }) => inName.includes(stem)).length]),
    );
    const ranked = all
      .filter((entry) => stems.some((stem) => includesWord(entry, stem)))
      .map((entry) => ({ entry, ranks: ranksOf(entry, request, weights) }))
      .sort((a, b) => compareRanks(b.ranks, a.ranks))
      .map(({ entry }) => entry);
    const [first] = ranked;
    // A task such as "tag openers" takes an action for each of its words.
    const others = stems.flatMap((stem) =>
      first && includesWord(first, stem) ? [] : (ranked.find(({ inName }) => inName.includes(stem)) ?? []),
    );
    return [...new Set([...ranked.slice(0, 1), ...others, ...ranked])].map(({ found }) => found);
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

/** Most important first. */
function ranksOf(
  entry: Entry,
  { verbs, head, stems, words }: SearchRequest,
  weights: ReadonlyMap<string, number>,
): readonly number[] {
  const { found, inName, inDomain } = entry;
  const [verb = '', ...object] = wordsOf(found.name);
  const isAsked = verbs.includes(verb);
  const inObject = inName.slice(1);
  const isFitting =
    isAsked &&
    (stems.length === 1 || stems.some((stem) => inObject.includes(stem) || inDomain.includes(stem)));
  const preference = isAsked ? -verbs.indexOf(verb) : -verbs.length;
  return [
    // Nobody looks for a removal without saying so.
    Number(isAsked || !/^(?:delete|remove)$/.test(verb)),
    Number(isFitting),
    stems.filter((stem) => includesWord(entry, stem)).length,
    // "Contacts with a tag" are contacts, not tags.
    Number(object.at(-1) === head),
    // Contacts who did not open are the opposite of those who opened.
    Number(!inName.includes('not') || stems.includes('not')),
    // Of actions that add something, most add to an object that the request does not name.
    ...(isFitting && !found.isRead
      ? [inObject.filter((stem) => stems.includes(stem)).length / object.length, preference]
      : [0, 0]),
    stems.reduce((sum, stem) => sum + (inName.includes(stem) ? (weights.get(stem) ?? 0) : 0), 0),
    object.filter((word) => words.has(word)).length,
    Number(found.isRead),
    -inName.length,
    preference,
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, index) => rank !== b[index]);
  return (a[at] ?? 0) - (b[at] ?? 0);
}
