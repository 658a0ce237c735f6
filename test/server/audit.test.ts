import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type TestApp } from '../support/app.js';

let app: TestApp;
let url: string;
beforeAll(async () => {
  app = await startApp();
  url = await app.listen();
});
afterAll(() => app.close());

/** The public conformance suite of GraphQL over HTTP, whole: what it only recommends counts as well. */
describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => `${url}/graphql` })) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn();
      expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok');
    });
  }
});
