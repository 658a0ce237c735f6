import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';

declare global {
  // Pothos' plugins declare their options here.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      nodeFields: NodeFieldsPlugin<Types>;
    }
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- declarations of an interface agree in their parameters
    interface BuildSchemaOptions<Types extends SchemaTypes> {
      /**
       * Whether the schema has `Query.node` and `Query.nodes`. Not for a gateway over another subgraph that has them too:
       * neither can answer for the ids of the other, and the two do not compose. Default: true.
       */
      nodeFields?: boolean;
    }
  }
}

/** Leaves the root fields `node` and `nodes` out where they are not wanted; the interface `Node` stays. */
class NodeFieldsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> | null {
    const left = this.options.nodeFields === false && /^nodes?$/.test(field.name);
    return left && field.parentType === 'Query' ? null : field;
  }
}

export const nodeFields = 'nodeFields';
SchemaBuilder.registerPlugin(nodeFields, NodeFieldsPlugin);
