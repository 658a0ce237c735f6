import { createFacade } from 'constant-contact-graphql';
import { fastify } from 'fastify';

const facade = await createFacade({ endpoint: '/api/graphql' });

const app = fastify();
app.get('/', () => 'The rest of the application.\n');
// In a hook before Fastify's parsers, which stay unchanged: the facade reads bodies itself.
app.all(
  '/api/*',
  {
    onRequest: (request, reply) => {
      reply.hijack();
      facade.listener(request.raw, reply.raw);
    },
  },
  () => undefined,
);
app.addHook('preClose', async () => {
  facade.drain();
});
app.addHook('onClose', () => facade.close());

await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT'] ?? 3000) });
console.log('Listening on', app.server.address());

process.once('SIGTERM', () => void app.close());
