import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql';
import { buildSchema } from '../src/schema/index.js';
import { printApiSdl, printSdl } from '../src/schema/sdl.js';

/**
 * Writes schema.graphql (the subgraph, for gateways), schema.api.graphql (the same for client tools), the
 * types for client caches, those of fields for look-ahead in loaders, and those of inputs for resolvers; with
 * --check, fails when a committed file differs.
 */

const FILES = {
  'schema.graphql': printSdl,
  'schema.api.graphql': printApiSdl,
  'src/loaders/field-coordinates.ts': printFieldCoordinates,
  'src/resolvers/inputs.ts': printInputs,
  'examples/typed-clients/src/cache-types.ts': printCacheTypes,
};

/** The fields of each type, and `field(argument)` for each argument, as TypeScript types. */
function printFieldCoordinates(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) || isInterfaceType(type))
    .filter((type) => !isIntrospectionType(type) && type !== schema.getMutationType())
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const lines = types.map((type) => {
    const fields = Object.values(type.getFields()).flatMap(({ name, args }) => [
      name,
      ...args.map((argument) => `${name}(${argument.name})`),
    ]);
    return `  ${type.name}: ${fields
      .map((field) => `'${field}'`)
      .sort()
      .join(' | ')};`;
  });
  return `// Made by "npm run schema".\n\nexport interface FieldCoordinates {\n${lines.join('\n')}\n}\n`;
}

/** TypeScript types of scalars in inputs; enums are strings, because resolvers get the API's spelling. */
const SCALARS: Record<string, string> = {
  ID: 'string',
  String: 'string',
  Int: 'number',
  Float: 'number',
  Boolean: 'boolean',
  Date: 'Date',
  DateTime: 'Date',
  Decimal: 'string',
  File: 'FormFile',
  JSON: 'unknown',
};

function typescriptOf(type: GraphQLInputType, isNullable = true): string {
  if (isNonNullType(type)) return typescriptOf(type.ofType, false);
  const name = isListType(type)
    ? `ReadonlyArray<${typescriptOf(type.ofType)}>`
    : isScalarType(type)
      ? (SCALARS[type.name] ?? 'never')
      : isInputObjectType(type)
        ? type.name
        : 'string';
  return isNullable && name !== 'unknown' ? `${name} | null` : name;
}

/** Input types as TypeScript types. */
function printInputs(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter(isInputObjectType)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const lines = types.map((input) => {
    const fields = Object.values(input.getFields()).map((field) => {
      const type = typescriptOf(field.type);
      // As with Pothos, a member of any type may be absent.
      return `${field.name}${isNonNullType(field.type) && type !== 'unknown' ? '' : '?'}: ${type}`;
    });
    return `export interface ${input.name} { ${fields.sort().join('; ')} }\n`;
  });
  return `// Made by "npm run schema".\n\nimport type { FormFile } from '../constant-contact/http/form.js';\n\n${lines.join('')}`;
}

/** Types without a global id, and the members of interfaces and unions, for client caches. */
function printCacheTypes(schema: GraphQLSchema): string {
  const types = Object.values(schema.getTypeMap())
    .filter(({ name }) => !name.startsWith('_'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const embedded = types
    .filter(isObjectType)
    .filter((type) => !roots.includes(type) && type.getFields()['id'] === undefined);
  const possible = types.filter(isAbstractType).map((type) => {
    const names = schema.getPossibleTypes(type).map(({ name }) => `    '${name}',\n`);
    return `  ${type.name}: [\n${names.sort().join('')}  ],\n`;
  });
  return `// Made by "npm run schema".

/** Types without a global id: they are stored inside the object that they belong to. All others are stored by their \`id\`. */
export const embeddedTypes = [\n${embedded.map(({ name }) => `  '${name}',\n`).join('')}];

/** Types of each interface and union, for fragments on those. */
export const possibleTypes = {\n${possible.join('')}};
`;
}

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

function committed(name: string): string {
  try {
    return readFileSync(pathOf(name), 'utf8');
  } catch {
    return '';
  }
}

/** The first lines that differ, after a few lines of context. */
function firstDifference(before: string[], after: string[]): string {
  const start = after.findIndex((line, index) => line !== before[index]);
  const at = start === -1 ? after.length : start;
  const show = (mark: string, lines: string[]) => lines.slice(at, at + 5).map((line) => `${mark} ${line}`);
  const context = after.slice(Math.max(0, at - 3), at).map((line) => `  ${line}`);
  return [`line ${at + 1}:`, ...context, ...show('-', before), ...show('+', after)].join('\n');
}

const schema = buildSchema();
for (const [name, printed] of Object.entries(FILES)) {
  const sdl = printed(schema);
  const old = committed(name);
  if (!process.argv.includes('--check')) {
    writeFileSync(pathOf(name), sdl);
    console.log(`${name} is ${sdl === old ? 'unchanged' : 'written'}`);
  } else if (sdl !== old) {
    console.error(`${name} is not what the code says. Run "npm run schema" and review the change.`);
    console.error(firstDifference(old.split('\n'), sdl.split('\n')));
    process.exitCode = 1;
  } else {
    console.log(`${name} is up to date`);
  }
}
