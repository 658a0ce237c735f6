import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const SOURCE = fileURLToPath(new URL('src', import.meta.url));

/** Top to bottom. What is in a layer may import its own layer and those below it. */
const LAYERS = ['server', 'schema', 'resolvers', 'context', 'loaders', 'constant-contact'];

/** Libraries that only some layers may import, so that what they bring does not spread. */
const LIBRARIES = {
  graphql: ['server', 'schema', 'resolvers'],
  'graphql-scalars': ['schema'],
  '@pothos': ['schema'],
  'graphql-yoga': ['server'],
  '@graphql-yoga': ['server'],
  'graphql-ws': ['server'],
  ws: ['server'],
  '@apollo': ['schema'],
  pino: ['server'],
  'prom-client': ['server'],
  '@escape.tech': ['server'],
  '@opentelemetry': ['server'],
  jose: ['server', 'cli'],
  ioredis: ['constant-contact'],
  undici: ['constant-contact'],
};

/** @param {string} file path below src/, such as `server/app.ts` */
const layerOf = (file) => file.split(sep)[0].replace(/\.[jt]s$/, '');

/** Why one file below src/ may not import another, or null when it may. */
function objection(fromFile, toFile) {
  const from = layerOf(fromFile);
  const to = layerOf(toFile);
  if (from === to || ['index', 'facade', 'cli'].includes(from)) return null;
  if (from === 'sandbox') {
    const isContract = toFile.startsWith(['constant-contact', 'contract', ''].join(sep));
    return isContract ? null : 'The sandbox may import nothing but the contract.';
  }
  if (to === 'config') return from === 'server' ? null : 'Only the server knows the configuration.';
  if (!LAYERS.includes(to)) return `src/${to} puts the layers together; no layer may need it.`;
  const goesDown = LAYERS.includes(from) && LAYERS.indexOf(to) > LAYERS.indexOf(from);
  return goesDown ? null : `Imports go down only: ${LAYERS.join(' → ')}.`;
}

function libraryObjection(fromFile, name) {
  const library = Object.keys(LIBRARIES).find((one) => name === one || name.startsWith(`${one}/`));
  if (!library || LIBRARIES[library].includes(layerOf(fromFile))) return null;
  return `Only ${LIBRARIES[library].map((layer) => `src/${layer}`).join(', ')} may import ${library}.`;
}

/** @type {import('eslint').Rule.RuleModule} */
const direction = {
  meta: { type: 'problem', schema: [], messages: { wrong: '{{ why }}' } },
  create(context) {
    const file = relative(SOURCE, context.filename);
    const check = ({ source }) => {
      if (typeof source?.value !== 'string') return;
      const why = source.value.startsWith('.')
        ? objection(file, relative(SOURCE, resolve(dirname(context.filename), source.value)))
        : libraryObjection(file, source.value);
      if (why) context.report({ node: source, messageId: 'wrong', data: { why } });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportAllDeclaration: check,
      ExportNamedDeclaration: check,
    };
  },
};

/** The layer rules alone, for the test that proves them. */
export const layers = {
  name: 'layers',
  files: ['src/**/*.ts'],
  languageOptions: { parser: tseslint.parser },
  plugins: { layers: { rules: { direction } } },
  rules: { 'layers/direction': 'error' },
};

export default tseslint.config(
  // Each folder of examples/ is a package of its own, with its own dependencies and its own `npm run check`.
  { ignores: ['**/dist/', 'coverage/', 'src/constant-contact/contract/', 'examples/*/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A recursive type needs an interface, be it an empty one.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // The one enum names bytes, and bytes are numbers.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Hooks of Yoga are handed functions in an object; none of them needs its `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  layers,
  {
    // What a query answers is not typed in a test; the assertion says what it must be.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: {
      globals: { process: 'readonly', console: 'readonly', fetch: 'readonly', URL: 'readonly' },
    },
  },
  {
    // What runs in the browser.
    files: ['src/server/pages/*.js'],
    languageOptions: { globals: { document: 'readonly', TextDecoderStream: 'readonly' } },
  },
);
