/** The supported part of OpenAPI 3.0: facts only, no prose. */

export const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof METHODS)[number];

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  readOnly?: boolean;
  enum?: unknown[];
  default?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  explode?: boolean;
  schema: Schema;
}

export type Content = Record<string, { schema: Schema }>;

export interface RequestBody {
  required?: boolean;
  content: Content;
}

export interface Response {
  description: '';
  headers?: Record<string, { schema: Schema }>;
  content?: Content;
}

export interface Operation {
  operationId: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: RequestBody;
  responses: Record<string, Response>;
}

export type PathItem = Partial<Record<Method, Operation>>;

export interface Contract {
  openapi: '3.0.3';
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, PathItem>;
  components: { securitySchemes: Record<string, unknown>; schemas: Record<string, Schema> };
}

export interface PlacedOperation {
  id: string;
  method: Method;
  path: string;
  operation: Operation;
}

/** All operations in the order of the paths, then of METHODS. */
export function operationsOf(contract: Contract): PlacedOperation[] {
  return Object.entries(contract.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ id: operation.operationId, method, path, operation }] : [];
    }),
  );
}

const SCHEMAS = '#/components/schemas/';

export function schemaRef(name: string): Schema {
  return { $ref: SCHEMAS + name };
}

export function refName(ref: string): string {
  return ref.slice(SCHEMAS.length);
}

/** The schema that a reference names; undefined when the contract has none of that name. */
export function resolveSchema(contract: Contract, schema: Schema | undefined): Schema | undefined {
  return schema?.$ref === undefined ? schema : contract.components.schemas[refName(schema.$ref)];
}
