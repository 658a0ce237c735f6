import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  // Each folder of examples/ is a package with its own dependencies and its own `npm run check`.
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
      // Recursive types need an interface, even if it is empty.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      // The only enum names byte values, which are compared with numbers.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // Yoga passes hooks functions in an object; none of them needs its `this`.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // Answers are untyped in tests; the assertions state their shape.
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
    // Run in the browser.
    files: ['src/server/pages/*.js'],
    languageOptions: { globals: { document: 'readonly', TextDecoderStream: 'readonly' } },
  },
);
