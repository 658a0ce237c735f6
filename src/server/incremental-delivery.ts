import { collectFields, collectSubFields } from '@graphql-tools/utils';
import {
  getNamedType,
  getOperationAST,
  getVariableValues,
  isObjectType,
  Kind,
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
} from 'graphql';
import type { Part } from './outcome.js';

type Path = readonly (string | number)[];
type Fields = ReadonlyMap<string, FieldNode[]>;
type Patches = readonly { label?: string | undefined; fields: Fields }[];

interface Announced {
  id: string;
  path: Path;
  label?: string | undefined;
}

/** A deferred fragment of one object that has not arrived yet. */
interface Deferred extends Announced {
  type: GraphQLObjectType;
  fields: Fields;
}

/** One part of an answer in the current format of incremental delivery. */
export interface CurrentPart extends ExecutionResult {
  pending?: Announced[];
  incremental?: { id: string; data: unknown; errors?: unknown; extensions?: unknown }[];
  completed?: { id: string; errors?: unknown }[];
  hasNext: boolean;
}

/**
 * Translates the parts of one deferred response from the format of 2022, which the executor produces, to the current one. A
 * fragment of an object whose type is not in the response is announced together with its data.
 *
 * @param args of the execution of the whole operation
 * @returns a function that translates one part, to be called with each of them in order
 */
export function createTranslation(args: ExecutionArgs): (part: Part) => CurrentPart {
  const { schema, document, operationName } = args;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  const operation = getOperationAST(document, operationName);
  const definitions = operation?.variableDefinitions ?? [];
  const { coerced = {} } = getVariableValues(schema, definitions, args.variableValues ?? {});
  const variables = { coerced, sources: {} };
  let waiting: Deferred[] = [];
  let lastId = 0;

  /** Finds deferred fragments below a value that has arrived. */
  const find = (
    type: GraphQLObjectType,
    fields: Fields,
    patches: Patches,
    value: object,
    path: Path,
  ): Deferred[] => {
    const found = patches.map((patch) => ({ id: String(lastId++), path, type, ...patch }));
    for (const [key, nodes] of fields) {
      const name = nodes[0]?.name.value ?? '';
      const fieldType = type.getFields()[name]?.type;
      if (fieldType)
        found.push(...findBelow(getNamedType(fieldType).name, nodes, valueOf(value, key), [...path, key]));
    }
    return found;
  };
  const findBelow = (declared: string, nodes: FieldNode[], value: unknown, path: Path): Deferred[] => {
    if (Array.isArray(value))
      return value.flatMap((item, index) => findBelow(declared, nodes, item, [...path, index]));
    if (typeof value !== 'object' || value === null) return [];
    const typename = valueOf(value, '__typename');
    const type = schema.getType(typeof typename === 'string' ? typename : declared);
    if (!isObjectType(type)) return [];
    const { fields, patches } = collectSubFields(schema, fragments, variables, type, nodes);
    return find(type, fields, patches, value, path);
  };
  const announce = (found: Deferred[]): Announced[] => {
    waiting.push(...found);
    return found.map(announcementOf);
  };

  const first = ({ hasNext = false, ...result }: Part): CurrentPart => {
    const { data } = result;
    const root = operation && schema.getRootType(operation.operation);
    if (!data || !root || !operation) return { ...result, hasNext } as CurrentPart;
    const { fields, patches } = collectFields(schema, fragments, variables, root, operation.selectionSet);
    return { ...result, pending: announce(find(root, fields, patches, data, [])), hasNext } as CurrentPart;
  };

  const later = ({ incremental = [], hasNext = false, ...rest }: Part): CurrentPart => {
    const pending: Announced[] = [];
    const arrived: NonNullable<CurrentPart['incremental']> = [];
    const completed: NonNullable<CurrentPart['completed']> = [];
    for (const { path = [], data, errors, label, extensions } of incremental) {
      const known = waiting.find((one) => one.label === label && samePath(one.path, path));
      waiting = waiting.filter((one) => one !== known);
      const id = known?.id ?? String(lastId++);
      if (!known) pending.push(announcementOf({ id, path, label }));
      if (data) {
        arrived.push({ id, data, ...(errors && { errors }), ...(extensions && { extensions }) });
        if (known) pending.push(...announce(find(known.type, known.fields, [], data, path)));
        completed.push({ id });
      } else completed.push({ id, ...(errors && { errors }) });
    }
    // Fragments of the same place may arrive as one, so every announced fragment is completed.
    if (!hasNext) completed.push(...waiting.map(({ id }) => ({ id })));
    return {
      ...rest,
      ...(pending.length > 0 && { pending }),
      ...(arrived.length > 0 && { incremental: arrived }),
      ...(completed.length > 0 && { completed }),
      hasNext,
    };
  };

  let isFirst = true;
  return (part) => {
    if (!isFirst) return later(part);
    isFirst = false;
    return first(part);
  };
}

function announcementOf({ id, path, label }: Announced): Announced {
  return { id, path, ...(label !== undefined && { label }) };
}

function samePath(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}

function valueOf(object: object, key: string): unknown {
  return (object as Record<string, unknown>)[key];
}
