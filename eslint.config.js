import js from '@eslint/js';
import tseslint from 'typescript-eslint';

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
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        Request: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    // What runs in the browser.
    files: ['src/server/pages/*.js'],
    languageOptions: { globals: { document: 'readonly', TextDecoderStream: 'readonly' } },
  },
);
