import { createServer } from 'node:http';
import { createFacade } from 'constant-contact-graphql';

// The facade serves paths below /api; the rest of this server is unaffected.
const facade = await createFacade({ endpoint: '/api/graphql' });

const server = createServer((request, response) => {
  if (request.url?.startsWith('/api/')) facade.listener(request, response);
  else response.end('The rest of the application.\n');
});
server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
  console.log('Listening on', server.address());
});

process.once('SIGTERM', () => {
  facade.drain();
  server.close(() => void facade.close());
});
