import {
  operationsOf,
  resolveSchema,
  type Contract,
  type Operation,
  type Parameter,
  type Schema,
} from './model.js';

interface SlipOf<Kind extends string, Target> {
  of: Kind;
  /**
   * Place in the contract. Schemas: `Name.property.property`, `[]` for the items of an array,
   * `operationId#property` for a body without a name. Parameters: `operationId?name` in the query,
   * `operationId/name` in the path. Operations: `operationId`.
   */
  where: readonly string[];
  /** Evidence that the vendor's contract is wrong. */
  why: string;
  /**
   * Corrects the target in place. Idempotent.
   * @returns `missing` when another part of the contract that the correction needs does not exist
   */
  mend: (target: Target, contract: Contract) => 'missing' | void;
}

/** Correction of one error in the vendor's contract. */
export type Slip = SlipOf<'schema', Schema> | SlipOf<'parameter', Parameter> | SlipOf<'operation', Operation>;

/** Outcome of a correction at one of its places. */
export interface Mending {
  where: string;
  why: string;
  /** `unneeded`: the contract is already right. `missing`: the place does not exist. */
  outcome: 'mended' | 'unneeded' | 'missing';
}

/** Corrects a contract in place. @returns the outcome for each place of each correction */
export function mend(contract: Contract, slips: readonly Slip[]): Mending[] {
  let text = JSON.stringify(contract);
  return slips.flatMap((slip) =>
    slip.where.map((where) => {
      const before = text;
      const found = mendAt(contract, slip, where);
      text = JSON.stringify(contract);
      const outcome = found === 'missing' ? found : text === before ? 'unneeded' : 'mended';
      return { where, why: slip.why, outcome };
    }),
  );
}

function mendAt(contract: Contract, slip: Slip, where: string): 'missing' | void {
  const act = <T>(target: T | undefined, { mend }: SlipOf<string, T>) =>
    target === undefined ? 'missing' : mend(target, contract);
  switch (slip.of) {
    case 'schema':
      return act(schemaAt(contract, where), slip);
    case 'parameter':
      return act(parameterAt(contract, where), slip);
    case 'operation':
      return act(operationAt(contract, where), slip);
  }
}

function operationAt(contract: Contract, id: string): Operation | undefined {
  return operationsOf(contract).find((one) => one.id === id)?.operation;
}

function parameterAt(contract: Contract, where: string): Parameter | undefined {
  const [, id = '', mark, name] = /^(\w+)([?/])(\w+)$/.exec(where) ?? [];
  const place = mark === '?' ? 'query' : 'path';
  return operationAt(contract, id)?.parameters.find((one) => one.name === name && one.in === place);
}

function schemaAt(contract: Contract, where: string): Schema | undefined {
  const [head = '', ...steps] = where.split(/[.#]|(?=\[\])/);
  const body = where.includes('#') ? operationAt(contract, head)?.requestBody : undefined;
  const start = body ? Object.values(body.content)[0]?.schema : contract.components.schemas[head];
  return steps.reduce<Schema | undefined>((schema, step) => {
    const place = resolveSchema(contract, schema);
    return step === '[]' ? place?.items : place?.properties?.[step];
  }, start);
}
