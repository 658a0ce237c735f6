import { isObjectType, type GraphQLSchema } from 'graphql';
import type { Action } from './action.js';
import { rootFieldsOf } from './effects.js';
import { stemsOf } from './search-words.js';

/** A top-level field of the schema that no action uses, or a field of an object that costs REST calls of its own. */
export interface FoundField {
  /** As `describe_type` takes it, such as `Query.automations`. */
  readonly name: string;
  readonly description: string;
  readonly isRead: boolean;
}

/** Creates the search for what run_query can run and no action does. Its results have most of the words, those with more in the name first. */
export function fieldSearchOf(
  schema: GraphQLSchema,
  actions: ReadonlyMap<string, Action>,
): (words: string) => readonly FoundField[] {
  let entries:
    | readonly (FoundField & { readonly inName: readonly string[]; readonly stems: ReadonlySet<string> })[]
    | undefined;
  return (words) => {
    entries ??= [...fieldsWithoutAction(schema, actions), ...costlyFields(schema)].map((field) => ({
      ...field,
      inName: stemsOf(inWords(field.name)),
      stems: new Set(stemsOf(`${inWords(field.name)} ${field.description}`)),
    }));
    const wanted = stemsOf(words);
    const ranked = entries.map(({ stems, inName, ...field }) => ({
      field,
      matched: wanted.filter((word) => stems.has(word)).length,
      named: wanted.filter((word) => inName.includes(word)).length,
    }));
    const most = Math.max(...ranked.map(({ matched }) => matched));
    return (
      ranked
        // Descriptions of objects mention many others.
        .filter(({ field, named }) => named > 0 || /^(Query|Mutation)\./.test(field.name))
        .filter(({ matched }) => matched > 0 && matched === most && 2 * matched >= wanted.length)
        .sort((a, b) => b.named - a.named)
        .map(({ field }) => field)
    );
  };
}

/** Fields such as `EmailCampaignActivity.clicks`. */
function costlyFields(schema: GraphQLSchema): FoundField[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !roots.includes(type) && !/^_|(Payload|Connection|Edge)$/.test(type.name))
    .flatMap((type) =>
      Object.values(type.getFields()).map(({ name, description }) => ({
        name: `${type.name}.${name}`,
        description: description ?? '',
        isRead: true,
      })),
    )
    .filter(({ description }) => description.includes('Cost: '));
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
