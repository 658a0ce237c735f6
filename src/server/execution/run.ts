import {
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
import { askingField } from '../../constant-contact/cache/asking-field.js';
import type { Complete, Field, Path, Place, Run, Selection } from './plan.js';
import {
  MAX_RESPONSE_ERRORS,
  MAX_VALUES,
  MOST_VALUES,
  omittedErrors,
  tooManyValues,
  VALUES_PER_ERROR,
} from './response-limits.js';

export interface Result {
  errors?: readonly GraphQLError[];
  data: unknown;
}

/**
 * Executes a plan as the interpreter would execute its operation.
 *
 * @throws the signal's reason as soon as it fires; no resolver is called from then on
 */
export function execute({
  plan,
  variables,
  context,
  rootValue,
  namesFields,
  gone,
}: Pick<Run, 'plan' | 'variables' | 'context' | 'rootValue' | 'namesFields' | 'gone'>):
  Result | Promise<Result> {
  gone?.throwIfAborted();
  const run: Run = {
    plan,
    variables,
    context,
    rootValue,
    namesFields,
    gone,
    errors: [],
    omitted: 0,
    values: 0,
    refusal: undefined,
    pending: 0,
    done: undefined,
    isLost: false,
  };
  // Fields of a mutation that are not executed are null.
  const answer = { ...plan.root.blank };
  const result = (): Result => {
    gone?.throwIfAborted();
    const { refusal, omitted } = run;
    // A mutation cannot be undone, so its payloads are still reported.
    if (refusal) return { errors: [refusal], data: isMutation(run) && !run.isLost ? answer : null };
    if (omitted > 0) run.errors.push(omittedErrors(omitted));
    const data = run.isLost ? null : answer;
    return run.errors.length > 0 ? { errors: run.errors, data } : { data };
  };
  const { fields } = plan.root;
  let rest: Promise<void> | undefined;
  if (isMutation(run)) {
    rest = executeSerially(run, fields, answer);
  } else {
    attempt(run, () => fillIn(run, answer, fields, rootValue, undefined));
    if (run.pending > 0) rest = allOf(run);
  }
  if (!rest) return result();
  const answered = rest.then(result);
  return gone ? abortable(answered, gone, ({ reason }) => reason) : answered;
}

function isMutation({ plan }: Run): boolean {
  return plan.operation.operation === OperationTypeNode.MUTATION;
}

/** Does what fails only where the whole answer does. */
function attempt(run: Run, work: () => void): void {
  try {
    work();
  } catch (error) {
    run.gone?.throwIfAborted();
    loseAll(run, error);
  }
}

function loseAll(run: Run, error: unknown): void {
  run.isLost = true;
  addError(run, error as GraphQLError);
}

/** Until all that is to come has come. */
function allOf(run: Run): Promise<void> {
  return new Promise((resolve) => {
    run.done = resolve;
  });
}

/** The fields of a mutation, one after the other. */
async function executeSerially(
  run: Run,
  fields: readonly Field[],
  answer: Record<string, unknown>,
): Promise<void> {
  for (const field of fields) {
    run.gone?.throwIfAborted();
    attempt(run, () => fillIn(run, answer, [field], run.rootValue, undefined));
    if (run.pending > 0) await allOf(run);
    if (run.isLost || run.refusal) return;
  }
}

/** All fields of an object, side by side. Throws when one that must not be null has failed. */
export function executeFields(
  run: Run,
  { fields, blank }: Selection,
  source: unknown,
  place: Place | undefined,
): Record<string, unknown> {
  const answer = { ...blank };
  fillIn(run, answer, fields, source, place);
  return answer;
}

function fillIn(
  run: Run,
  answer: Record<string, unknown>,
  fields: readonly Field[],
  source: unknown,
  place: Place | undefined,
): void {
  if (run.gone?.aborted) throw run.gone.reason;
  run.values += fields.length;
  if (run.values > MAX_VALUES) throw (run.refusal ??= tooManyValues(MOST_VALUES, isMutation(run)));
  // Deferred values get their property now, so that the order is that of the selection.
  for (const field of fields) answer[field.key] = executeField(run, answer, field, source, place);
}

/** The value of a field; undefined where it comes later. */
function executeField(
  run: Run,
  answer: Record<string, unknown>,
  field: Field,
  source: unknown,
  parent: Place | undefined,
): unknown {
  let place: Place | undefined;
  try {
    if (field.answerOf) {
      const answer = field.answerOf(source);
      if (typeof answer === 'string') return answer;
      if ((answer === null || answer === undefined) && !field.isNonNull) return null;
    }
    const value =
      field.property === null
        ? resolve(run, field, source, parent)
        : (source as Record<string, unknown>)[field.property];
    if (isPromise(value)) {
      comesLater(run, field, placeOf(answer, field, parent), value, field.complete);
      return undefined;
    }
    if (!field.isLeaf) place = placeOf(answer, field, parent);
    return field.complete(run, field, place, value);
  } catch (error) {
    return fail(run, field, place ?? placeOf(answer, field, parent), error);
  }
}

function resolve(run: Run, field: Field, source: unknown, parent: Place | undefined): unknown {
  const { variables, context, namesFields } = run;
  const info = new Info(run, field, parent);
  const args = field.readArguments(variables);
  if (!namesFields) return field.resolve(source, args, context, info);
  return askingField.run(info, () => field.resolve(source, args, context, info));
}

/** Puts a value where it belongs when it has come and is complete. */
export function comesLater<Value>(
  run: Run,
  field: Field,
  place: Place,
  value: PromiseLike<Value>,
  complete: (run: Run, field: Field, place: Place, value: Value) => unknown,
): void {
  run.pending += 1;
  value.then(
    (resolved) => {
      try {
        place.holder[place.key] = complete(run, field, place, resolved);
      } catch (error) {
        failLate(run, field, place, error);
      }
      hasCome(run);
    },
    (error: unknown) => {
      failLate(run, field, place, error);
      hasCome(run);
    },
  );
}

function hasCome(run: Run): void {
  run.pending -= 1;
  if (run.pending === 0) run.done?.();
}

interface Items {
  complete: Complete;
  isNonNull: boolean;
}

/** The items of a list, each of which may come later and may fail for itself. */
export function settleItems(
  run: Run,
  field: Field,
  place: Place | undefined,
  items: Iterable<unknown>,
  { complete, isNonNull }: Items,
): unknown[] {
  const answer: unknown[] = [];
  if (Array.isArray(items)) run.values += items.length;
  for (const item of items) {
    const at: Place = {
      prev: place,
      key: answer.length,
      typename: undefined,
      holder: answer as unknown as Place['holder'],
      isNonNull,
      isLost: false,
    };
    answer.push(settleItem(run, field, at, item, complete));
  }
  return answer;
}

function settleItem(run: Run, field: Field, at: Place, item: unknown, complete: Complete): unknown {
  try {
    if (!isPromise(item)) return complete(run, field, at, item);
    comesLater(run, field, at, item, complete);
    return undefined;
  } catch (error) {
    return fail(run, field, at, error);
  }
}

/** Notes an error and answers null; throws it on where null is not allowed. */
function fail(run: Run, { nodes }: Field, place: Place, thrown: unknown): null {
  place.isLost = true;
  const errors: unknown[] = thrown instanceof AggregateError ? thrown.errors : [thrown];
  run.values += errors.length * VALUES_PER_ERROR;
  for (const error of errors) {
    const isKept = run.errors.length < MAX_RESPONSE_ERRORS && !run.refusal;
    const located = isKept ? locatedError(error, nodes, keysOf(place)) : (error as GraphQLError);
    if (place.isNonNull) throw located;
    addError(run, located);
  }
  return null;
}

function addError(run: Run, error: GraphQLError): void {
  if (run.errors.length < MAX_RESPONSE_ERRORS) run.errors.push(error);
  else run.omitted += 1;
}

/**
 * Fails what has a value that came later: up to the first that may be null. Nothing is said of what is within a place that
 * has failed before.
 */
function failLate(run: Run, field: Field, place: Place, thrown: unknown): void {
  if (run.isLost) return;
  for (let above = place.prev; above; above = above.prev) if (above.isLost) return;
  let error = thrown;
  for (let at: Place | undefined = place; at; at = at.prev) {
    try {
      at.holder[at.key] = fail(run, field, at, error);
      return;
    } catch (located) {
      error = located;
    }
  }
  loseAll(run, error);
}

function placeOf(
  holder: Record<string, unknown>,
  { key, parentType, isNonNull }: Field,
  prev: Place | undefined,
): Place {
  return { prev, key, typename: parentType.name, holder, isNonNull, isLost: false };
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
    const { key, parentType } = this.field;
    return { prev: this.parent, key, typename: parentType.name };
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
