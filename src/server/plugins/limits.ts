import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  parse,
  TokenKind,
  validate,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type ParseOptions,
  type Token,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { refusalError, tooComplex } from '../error-response.js';

/**
 * Maximum size of a request body, in bytes. An import has at most 4 MB by the vendor's rule; in base64, inside JSON or
 * multipart, that becomes 5.4 MB. A slightly larger one must pass, so that its error names the limit of imports.
 */
export const MAX_BODY_BYTES = 8_000_000;

/** Maximum length of a GraphQL document, in characters. The longest example here has about 2,000. */
export const MAX_QUERY_LENGTH = 256 * 1024;

/** Maximum number of tokens in a GraphQL document: they make parsing and validation expensive, rather than its length. */
export const MAX_QUERY_TOKENS = 10_000;

/** Maximum depth of nested fields, with each fragment counted as a level. The deepest example here has 8 levels. */
export const MAX_QUERY_DEPTH = 20;

/** Maximum number of aliases in an operation, those of a fragment counted with each spread. */
export const MAX_QUERY_ALIASES = 100;

/** Maximum number of directives in an operation, likewise. */
export const MAX_QUERY_DIRECTIVES = 50;

/** Maximum depth of nested brackets of any kind in a document. Thousands of levels exhaust the stack of the parser. */
export const MAX_NESTING = 200;

/** Refuses excessive documents before or while they are parsed. */
export function useLimits(): Plugin {
  // The parser's cache returns the same document for the same text while it is cached.
  const checked = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  return {
    onParams({ params }) {
      const { query } = params as { query?: unknown };
      if (typeof query !== 'string') return;
      if (query.length <= MAX_QUERY_LENGTH) {
        if (!isNestedWithin(query, MAX_NESTING))
          throw tooComplex(
            `The document has brackets nested more than ${String(MAX_NESTING)} levels deep. ${SPLIT}`,
          );
        return;
      }
      throw refusalError(
        'QUERY_TOO_LARGE',
        `The document has ${count(query.length)} characters; at most ${count(MAX_QUERY_LENGTH)} are accepted. Move large values to variables.`,
        { status: 413 },
      );
    },
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: string, options: ParseOptions) =>
        parseWithinLimit(source, options, parseFn as typeof parse),
      );
    },
    onValidate({ params: { schema, documentAST }, setResult }) {
      const document = documentAST as DocumentNode;
      let errors = checked.get(document);
      if (!errors) {
        // Before the other rules, some of which take long on documents that are refused here.
        errors = validate(schema as GraphQLSchema, document, LIMIT_RULES);
        checked.set(document, errors);
      }
      if (errors.length > 0) setResult(errors);
    },
  };
}

/**
 * Parses a document of at most `MAX_QUERY_TOKENS` tokens.
 * @throws GraphQLError for a longer one, and for a syntax error
 */
export function parseWithinLimit(source: string, options: ParseOptions = {}, parseFn = parse): DocumentNode {
  try {
    return withoutComments(parseFn(source, { ...options, maxTokens: MAX_QUERY_TOKENS }));
  } catch (error) {
    const { message } = error as Error;
    if (/tokens\. Parsing aborted/.test(message)) throw tooManyTokens();
    throw message === 'Syntax Error: Unexpected <EOF>.' && isBlank(source) ? emptyDocument() : error;
  }
}

/** Removes the tokens of comments, which the parser's limit does not count: 250 KB of them occupy 11 MB. */
function withoutComments(document: DocumentNode): DocumentNode {
  let token: Token | null = document.loc?.startToken ?? null;
  while (token) {
    let { next }: Token = token;
    while (next?.kind === TokenKind.COMMENT) next = next.next;
    Object.assign(token, { next });
    if (next) Object.assign(next, { prev: token });
    token = next;
  }
  return document;
}

/** Returns true for a document of spaces and comments only. */
const isBlank = (source: string) => source.replace(/#.*|[\s,]+/g, '') === '';

const emptyDocument = () => refusalError('GRAPHQL_PARSE_FAILED', 'The document is empty.');

const tooManyTokens = () =>
  refusalError(
    'GRAPHQL_PARSE_FAILED',
    `The document has more than ${count(MAX_QUERY_TOKENS)} tokens (names, values and punctuation). Move values to variables, or split the document.`,
  );

const count = (value: number) => value.toLocaleString('en');

const SPLIT = 'Split the document into several requests.';

/** Texts and comments, which are skipped, and brackets. */
const LEXEMES = /"""(?:\\"""|[^])*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|([{([])|([})\]])/g;

const ROUND = '('.charCodeAt(0);
const SQUARE = '['.charCodeAt(0);
const CURLY = '{'.charCodeAt(0);

function isNestedWithin(query: string, limit: number): boolean {
  // A document with no more brackets than the limit needs no scan for texts and comments.
  let opened = 0;
  for (let at = 0; at < query.length; at += 1) {
    const code = query.charCodeAt(at);
    if (code === ROUND || code === SQUARE || code === CURLY) opened += 1;
  }
  if (opened <= limit) return true;
  let depth = 0;
  for (const [, opens, closes] of query.matchAll(LEXEMES)) {
    if (opens) depth += 1;
    else if (closes) depth -= 1;
    if (depth > limit) return false;
  }
  return true;
}

const tooMany = (message: string) => ({
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null) => {
      context?.reportError(tooComplex(message));
    },
  ],
});

/** Validation rules for the size of a document. They run before the others. */
export const LIMIT_RULES: readonly ValidationRule[] = [
  maxDepthRule({
    n: MAX_QUERY_DEPTH,
    ...tooMany(
      `The operation is nested more than ${String(MAX_QUERY_DEPTH)} levels deep; a fragment counts as a level. Select fewer levels, and the rest with a second query that starts at \`node(id:)\`.`,
    ),
  }),
  maxAliasesRule({
    n: MAX_QUERY_ALIASES,
    ...tooMany(
      `The operation has more than ${String(MAX_QUERY_ALIASES)} aliases; a fragment counts each time it is used. ${SPLIT}`,
    ),
  }),
  maxDirectivesRule({
    n: MAX_QUERY_DIRECTIVES,
    ...tooMany(
      `The operation has more than ${String(MAX_QUERY_DIRECTIVES)} directives; a fragment counts each time it is used. ${SPLIT}`,
    ),
  }),
];
