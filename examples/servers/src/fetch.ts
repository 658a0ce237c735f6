import { createFacade } from 'constant-contact-graphql';

// For runtimes that serve a module's default export: `bun src/fetch.ts`, `deno serve --allow-all
// src/fetch.ts`.
const facade = await createFacade({ endpoint: '/api/graphql' });

export default {
  hostname: '127.0.0.1',
  port: Number(process.env['PORT'] ?? 3000),
  fetch: (request: Request): Response | Promise<Response> =>
    new URL(request.url).pathname.startsWith('/api/')
      ? facade.fetch(request)
      : new Response('The rest of the application.\n'),
};

process.once('SIGTERM', () => {
  facade.drain();
  void facade.close().then(() => process.exit(0));
});
