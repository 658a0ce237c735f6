import { createFacade } from 'constant-contact-graphql';
import { fastify } from 'fastify';

const facade = await createFacade({ endpoint: '/api/graphql' });

const app = fastify();
app.get('/', () => 'The rest of the application.\n');
await app.register((scope, _options, done) => {
  // The facade reads bodies itself: uploads are streams, and too large ones are refused by name.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, parsed) => {
    parsed(null);
  });
  scope.all('/api/*', (request, reply) => {
    reply.hijack();
    facade.listener(request.raw, reply.raw);
  });
  done();
});
app.addHook('preClose', async () => {
  facade.drain();
});
app.addHook('onClose', () => facade.close());

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 3000) });
console.log('Listening on', app.server.address());

process.once('SIGTERM', () => void app.close());
