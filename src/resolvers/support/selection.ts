import {
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** The fields of a selection set: field name → fields below it. */
export interface FieldTree extends ReadonlyMap<string, FieldTree> {}

interface Source {
  schema: GraphQLSchema;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  variables: Readonly<Record<string, unknown>>;
  /** Set when the selection depends on variables. */
  isConditional?: boolean;
}

/**
 * Selected fields of the whole operation, per type. They decide what a load includes (`include`, counts):
 * including more costs no extra call, so one union serves all aliases and fragments.
 */
export class OperationSelection {
  readonly #fields = new Map<string, Set<string>>();
  readonly #visited = new Set<string>();

  /** @param variables coerced variable values, for `@skip` and `@include` */
  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ) {
    const source = { schema, fragments: fragmentsOf(document), variables };
    const root = schema.getRootType(operation.operation);
    if (root) this.#walk(source, operation.selectionSet, root);
  }

  /**
   * Returns true if any of these fields is selected on that type anywhere. `links(includeUnclicked)` means the field
   * with a value for that argument: a variable counts as a value, a literal `false` or `null` does not.
   */
  has(type: string, ...fields: readonly string[]): boolean {
    const selected = this.#fields.get(type);
    if (!selected) return false;
    // Called for each row of a page: a loop is faster here than `some` with a function.
    for (const field of fields) if (selected.has(field)) return true;
    return false;
  }

  #walk(source: Source, selectionSet: SelectionSetNode, parent: GraphQLNamedType): void {
    for (const selection of selectionSet.selections) {
      if (!isWanted(source, selection)) continue;
      if (selection.kind === Kind.FIELD) {
        this.#note(parent, selection);
        const type = fieldType(parent, selection.name.value);
        if (selection.selectionSet && type) this.#walk(source, selection.selectionSet, type);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        this.#walk(
          source,
          selection.selectionSet,
          (condition ? source.schema.getType(condition) : undefined) ?? parent,
        );
        continue;
      }
      const name = selection.name.value;
      const fragment = source.fragments[name];
      // A fragment selects the same fields wherever it is spread; skipping visited ones also ends cycles.
      if (!fragment || this.#visited.has(name)) continue;
      this.#visited.add(name);
      const type = source.schema.getType(fragment.typeCondition.name.value);
      if (type) this.#walk(source, fragment.selectionSet, type);
    }
  }

  #note(parent: GraphQLNamedType, { name: { value: field }, arguments: args = [] }: FieldNode): void {
    const types = isAbstractType(parent) ? [parent, ...this.schema.getPossibleTypes(parent)] : [parent];
    const given = args.filter(({ value }) => !isNothing(value)).map(({ name }) => `${field}(${name.value})`);
    for (const type of types) {
      const fields = this.#fields.get(type.name) ?? new Set();
      for (const name of [field, ...given]) fields.add(name);
      this.#fields.set(type.name, fields);
    }
  }
}

function isNothing(value: ValueNode): boolean {
  return value.kind === Kind.NULL || (value.kind === Kind.BOOLEAN && !value.value);
}

/**
 * Trees of selections that do not depend on variables, by their nodes, which a cached plan keeps, and the type
 * of the field.
 */
const trees = new WeakMap<GraphQLResolveInfo['fieldNodes'], Map<GraphQLOutputType, FieldTree>>();

/**
 * The info of a field that returns objects of several types, for an object of this type: selections on other
 * types do not count.
 */
export function infoFor(type: string, info: GraphQLResolveInfo): GraphQLResolveInfo {
  // The properties of an info may be getters, which a copy would all evaluate.
  return Object.create(info, { returnType: { value: info.schema.getType(type) } }) as GraphQLResolveInfo;
}

/**
 * The fields below one field, with all aliases merged, and all fragments that apply to its type. `__typename`
 * costs nothing and is left out.
 */
export function selectionTree({
  schema,
  fragments,
  variableValues: variables,
  fieldNodes,
  returnType,
}: GraphQLResolveInfo): FieldTree {
  const known = trees.get(fieldNodes);
  const kept = known?.get(returnType);
  if (kept) return kept;
  const source: Source = { schema, fragments, variables };
  const tree = treeOf(
    source,
    getNamedType(returnType),
    fieldNodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : [])),
  );
  if (!source.isConditional)
    trees.set(fieldNodes, (known ?? new Map<GraphQLOutputType, FieldTree>()).set(returnType, tree));
  return tree;
}

/** Returns true if `field` is selected directly below the current field. */
export function selects(info: GraphQLResolveInfo, ...fields: readonly string[]): boolean {
  const tree = selectionTree(info);
  return fields.some((field) => tree.has(field));
}

/**
 * Returns true if all selected fields are offered. `offered` lists paths such as `email.address`; a path covers
 * everything below it.
 */
export function isCovered(tree: FieldTree, offered: readonly string[], prefix = ''): boolean {
  for (const [name, below] of tree) {
    const path = prefix + name;
    if (offered.includes(path)) continue;
    if (below.size === 0 || !isCovered(below, offered, `${path}.`)) return false;
  }
  return true;
}

/**
 * Returns true if an object can stay unread: only IDs are selected, and fields with REST calls of their own. If only
 * IDs are selected, a read is the only way to check that it exists.
 * @param ids fields that the ID answers
 * @param own fields that have their own calls
 */
export function needsOnlyId(
  info: GraphQLResolveInfo,
  ids: readonly string[],
  own: readonly string[],
): boolean {
  const tree = selectionTree(info);
  return isCovered(tree, [...ids, ...own]) && own.some((field) => tree.has(field));
}

/** @param type of the object; undefined where it is one of several */
function treeOf(
  source: Source,
  type: GraphQLNamedType | undefined,
  selectionSets: readonly SelectionSetNode[],
): FieldTree {
  const children = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = (selectionSet: SelectionSetNode): void => {
    for (const selection of selectionSet.selections) {
      if (!isWanted(source, selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        if (name === '__typename') continue;
        const nodes = children.get(name);
        if (nodes) nodes.push(selection);
        else children.set(name, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(source, selection.typeCondition, type)) collect(selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = source.fragments[selection.name.value];
        if (fragment && applies(source, fragment.typeCondition, type)) collect(fragment.selectionSet);
      }
    }
  };
  selectionSets.forEach(collect);
  return new Map(
    [...children].map(([name, nodes]) => [
      name,
      treeOf(
        source,
        type && fieldType(type, name),
        nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : [])),
      ),
    ]),
  );
}

/** Returns true if a fragment selects fields of an object of this type. */
function applies(
  { schema }: Source,
  condition: NamedTypeNode | undefined,
  type: GraphQLNamedType | undefined,
): boolean {
  if (!condition || !isObjectType(type) || condition.name.value === type.name) return true;
  const named = schema.getType(condition.name.value);
  return isAbstractType(named) && schema.isSubType(named, type);
}

function isWanted(source: Source, selection: SelectionSetNode['selections'][number]): boolean {
  if (!selection.directives?.length) return true;
  const { variables } = source;
  source.isConditional = true;
  if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false;
}

function fieldType(parent: GraphQLNamedType, field: string): GraphQLNamedType | undefined {
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  const definition = parent.getFields()[field];
  return definition && getNamedType(definition.type);
}

function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null) as Record<
    string,
    FragmentDefinitionNode
  >;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}
