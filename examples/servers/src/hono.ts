import { serve } from '@hono/node-server';
import { createFacade } from 'constant-contact-graphql';
import { Hono } from 'hono';

const facade = await createFacade({ endpoint: '/api/graphql' });

const app = new Hono();
app.get('/', (context) => context.text('The rest of the application.\n'));
app.all('/api/*', (context) => facade.fetch(context.req.raw));

const port = Number(process.env['PORT'] ?? 3000);
const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, (address) => {
  console.log('Listening on', address);
});

process.once('SIGTERM', () => {
  facade.drain();
  server.close(() => void facade.close());
});
