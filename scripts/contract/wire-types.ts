import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { operationsOf, type Contract } from './model.js';

/** Source of types.ts: the contract as TypeScript. */
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
 * Error bodies have no schema, and error statuses are in the table of operations. Read-only properties are
 * left writable, because the program builds such objects itself.
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
