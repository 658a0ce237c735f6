import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLError,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { Stop } from '../../constant-contact/stop.js';
import type { ReadArguments } from './arguments.js';

/** Compiled form of an operation: the fields of each object in the answer and the completion of each value. */
export interface Plan {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  root: Selection;
}

/** The fields of an object of one type, in the order of the answer. */
export interface Selection {
  fields: readonly Field[];
  /** An object that has all of them already, to copy: adding them one by one takes longer. */
  blank: Readonly<Record<string, unknown>>;
}

export interface Field {
  /** Name in the answer. */
  key: string;
  nodes: readonly FieldNode[];
  parentType: GraphQLObjectType;
  definition: GraphQLField<unknown, unknown>;
  isNonNull: boolean;
  isLeaf: boolean;
  /** Property of the parent that is the value, where the resolver does nothing else than to read it. */
  property: string | null;
  /** The resolver, where it needs the parent alone; a text or null that it gives is the answer. */
  answerOf: AnswerOf | null;
  resolve: GraphQLFieldResolver<unknown, unknown>;
  readArguments: ReadArguments;
  complete: Complete;
}

export type AnswerOf = (parent: unknown) => unknown;

/**
 * Turns what was resolved into what is answered; undefined where that comes later. Throws what is wrong with it. `place` is
 * missing for leaves.
 */
export type Complete = (run: Run, field: Field, place: Place | undefined, value: unknown) => unknown;

export type Path = GraphQLResolveInfo['path'];

/** One execution of a plan. */
export interface Run {
  plan: Plan;
  variables: Readonly<Record<string, unknown>>;
  context: unknown;
  rootValue: unknown;
  /** True if reads receive the field that asks for them: see `askingField`. */
  namesFields: boolean;
  /** Fires when nobody waits for the answer any more. */
  gone: Stop | undefined;
  errors: GraphQLError[];
  /** Number of errors that are not among them, because there are too many. */
  omitted: number;
  /** Number of values so far, with the errors at their weight. */
  values: number;
  /** Why nothing more is resolved: there are too many values. */
  refusal: GraphQLError | undefined;
  /** Values that are still to come. */
  pending: number;
  /** Called when the last of them has come. */
  done: (() => void) | undefined;
  /** A field of the root that must not be null has failed. */
  isLost: boolean;
}

/**
 * Where a value belongs in the answer. A value that comes later is put there when it comes, so that only it has to be
 * waited for: neither the object that has it nor the list that has the object is a promise. Where hundreds of rows wait for
 * one call, that is a third of the promises.
 */
export interface Place extends Path {
  readonly prev: Place | undefined;
  readonly holder: Record<string | number, unknown>;
  readonly isNonNull: boolean;
  /** It has failed, or something in it that must not be null: what else it has is not answered. */
  isLost: boolean;
}
