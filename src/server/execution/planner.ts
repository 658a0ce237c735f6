import {
  defaultFieldResolver,
  defaultTypeResolver,
  getDirectiveValues,
  getNullableType,
  GraphQLError,
  GraphQLID,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  GraphQLString,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  OperationTypeNode,
  TypeNameMetaFieldDef,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { argumentReader } from './arguments.js';
import type { AnswerOf, Complete, Field, Place, Plan, Selection } from './plan.js';
import { comesLater, executeFields, Info, isPromise, settleItems } from './run.js';

type Read = (value: unknown) => unknown;
type Resolver = Field['resolve'];

/** The operation has something in it that is better left to the interpreter. */
class Unsupported extends Error {}

/**
 * Plans an operation of a valid document.
 *
 * @param variables coerced; only those that `@skip` and `@include` ask for matter
 * @returns null for what the interpreter has to do: subscriptions, introspection, `@defer` and every other directive
 * that changes execution
 */
export function planOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Plan | null {
  const root = schema.getRootType(operation.operation);
  if (!root || operation.operation === OperationTypeNode.SUBSCRIPTION) return null;
  const fragments = fragmentsOf(document);
  try {
    const planner = new Planner(schema, fragments, variables);
    const selection = planner.select(root, [operation.selectionSet]);
    return { schema, operation, fragments, root: selection };
  } catch (error) {
    // An `if` that is no boolean is reported by the interpreter.
    if (error instanceof Unsupported || error instanceof GraphQLError) return null;
    throw error;
  }
}

class Planner {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  select(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): Selection {
    const grouped = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const selectionSet of selectionSets) this.#collect(type, selectionSet, grouped, spread);
    const fields = [...grouped].map(([key, nodes]) => this.#field(type, key, nodes));
    return { fields, blank: blankOf([...grouped.keys()]) };
  }

  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    grouped: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!this.#isWanted(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = grouped.get(key);
        if (nodes) nodes.push(selection);
        else grouped.set(key, [selection]);
        continue;
      }
      let fragment: SelectionNode | FragmentDefinitionNode | undefined = selection;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        if (spread.has(name)) continue;
        spread.add(name);
        fragment = this.fragments[name];
      }
      if (fragment && 'selectionSet' in fragment && fragment.selectionSet && this.#matches(fragment, type))
        this.#collect(type, fragment.selectionSet, grouped, spread);
    }
  }

  #isWanted({ directives = [] }: SelectionNode): boolean {
    for (const { name } of directives) {
      if (name.value !== 'skip' && name.value !== 'include') throw new Unsupported();
    }
    if (directives.length === 0) return true;
    const node = { directives };
    if (getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.['if'] === true) return false;
    return getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.['if'] !== false;
  }

  #matches(fragment: object, type: GraphQLObjectType): boolean {
    const { typeCondition } = fragment as Partial<FragmentDefinitionNode>;
    if (!typeCondition) return true;
    const condition = typeFromAST(this.schema, typeCondition);
    return condition === type || (isAbstractType(condition) && this.schema.isSubType(condition, type));
  }

  #field(parentType: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): Field {
    const [{ name }] = nodes as [FieldNode];
    // In an object literal it is not a property, but the prototype.
    if (key === '__proto__') throw new Unsupported();
    const definition =
      name.value === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parentType.getFields()[name.value];
    if (!definition) throw new Unsupported();
    const type = getNullableType(definition.type);
    const property = exposedProperty(definition);
    return {
      key,
      nodes,
      parentType,
      definition,
      isNonNull: isNonNullType(definition.type),
      isLeaf: isLeafType(type),
      property,
      answerOf: answerOf(definition, isText(type), property),
      resolve: resolverOf(definition),
      readArguments: argumentReader(definition, nodes[0] as FieldNode),
      complete: this.#complete(definition.type, nodes, reader(definition)),
    };
  }

  /** @param read gives the value of the field as its type has it, where the type does not do so itself */
  #complete(type: GraphQLOutputType, nodes: readonly FieldNode[], read?: Read): Complete {
    if (isNonNullType(type)) {
      const complete = this.#complete(type.ofType, nodes, read);
      return (run, field, place, value) => {
        const completed = complete(run, field, place, value);
        if (completed !== null) return completed;
        throw new Error(
          `Cannot return null for non-nullable field ${field.parentType.name}.${field.definition.name}.`,
        );
      };
    }
    if (isListType(type)) return this.#list(type.ofType, nodes, read);
    if (isLeafType(type)) return leaf(type, read);
    return isAbstractType(type) ? this.#abstract(type, nodes) : this.#object(type, nodes, read);
  }

  #list(type: GraphQLOutputType, nodes: readonly FieldNode[], read?: Read): Complete {
    const items = { complete: this.#complete(type, nodes), isNonNull: isNonNullType(type) };
    const settle: Complete = (run, field, place, list) => {
      if (typeof list === 'object' && list !== null && Symbol.iterator in list)
        return settleItems(run, field, place, list as Iterable<unknown>, items);
      if (typeof list === 'object' && list !== null && Symbol.asyncIterator in list) {
        comesLater(run, field, place as Place, itemsOf(list as AsyncIterable<unknown>), settle);
        return undefined;
      }
      throw new GraphQLError(
        `Expected Iterable, but did not find one for field "${field.parentType.name}.${field.definition.name}".`,
      );
    };
    return (run, field, place, value) => {
      if (value == null) return null;
      if (value instanceof Error) throw value;
      return settle(run, field, place, read ? read(value) : value);
    };
  }

  #object(type: GraphQLObjectType, nodes: readonly FieldNode[], read?: Read): Complete {
    const selection = this.#below(type, nodes);
    return (run, _field, place, value) => {
      if (value == null) return null;
      if (value instanceof Error) throw value;
      return executeFields(run, selection, read ? read(value) : value, place);
    };
  }

  #abstract(type: GraphQLAbstractType, nodes: readonly FieldNode[]): Complete {
    const selections = new Map(
      this.schema.getPossibleTypes(type).map((one) => [one.name, this.#below(one, nodes)]),
    );
    const resolveType = type.resolveType ?? defaultTypeResolver;
    return (run, field, place, value) => {
      if (value == null) return null;
      if (value instanceof Error) throw value;
      const complete = (name: string | undefined) => {
        const selection = name === undefined ? undefined : selections.get(name);
        if (selection) return executeFields(run, selection, value, place);
        throw new GraphQLError(`${String(name)} is no type that "${type.name}" can have.`, { nodes });
      };
      const name = resolveType(value, run.context, new Info(run, field, parentOf(place)), type);
      if (!isPromise(name)) return complete(name);
      comesLater(run, field, place as Place, name, (_run, _field, _place, late) => complete(late));
      return undefined;
    };
  }

  #below(type: GraphQLObjectType, nodes: readonly FieldNode[]): Selection {
    if (type.isTypeOf) throw new Unsupported();
    return this.select(
      type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    );
  }
}

/** Parsed, because V8 then keeps all properties within the object and its copies, where they are written and read faster. */
function blankOf(keys: readonly string[]): Record<string, unknown> {
  const properties = keys.map((key) => `${JSON.stringify(key)}:null`);
  return JSON.parse(`{${properties.join()}}`) as Record<string, unknown>;
}

/** Place of the object that a field belongs to, from the place of its value or of an item of it. */
function parentOf(place: Place | undefined): Place | undefined {
  let own = place;
  while (typeof own?.key === 'number') own = own.prev;
  return own?.prev;
}

function leaf(type: GraphQLLeafType, read: Read = (value) => serialize(type, value)): Complete {
  const keepsText = isText(type);
  return (_run, _field, _place, value) => {
    if (keepsText && typeof value === 'string') return value;
    if (value == null) return null;
    if (value instanceof Error) throw value;
    return read(value);
  };
}

/** True if its serialisation returns strings unchanged. */
function isText(type: GraphQLOutputType): boolean {
  return type === GraphQLString || type === GraphQLID;
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  let serialized: unknown;
  try {
    serialized = type.serialize(value);
  } catch (error) {
    // A value of ours that does not fit is no error of the request, as a GraphQLError would be.
    if (error instanceof GraphQLError) throw new Error(error.message, { cause: error });
    throw error;
  }
  if (serialized == null) throw new Error(`${type.name} has no value for what was resolved.`);
  return serialized;
}

/** Pothos says so of its `expose…` fields, and whether a plugin has put something around the resolver. */
function exposedProperty({ extensions }: GraphQLField<unknown, unknown>): string | null {
  const { pothosExposedField: property, pothosResolveWrapped: wrapped } = extensions;
  return typeof property === 'string' && wrapped === false ? property : null;
}

/** A completed value is read, so the resolver need not do so, too. Values of abstract types are not read. */
function resolverOf({ type, resolve, extensions }: GraphQLField<unknown, unknown>): Resolver {
  const isReading = resolve !== undefined && resolve === extensions['reading'];
  return isReading && !isAbstractType(getNullableType(type))
    ? (extensions['resolve'] as Resolver)
    : (resolve ?? defaultFieldResolver);
}

/** The schema declares it in `extensions`. */
function reader({ extensions }: GraphQLField<unknown, unknown>): Read | undefined {
  return extensions['read'] as Read | undefined;
}

/** The schema declares it in `extensions` (`ofParent`), and Pothos that a property is exposed as it is. */
function answerOf(
  { extensions }: GraphQLField<unknown, unknown>,
  keepsText: boolean,
  property: string | null,
): AnswerOf | null {
  const { answerOf: declared, pothosResolveWrapped: wrapped } = extensions;
  if (typeof declared === 'function' && wrapped === false) return declared as AnswerOf;
  if (!keepsText || property === null) return null;
  return (parent) => (parent as Readonly<Record<string, unknown>> | null | undefined)?.[property];
}

export function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

async function itemsOf(list: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of list) items.push(item);
  return items;
}
