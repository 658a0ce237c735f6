/** Words that do not distinguish actions. */
const IGNORED = new Set(
  'all an and are can details do for from how i in info is it me my need of on one or please that the this to want we what which who with you'.split(
    ' ',
  ),
);

/** Phrases by the words that names of actions have instead. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^(?:(?:a|all|an|can|could|do|i|like|me|my|need|please|the|to|want|we|would|you) )+/, ''],
  [/^how many\b/, 'count'],
  [/^list of /, 'list '],
  [/^(?:bulk|mass) (\w+)/, '$1 several'],
  [/^(un)?tag (.+?)(s?)$/, '$1tag tagging$3 $2$3'],
  [/\btag(s?) (?:to|from) .*/, 'tagging$1 contact'],
  [/\bsubscribers?\b/g, 'contact'],
  [/\bre (?=s)/g, 're'],
  [/\b(?:to|into|from|off|on|between) (?:\w+ )?(lists?)\b/g, '$1 membership'],
];

/** Stems by another one with the same meaning. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['attende', 'registration'],
  ['bulk', 'activity'],
  ['everyone', 'contact'],
  ['facebook', 'social'],
  ['instagram', 'social'],
  ['job', 'activity'],
  ['left', 'remain'],
  ['multipl', 'activity'],
  ['newslet', 'campaign'],
  ['non', 'not'],
  ['people', 'contact'],
  ['performanc', 'report'],
  ['person', 'contact'],
  ['regist', 'registration'],
  ['registrant', 'registration'],
  ['result', 'report'],
  ['sent', 'send'],
  ['several', 'activity'],
  ['someon', 'contact'],
  ['spreadsheet', 'csv'],
  ['templat', 'content'],
  ['unsubscrib', 'optout'],
]);

/** First words of the names of actions, by the verbs of requests. The most likely ones come first. */
const VERBS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'add assign label put subscribe tag': 'add create',
    verify: 'add',
    'build create draft make new start': 'create copy',
    'record sign signup': 'create update',
    'post publish': 'create update',
    resend: 'create',
    'clone copy duplicate': 'copy',
    'import upload': 'import',
    'download export': 'export get',
    'approve cancel change correct edit mark modify optout set update': 'update',
    rename: 'rename update',
    unsubscribe: 'update remove',
    'delete drop erase forget gdpr': 'delete',
    'remove take untag': 'remove delete',
    move: 'add remove update',
    'schedule send': 'send create',
    ask: 'resubscribe',
    checkin: 'checkin',
    undo: 'undo',
    'all compare find list search what which who': 'list get count',
    'convert fetch get is preview read see show view when': 'get list count',
    count: 'count',
  }).flatMap(([words, verbs]) => words.split(' ').map((word) => [stemOf(word), verbs.split(' ')] as const)),
);

/** The words of a search, analysed. */
export interface SearchRequest {
  /** First words of the names of fitting actions, the most likely ones first; empty when the request has no verb. */
  readonly verbs: readonly string[];
  /** The noun that a preposition describes. */
  readonly head: string | undefined;
  /** Stems of its words, each once, without a verb that only the first words of names have. */
  readonly stems: readonly string[];
  /** Its words as they are written: a plural asks for several objects. */
  readonly words: ReadonlySet<string>;
}

export function searchRequestOf(text: string): SearchRequest {
  const request = PHRASES.reduce((line, [pattern, to]) => line.replace(pattern, to), wordsOf(text).join(' '));
  const words = wordsOf(request);
  const [verb = ''] = words;
  // "Unsubscribed" describes an object.
  const verbs = /(?:ed|s)$/.test(verb) ? [] : (VERBS.get(stemOf(verb)) ?? []);
  const stems = stemsOf(request);
  const isVerbOnly = stems.length > 1 && verbs.some((name) => stemOf(name) === stems[0]);
  return {
    verbs,
    head: /(\w+) (?:by|in|of|on|with)\b/.exec(request)?.[1],
    stems: [...new Set(isVerbOnly ? stems.slice(1) : stems)],
    words: new Set(words),
  };
}

/** Stems of the words in a text, so that singular and plural, and all forms of a verb, are the same. */
export function stemsOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => word.length > 1 && !IGNORED.has(word))
    .map(stemOf)
    .map((stem) => SYNONYMS.get(stem) ?? stem);
}

/** The words of a text in lower case. Phrasal verbs are one word, also around a short object: "opted them out" is "optouted them". */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/\b(opt|sign|check)(ed|s|ing)? ((?:\w+ ){0,2}?)(in|out|up)(s?)\b/g, '$1$4$2$5 $3')
    .split(' ')
    .filter((word) => word !== '');
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
