import {
  getNamedType,
  getOperationAST,
  isObjectType,
  parse,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { OperationSelection } from '../../src/resolvers/support/selection.js';
import { buildSchema } from '../../src/schema/index.js';

const schema = buildSchema();

/**
 * Fields within reach of `coordinate` that a document could select without another REST call, and does not.
 * Deprecated fields are not required. Links to other objects are followed only from payloads and connections
 * to their own object.
 */
export function unselectedFields(coordinate: string, source: string): string[] {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('one operation expected');
  const selection = new OperationSelection(schema, document, operation, {});
  const left: string[] = [];
  const seen = new Set<string>();
  const visit = (type: GraphQLObjectType, isEnvelope: boolean): void => {
    if (seen.has(type.name)) return;
    seen.add(type.name);
    for (const field of Object.values(type.getFields())) {
      if (field.deprecationReason != null || field.name === 'edges' || /Edge$/.test(type.name)) continue;
      if (hasOwnCall(type, field)) continue;
      if (!selection.has(type.name, field.name)) {
        left.push(`${type.name}.${field.name}`);
        continue;
      }
      const below = getNamedType(field.type);
      if (!isObjectType(below)) continue;
      const isLink = below.getInterfaces().length > 0;
      if (!isLink || isEnvelope) visit(below, false);
    }
  };
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const parent = schema.getType(typeName);
  const field = isObjectType(parent) ? parent.getFields()[fieldName] : undefined;
  const type = field && getNamedType(field.type);
  if (isObjectType(type)) visit(type, /(Payload|Connection)$/.test(type.name));
  return left;
}

/**
 * True when a field costs a call of its own: always for a field of a payload, otherwise if even its ids do.
 */
function hasOwnCall(type: GraphQLObjectType, { description, args }: GraphQLField<unknown, unknown>): boolean {
  const cost = /Cost: .*/.exec(description ?? '')?.[0] ?? '';
  const isFree = type.name.endsWith('Payload')
    ? cost.includes('only name and time were given')
    : cost.includes('; none when only ids');
  return (cost !== '' && !isFree) || args.some((arg) => String(arg.type).endsWith('!'));
}
