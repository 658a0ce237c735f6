import { readFileSync } from 'node:fs';
import {
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';

export interface ActionDocument {
  /** File name without its ending: the slug in lower case, without the vendor. */
  name: string;
  source: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /**
   * Variables by argument, such as `Mutation.createTag(input.name)`, and by field that a variable includes.
   */
  variables: ReadonlyMap<string, string>;
  /** Coordinates of the selected fields, such as `Tag.name`. */
  fields: ReadonlySet<string>;
}

export const ACTION_DOCUMENTS = new URL('../../examples/actions/', import.meta.url);

function documentName(slug: string): string {
  return slug.replace('CONSTANT_CONTACT_', '').toLowerCase();
}

export function readActionDocument(slug: string, schema: GraphQLSchema): ActionDocument {
  const name = documentName(slug);
  const source = readFileSync(new URL(`${name}.graphql`, ACTION_DOCUMENTS), 'utf8');
  const document = parse(source);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error(`${name} does not start with an operation.`);
  const variables = new Map<string, string>();
  const fields = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: (node) => {
        const coordinate = `${info.getParentType()?.name ?? ''}.${node.name.value}`;
        fields.add(coordinate);
        for (const argument of node.arguments ?? []) {
          for (const [path, variable] of variablesIn(argument.name.value, argument.value)) {
            variables.set(`${coordinate}(${path})`, variable);
          }
        }
        for (const { arguments: [flag] = [] } of node.directives ?? []) {
          if (flag?.value.kind === Kind.VARIABLE) variables.set(coordinate, flag.value.name.value);
        }
      },
    }),
  );
  return { name, source, document, operation, variables, fields };
}

function variablesIn(path: string, value: ValueNode): [string, string][] {
  if (value.kind === Kind.VARIABLE) return [[path, value.name.value]];
  if (value.kind !== Kind.OBJECT) return [];
  return value.fields.flatMap((field) => variablesIn(`${path}.${field.name.value}`, field.value));
}

/**
 * Variables for the place of a parameter in the list of actions: at an argument or at an object that contains
 * it, or one for each field of a selection. Empty when the parameter has no place or the document omits it.
 */
export function variablesAt({ variables }: ActionDocument, field: string, place: string): string[] {
  if (place.startsWith('- ')) return [];
  const argument = /^([\w.]*)\(([\w.]+)\)$/.exec(place);
  const found = argument
    ? [carrier(variables, argument[1] || field, argument[2] ?? '')]
    : place.split(', ').map((coordinate) => variables.get(coordinate));
  return [...new Set(found.flatMap((variable) => variable ?? []))];
}

function carrier(variables: ActionDocument['variables'], field: string, path: string): string | undefined {
  const parts = path.split('.');
  return parts
    .map((_part, index) => variables.get(`${field}(${parts.slice(0, parts.length - index).join('.')})`))
    .find((variable) => variable !== undefined);
}
