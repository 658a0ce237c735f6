import { it } from 'vitest';
import { startApp } from './support/app.js';
it('x', async () => {
  const app = await startApp({ sandbox: { contacts: 5 } });
  console.log(JSON.stringify(await app.query('{ contactLists(first: 1) { nodes { then: name } } }')));
  await app.close();
});
