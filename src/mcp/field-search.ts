import type { GraphQLSchema } from 'graphql';
import type { Action } from './action.js';
import { rootFieldsOf } from './effects.js';
import { stemsOf } from './search.js';

/** A top-level field of the schema that no action uses. */
export interface FoundField {
  /** As `describe_type` takes it, such as `Query.automations`. */
  readonly name: string;
  readonly description: string;
  readonly isRead: boolean;
}

/** Creates the search for what run_query can run and no action does. Its results have all of the words. */
export function fieldSearchOf(
  schema: GraphQLSchema,
  actions: ReadonlyMap<string, Action>,
): (words: string) => readonly FoundField[] {
  let entries: readonly (FoundField & { readonly stems: ReadonlySet<string> })[] | undefined;
  return (words) => {
    entries ??= fieldsWithoutAction(schema, actions).map((field) => ({
      ...field,
      stems: new Set(stemsOf(`${inWords(field.name)} ${field.description}`)),
    }));
    const wanted = stemsOf(words);
    return wanted.length === 0
      ? []
      : entries
          .filter(({ stems }) => wanted.every((word) => stems.has(word)))
          .map(({ stems: _, ...field }) => field);
  };
}

function fieldsWithoutAction(schema: GraphQLSchema, actions: ReadonlyMap<string, Action>): FoundField[] {
  const used = new Set(
    [...actions.values()].flatMap(({ document, operation }) =>
      rootFieldsOf(document, operation).map(({ name }) => name.value),
    ),
  );
  return [schema.getQueryType(), schema.getMutationType()].flatMap((type, at) =>
    Object.values(type?.getFields() ?? {})
      .filter(({ name }) => !used.has(name) && !name.startsWith('_'))
      .map(({ name, description }) => ({
        name: `${type?.name ?? ''}.${name}`,
        description: description ?? '',
        isRead: at === 0,
      })),
  );
}

/** The words of a name in camel case, without those of its type. */
const inWords = (name: string) => name.replace(/^\w+\./, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
