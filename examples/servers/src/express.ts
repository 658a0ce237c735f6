import { createFacade } from 'constant-contact-graphql';
import express from 'express';

const facade = await createFacade({ endpoint: '/api/graphql' });

const app = express();
// Before the application's body parsers: the facade reads bodies itself.
app.all('/api/*rest', facade.listener);
app.use(express.json());
app.get('/', (_request, response) => {
  response.send('The rest of the application.\n');
});

const server = app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log('Listening on', server.address());
});

process.once('SIGTERM', () => {
  facade.drain();
  server.close(() => void facade.close());
});
