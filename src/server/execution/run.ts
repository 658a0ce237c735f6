import {
  getArgumentValues,
  locatedError,
  OperationTypeNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { abortable } from '../../constant-contact/abort.js';
import type { Stop } from '../../constant-contact/stop.js';
import type { Complete, Field, Plan, Selection } from './plan.js';

export type Path = GraphQLResolveInfo['path'];

/** One execution of a plan. */
export interface Run {
  plan: Plan;
  variables: Readonly<Record<string, unknown>>;
  context: unknown;
  rootValue: unknown;
  /** Fires when nobody waits for the answer any more. */
  gone: Stop | undefined;
  errors: GraphQLError[];
}

export interface Result {
  errors?: readonly GraphQLError[];
  data: unknown;
}

/**
 * Executes a plan as the interpreter would execute its operation.
 *
 * @throws the signal's reason as soon as it fires; no resolver is called from then on
 */
export function execute(run: Run): Result | Promise<Result> {
  const { plan, gone } = run;
  gone?.throwIfAborted();
  const failed = (error: unknown): Result => {
    gone?.throwIfAborted();
    run.errors.push(error as GraphQLError);
    return { errors: run.errors, data: null };
  };
  const done = (data: unknown): Result => (run.errors.length > 0 ? { errors: run.errors, data } : { data });
  try {
    const perform = plan.operation.operation === OperationTypeNode.MUTATION ? executeSerially : executeFields;
    const data = perform(run, plan.root, run.rootValue, undefined);
    if (!isPromise(data)) return done(data);
    const answered = data.then(done, failed);
    return gone ? abortable(answered, gone, ({ reason }) => reason) : Promise.resolve(answered);
  } catch (error) {
    return failed(error);
  }
}

/** All fields of an object, side by side. Throws when one that must not be null has failed. */
export function executeFields(
  run: Run,
  { fields }: Selection,
  source: unknown,
  path: Path | undefined,
): unknown {
  if (run.gone?.aborted) throw run.gone.reason;
  const answer: Record<string, unknown> = {};
  let pending: PromiseLike<void>[] | undefined;
  try {
    for (const field of fields) {
      const value = executeField(run, field, source, path);
      // Before it has its value, so that the order is that of the selection.
      answer[field.key] = value;
      if (isPromise(value)) {
        (pending ??= []).push(
          value.then((completed) => {
            answer[field.key] = completed;
          }),
        );
      }
    }
  } catch (error) {
    if (!pending) throw error;
    // What the others come to is waited for, so that none of them fails unheard.
    const fail = () => {
      throw error;
    };
    return Promise.all(pending).then(fail, fail);
  }
  return pending ? Promise.all(pending).then(() => answer) : answer;
}

/** The fields of a mutation, one after the other. */
async function executeSerially(
  run: Run,
  { fields }: Selection,
  source: unknown,
  path: Path | undefined,
): Promise<unknown> {
  const answer: Record<string, unknown> = {};
  for (const field of fields) {
    run.gone?.throwIfAborted();
    answer[field.key] = await executeField(run, field, source, path);
  }
  return answer;
}

const NO_ARGUMENTS = Object.freeze({});

function executeField(run: Run, field: Field, source: unknown, parent: Path | undefined): unknown {
  try {
    const text = textOf(field, source);
    if (text !== undefined) return text;
    const value =
      field.property === null
        ? field.resolve(source, argumentsOf(run, field), run.context, new Info(run, field, parent))
        : (source as Record<string, unknown>)[field.property];
    const path = field.isLeaf ? undefined : pathOf(field, parent);
    const completed = isPromise(value)
      ? value.then((resolved) => field.complete(run, field, path, resolved))
      : field.complete(run, field, path, value);
    return isPromise(completed)
      ? completed.then(undefined, (error: unknown) =>
          fail(run, field.nodes, pathOf(field, parent), field.isNonNull, error),
        )
      : completed;
  } catch (error) {
    return fail(run, field.nodes, pathOf(field, parent), field.isNonNull, error);
  }
}

/** The text of a field that is one of its parent's, as most fields of a page are: these need none of what follows. */
function textOf({ text, readText }: Field, source: unknown): string | undefined {
  if (text === null || source === null || source === undefined) return undefined;
  const value = (source as Record<string, unknown>)[text];
  if (typeof value !== 'string') return undefined;
  return readText === null ? value : readText(value);
}

function argumentsOf({ variables }: Run, { definition, nodes }: Field): Record<string, unknown> {
  if (definition.args.length === 0) return NO_ARGUMENTS;
  return getArgumentValues(definition, nodes[0] as FieldNode, variables);
}

interface Items {
  complete: Complete;
  isNonNull: boolean;
}

/** The items of a list, each of which may come later and may fail for itself. */
export function settleItems(
  run: Run,
  field: Field,
  path: Path | undefined,
  items: Iterable<unknown>,
  { complete, isNonNull }: Items,
): unknown {
  const answer: unknown[] = [];
  let isPending = false;
  let index = 0;
  try {
    for (const item of items) {
      const at: Path = { prev: path, key: index, typename: undefined };
      index += 1;
      const settled = settleItem(run, field, at, item, complete, isNonNull);
      answer.push(settled);
      isPending ||= isPromise(settled);
    }
  } catch (error) {
    for (const one of answer) if (isPromise(one)) one.then(undefined, () => undefined);
    throw error;
  }
  return isPending ? Promise.all(answer) : answer;
}

function settleItem(
  run: Run,
  field: Field,
  at: Path,
  item: unknown,
  complete: Complete,
  isNonNull: boolean,
): unknown {
  try {
    const completed = isPromise(item)
      ? item.then((resolved) => complete(run, field, at, resolved))
      : complete(run, field, at, item);
    return isPromise(completed)
      ? completed.then(undefined, (error: unknown) => fail(run, field.nodes, at, isNonNull, error))
      : completed;
  } catch (error) {
    return fail(run, field.nodes, at, isNonNull, error);
  }
}

/** Notes an error and answers null; throws it on where null is not allowed. */
function fail(run: Run, nodes: readonly FieldNode[], path: Path, isNonNull: boolean, thrown: unknown): null {
  const errors: unknown[] = thrown instanceof AggregateError ? thrown.errors : [thrown];
  for (const error of errors) {
    const located = locatedError(error, nodes, keysOf(path));
    if (isNonNull) throw located;
    run.errors.push(located);
  }
  return null;
}

function pathOf({ key, parentType }: Field, prev: Path | undefined): Path {
  return { prev, key, typename: parentType.name };
}

function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let one: Path | undefined = path; one; one = one.prev) keys.push(one.key);
  return keys.reverse();
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** The fourth argument of a resolver. Few read it, so nothing in it is made before it is asked for. */
export class Info implements GraphQLResolveInfo {
  constructor(
    private readonly run: Run,
    private readonly field: Field,
    private readonly parent: Path | undefined,
  ) {}

  get fieldName(): string {
    return this.field.definition.name;
  }

  get fieldNodes(): readonly FieldNode[] {
    return this.field.nodes;
  }

  get returnType(): GraphQLOutputType {
    return this.field.definition.type;
  }

  get parentType(): GraphQLObjectType {
    return this.field.parentType;
  }

  get path(): Path {
    return pathOf(this.field, this.parent);
  }

  get schema(): GraphQLSchema {
    return this.run.plan.schema;
  }

  get fragments(): Record<string, FragmentDefinitionNode> {
    return this.run.plan.fragments;
  }

  get rootValue(): unknown {
    return this.run.rootValue;
  }

  get operation(): OperationDefinitionNode {
    return this.run.plan.operation;
  }

  get variableValues(): Record<string, unknown> {
    return this.run.variables;
  }

  get signal(): AbortSignal | undefined {
    return this.run.gone?.signal;
  }
}
