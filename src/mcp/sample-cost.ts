import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  OperationTypeNode,
  typeFromAST,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { queryCostOf } from '../server/query-cost.js';

/**
 * A sentence with the cost of an operation for its required arguments only, in an account of typical size. Where that cannot be computed, it
 * is the sentence of the first field.
 */
export function costSentence(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): string {
  // The cost of `nodes` depends on the type of the objects.
  const [, nodeType] = /\.\.\. on (\w+)/.exec(operation.loc?.source.body ?? '') ?? [];
  const sampleId = Buffer.from(`${nodeType ?? 'Contact'}:00000000-0000-4000-8000-000000000000`);
  const samples = { ...SAMPLES, ID: sampleId.toString('base64') };
  const variableValues = Object.fromEntries(
    (operation.variableDefinitions ?? [])
      .filter(({ type, defaultValue }) => type.kind === 'NonNullType' && !defaultValue)
      .map(({ variable, type }) => [
        variable.name.value,
        sampleOf(typeFromAST(schema, type) as GraphQLInputType, samples),
      ]),
  );
  const { total, assumed } = queryCostOf({ schema, document, variableValues });
  // Some costs depend on the content of the arguments, such as the columns of a file.
  if (total === 0) return ownSentence(schema, operation);
  const calls = total === 1 ? '1 REST call' : `up to ${total.toLocaleString('en')} REST calls`;
  const isRead = operation.operation === OperationTypeNode.QUERY;
  const where = assumed.size > 0 ? ' in an account of typical size' : '';
  return `Cost: ${calls}${isRead ? ' with default arguments' : ''}${where}.`;
}

function ownSentence(schema: GraphQLSchema, { operation, selectionSet }: OperationDefinitionNode): string {
  const [field] = selectionSet.selections;
  const name = field?.kind === 'Field' ? field.name.value : '';
  const description = schema.getRootType(operation)?.getFields()[name]?.description;
  return /\bCost: .*$/.exec(description ?? '')?.[0] ?? '';
}

/** The smallest value of a type. Its content does not matter. */
function sampleOf(type: GraphQLInputType, samples: Readonly<Record<string, unknown>>): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType, samples);
  if (isListType(type)) return [sampleOf(type.ofType, samples)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf ? fields.slice(0, 1) : fields.filter((field) => isNonNullType(field.type));
    return Object.fromEntries(given.map(({ name, type: of }) => [name, sampleOf(of, samples)]));
  }
  return samples[type.name] ?? 'text';
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  Boolean: false,
  Int: 1,
  Float: 1,
  Date: '2026-01-01',
  DateTime: '2026-01-01T00:00:00Z',
  Decimal: '1',
};
