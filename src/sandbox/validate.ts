import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { OperationFacts, OperationId } from '../constant-contact/contract/operations.js';
import { contractOperation, exactContract, type ContractParameter, type Side } from './contract.js';
import { parseDate } from './dates.js';

/** A violation of the contract in a request or response. */
export interface Violation {
  readonly operationId: OperationId | null;
  /** Direction: a request violates it by the caller's fault, a response by the sandbox's. */
  readonly side: Side;
  readonly issues: readonly string[];
}

export interface CheckedRequest {
  readonly issues: readonly string[];
  /** Path and query values with numbers, booleans and repeated keys parsed. */
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

const UUID = /^[0-9a-f-]{36}$/i;
const MAX_ISSUES = 5;
/** Undeclared parameters that the API ignores, as integrators have observed. */
const IGNORED: Partial<Record<OperationId, readonly string[]>> = {
  retrieveEmailCampaignsUsingGET: ['updated_after'],
};
/** Path to the schema of multipart bodies, which are checked separately because their parts are not JSON. */
const JSON_BODY = ['requestBody', 'content', 'application/json', 'schema'];

/** Validates the parameters and the body of a request, and parses the parameters. */
export function checkRequest(
  id: OperationId,
  facts: OperationFacts,
  request: { path: Readonly<Record<string, string>>; query: URLSearchParams; body: unknown },
): CheckedRequest {
  const { parameters } = contractOperation(facts);
  const issues: string[] = [];
  const path: Record<string, unknown> = {};
  const query: Record<string, unknown> = {};
  for (const parameter of parameters) {
    if (parameter.in === 'header') continue;
    const value = request.path[parameter.name];
    const values = parameter.in === 'path' ? [value ?? ''] : request.query.getAll(parameter.name);
    const target = parameter.in === 'path' ? path : query;
    if (values.length > 0) target[parameter.name] = checkParameter(id, parameter, values, issues);
    else if (parameter.required) issues.push(`${parameter.in} ${parameter.name} is missing`);
  }
  const known = new Set(parameters.flatMap(({ in: place, name }) => (place === 'query' ? [name] : [])));
  for (const name of new Set(request.query.keys()))
    if (!known.has(name) && !IGNORED[id]?.includes(name)) issues.push(`query ${name} is unknown`);
  if (facts.body === 'json') {
    if (request.body === undefined) issues.push('body is missing');
    else issues.push(...run('request', pointer(facts, JSON_BODY), request.body, 'body'));
  }
  return { issues: issues.slice(0, MAX_ISSUES), path, query };
}

/**
 * Validates a success: its status must be declared, and its body must match. Errors have no schema in the
 * contract.
 */
export function checkResponse(facts: OperationFacts, status: number, body: unknown): readonly string[] {
  if (status >= 400) return [];
  const { responses } = contractOperation(facts);
  const declared = responses[String(status)] as { content?: Record<string, unknown> } | undefined;
  if (!declared) return [`status ${status} is not declared`];
  if (facts.response === 'csv') return [];
  if (!declared.content) return body === undefined ? [] : ['there should be no body'];
  if (body === undefined) return ['body is missing'];
  const place = ['responses', String(status), 'content', 'application/json', 'schema'];
  return run('response', pointer(facts, place), body, 'body').slice(0, MAX_ISSUES);
}

function checkParameter(
  id: OperationId,
  parameter: ContractParameter,
  values: readonly string[],
  issues: string[],
): unknown {
  const { schema, name } = parameter;
  const repeated = schema.type === 'array';
  if (values.length > 1 && !repeated) issues.push(`query ${name} occurs more than once`);
  const parsed = repeated ? values : parseScalar(schema.type, values[0] ?? '');
  const label = `${parameter.in} ${name}`;
  for (const error of parameterCheck(id, parameter)(parsed)) issues.push(describe(error, label));
  return parsed;
}

function parseScalar(type: unknown, text: string): unknown {
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

const validators = new Map<string, ValidateFunction>();
const ajvs = new Map<Side, Ajv>();

function parameterCheck(
  id: OperationId,
  { name, schema }: ContractParameter,
): (value: unknown) => ErrorObject[] {
  const key = `${id} ${name}`;
  let validate = validators.get(key);
  if (!validate) {
    validate = ajvOf('request').compile(schema);
    validators.set(key, validate);
  }
  const check = validate;
  return (value) => (check(value) ? [] : (check.errors ?? []));
}

function run(side: Side, ref: string, value: unknown, label: string): string[] {
  const key = `${side} ${ref}`;
  let validate = validators.get(key);
  if (!validate) {
    validate = ajvOf(side).compile({ $ref: ref });
    validators.set(key, validate);
  }
  return validate(value) ? [] : (validate.errors ?? []).map((error) => describe(error, label));
}

function pointer(facts: OperationFacts, rest: readonly string[]): string {
  const parts = ['paths', facts.path, facts.method.toLowerCase(), ...rest];
  const escaped = parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return `contract#/${escaped.join('/')}`;
}

function ajvOf(side: Side): Ajv {
  let ajv = ajvs.get(side);
  if (!ajv) {
    ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
    addFormats.default(ajv);
    ajv.addFormat('uuid', UUID);
    ajv.addFormat('date-time', (text: string) => isDate(text, side));
    ajv.addFormat('binary', true);
    ajv.addSchema(exactContract(side), 'contract');
    ajvs.set(side, ajv);
  }
  return ajv;
}

/** Responses may use every date format of the API; requests ISO-8601 with or without a time. */
function isDate(text: string, side: Side): boolean {
  const spelled = side === 'response' ? text.replace(/^(\S+) (\S+) ([+-]\d{4})$/, '$1T$2$3') : text;
  return /^\d{4}-\d\d-\d\d/.test(spelled) && !Number.isNaN(parseDate(spelled));
}

function describe(error: ErrorObject, label: string): string {
  const extra =
    error.keyword === 'additionalProperties' ? ` (${String(error.params.additionalProperty)})` : '';
  return `${label}${error.instancePath} ${error.message ?? error.keyword}${extra}`;
}
