import {
  operationsOf,
  resolveSchema,
  type Contract,
  type Operation,
  type Parameter,
  type Schema,
} from './model.js';

interface CorrectionOf<Kind extends string, Target> {
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
  apply: (target: Target, contract: Contract) => 'missing' | void;
}

/** Correction of one error in the vendor's contract. */
export type Correction =
  | CorrectionOf<'schema', Schema>
  | CorrectionOf<'parameter', Parameter>
  | CorrectionOf<'operation', Operation>;

/** Outcome of a correction at one of its places. */
export interface CorrectionResult {
  where: string;
  why: string;
  /** `unneeded`: the contract is already right. `missing`: the place does not exist. */
  outcome: 'corrected' | 'unneeded' | 'missing';
}

/** Corrects a contract in place. @returns the outcome for each place of each correction */
export function correct(contract: Contract, corrections: readonly Correction[]): CorrectionResult[] {
  let text = JSON.stringify(contract);
  return corrections.flatMap((correction) =>
    correction.where.map((where) => {
      const before = text;
      const found = correctAt(contract, correction, where);
      text = JSON.stringify(contract);
      const outcome = found === 'missing' ? found : text === before ? 'unneeded' : 'corrected';
      return { where, why: correction.why, outcome };
    }),
  );
}

function correctAt(contract: Contract, correction: Correction, where: string): 'missing' | void {
  const applyTo = <T>(target: T | undefined, { apply }: CorrectionOf<string, T>) =>
    target === undefined ? 'missing' : apply(target, contract);
  switch (correction.of) {
    case 'schema':
      return applyTo(schemaAt(contract, where), correction);
    case 'parameter':
      return applyTo(parameterAt(contract, where), correction);
    case 'operation':
      return applyTo(operationAt(contract, where), correction);
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
