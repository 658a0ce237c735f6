import {
  getArgumentValues,
  getIntrospectionQuery,
  getNamedType,
  type GraphQLObjectType,
  isObjectType,
  Kind,
  parse,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  visit,
  BREAK,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Maximum amount of introspection in an operation, in full introspection queries. The queries of tools differ in a few fields. */
const MAX_QUERIES = 1.5;

const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]),
);

/** Root field of the federation specification for the schema as text. */
const SERVICE = '_service';

type Variables = Readonly<Record<string, unknown>>;

class TooMuch extends Error {}

/** Measures the introspection in operations. */
export interface IntrospectionWork {
  isIntrospecting(document: DocumentNode): boolean;
  /** Returns true if an operation reads more of the schema than tools need. It stops counting at that limit. */
  isTooMuch(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): boolean;
}

export function introspectionWork(schema: GraphQLSchema): IntrospectionWork {
  const introspecting = new WeakMap<DocumentNode, boolean>();
  // For operations without variables.
  const known = new WeakMap<OperationDefinitionNode, boolean>();
  let whole: number | undefined;
  const measure = () => {
    const document = parse(
      getIntrospectionQuery({
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    );
    const [operation] = document.definitions;
    return new Count(schema, document, {}, Infinity, 0).of(operation as OperationDefinitionNode);
  };
  return {
    isIntrospecting: (document) => {
      let introspects = introspecting.get(document);
      if (introspects === undefined) introspecting.set(document, (introspects = readsSchema(document)));
      return introspects;
    },
    isTooMuch: (document, operation, variables) => {
      let isTooMuch = known.get(operation);
      if (isTooMuch !== undefined) return isTooMuch;
      whole ??= measure();
      isTooMuch = isOver(new Count(schema, document, variables, whole * MAX_QUERIES, whole), operation);
      if (!operation.variableDefinitions?.length) known.set(operation, isTooMuch);
      return isTooMuch;
    },
  };
}

function isOver(count: Count, operation: OperationDefinitionNode): boolean {
  try {
    count.of(operation);
    return false;
  } catch (error) {
    if (error instanceof TooMuch) return true;
    throw error;
  }
}

function readsSchema(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Field({ name: { value } }) {
      found ||= META_FIELDS.has(value) || value === SERVICE;
      return found ? BREAK : undefined;
    },
  });
  return found;
}

/** A selection on one type: many objects of the schema have the same. */
interface Selection {
  /** Number of its fields, without those below them. */
  count: number;
  below: readonly Below[];
}

/** A selected field with fields below it. */
interface Below {
  field: GraphQLField<unknown, unknown>;
  args: Readonly<Record<string, unknown>>;
  type: GraphQLObjectType;
  selectionSet: SelectionSetNode;
}

/** Counts the fields that are resolved for the introspection in an operation. */
class Count {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #variables: Variables;
  readonly #limit: number;
  /** Number of fields that the schema as text counts as. */
  readonly #text: number;
  readonly #selections = new Map<SelectionSetNode, Map<GraphQLObjectType | null, Selection>>();
  #count = 0;

  constructor(
    schema: GraphQLSchema,
    { definitions }: DocumentNode,
    variables: Variables,
    limit: number,
    text: number,
  ) {
    this.#schema = schema;
    this.#fragments = new Map(
      definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
    );
    this.#variables = variables;
    this.#limit = limit;
    this.#text = text;
  }

  /** @throws TooMuch */
  of({ selectionSet }: OperationDefinitionNode): number {
    this.#add(selectionSet, null, undefined);
    return this.#count;
  }

  /** @param type null at the root of the operation */
  #add(selectionSet: SelectionSetNode, type: GraphQLObjectType | null, source: unknown): void {
    const { count, below } = this.#selectionOf(selectionSet, type);
    this.#count = this.#checked(this.#count + count);
    for (const { field, args, type: next, selectionSet: deeper } of below) {
      const value = field.resolve?.(source, args, undefined, { schema: this.#schema } as GraphQLResolveInfo);
      for (const one of Array.isArray(value) ? value : [value]) if (one != null) this.#add(deeper, next, one);
    }
  }

  #selectionOf(selectionSet: SelectionSetNode, type: GraphQLObjectType | null): Selection {
    const known = this.#selections.get(selectionSet) ?? new Map<GraphQLObjectType | null, Selection>();
    this.#selections.set(selectionSet, known);
    let selection = known.get(type);
    if (!selection) known.set(type, (selection = this.#read(selectionSet, type)));
    return selection;
  }

  #read({ selections }: SelectionSetNode, type: GraphQLObjectType | null): Selection {
    let count = 0;
    const below: Below[] = [];
    for (const selection of selections) {
      count = this.#checked(count + 1);
      if (selection.kind !== Kind.FIELD) {
        const spread =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragments.get(selection.name.value);
        if (!spread) continue;
        const inside = this.#selectionOf(spread.selectionSet, type);
        count = this.#checked(count + inside.count);
        for (const one of inside.below) below.push(one);
        continue;
      }
      const name = selection.name.value;
      if (type === null && name === SERVICE) count = this.#checked(count + this.#text);
      const field = type === null ? META_FIELDS.get(name) : type.getFields()[name];
      const next = field && getNamedType(field.type);
      if (!selection.selectionSet || !field?.resolve || !isObjectType(next)) continue;
      const args = getArgumentValues(field, selection, this.#variables);
      below.push({ field, args, type: next, selectionSet: selection.selectionSet });
    }
    return { count, below };
  }

  #checked(count: number): number {
    if (count > this.#limit) throw new TooMuch();
    return count;
  }
}
