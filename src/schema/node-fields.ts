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
       * True to include `Query.node` and `Query.nodes`. Set it to false when another subgraph behind the gateway has them: neither
       * subgraph can resolve the ids of the other, and the two do not compose. Default: true.
       */
      nodeFields?: boolean;
    }
  }
}

/** Omits the root fields `node` and `nodes` when the schema is built without them; the interface `Node` stays. */
class NodeFieldsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> | null {
    const isOmitted = this.options.nodeFields === false && /^nodes?$/.test(field.name);
    return isOmitted && field.parentType === 'Query' ? null : field;
  }
}

export const nodeFields = 'nodeFields';
SchemaBuilder.registerPlugin(nodeFields, NodeFieldsPlugin);
