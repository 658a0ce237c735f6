import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { operationsOf, type Contract } from './model.js';

/** The source of types.ts: the contract as TypeScript, without what has no bearing on a type. */
export async function typesSource(contract: Contract): Promise<string> {
  const nodes = await openapiTS(forTypes(contract) as unknown as Parameters<typeof openapiTS>[0], {
    defaultNonNullable: false,
    emptyObjectsUnknown: true,
    silent: true,
    transform: ({ format }) => (format === 'binary' ? ts.factory.createTypeReferenceNode('Blob') : undefined),
  });
  return astToString(nodes);
}

/**
 * Refusals have no schema, and their statuses are in the table of operations. What is read-only for a caller of the
 * API is not so for a program that holds the object.
 */
function forTypes(contract: Contract): Contract {
  const copy = JSON.parse(
    JSON.stringify(contract, (key, value: unknown) =>
      key === 'readOnly' && value === true ? undefined : value,
    ),
  ) as Contract;
  for (const { operation } of operationsOf(copy)) {
    for (const status of Object.keys(operation.responses)) {
      if (!status.startsWith('2')) delete operation.responses[status];
    }
  }
  return copy;
}
