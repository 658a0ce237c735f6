import type { ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.js';
import type { NodeType } from '../resolvers/support/global-id.js';
import { byReference } from '../resolvers/support/reference.js';
import { builder } from './builder.js';
import type { SchemaTypes } from './fields.js';

/** Declares a type as an entity: other subgraphs refer to its objects by global ID, or by `rawKey`. */
export function entity<Row extends object>(
  type: ObjectRef<SchemaTypes, Row>,
  name: NodeType,
  rawKey: string,
  load: (id: string, context: Context, info: GraphQLResolveInfo) => Promise<Row | null>,
): void {
  builder.asEntity(type, {
    // The type of a selection is spelled from its shape, which a variable name does not have.
    key: ['id', rawKey].map((field) => builder.selection<object>(field as never)),
    resolveReference: (key, context, info) => byReference(name, key, rawKey, (id) => load(id, context, info)),
  });
}
