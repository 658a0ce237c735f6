import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it('a field called "then" is rejected by name, not answered with an internal error', async () => {
  const { data, errors } = await app.query('{ contactLists(first: 1) { nodes { then: name } } }');
  expect(data).toBeUndefined();
  expect(errors).toMatchObject([
    {
      message: expect.stringContaining('"then"') as string,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ]);
  expect(app.calls()).toEqual([]);
});
