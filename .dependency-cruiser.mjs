/** Top to bottom. A layer may import itself and the layers below it. */
const LAYERS = ['mcp', 'server', 'schema', 'resolvers', 'context', 'loaders', 'constant-contact'];

/** Libraries with restricted importers, so that their types and concepts do not spread. */
const LIBRARIES = {
  graphql: ['mcp', 'server', 'schema', 'resolvers'],
  'graphql-scalars': ['schema'],
  '@pothos': ['schema'],
  'graphql-yoga': ['server'],
  '@modelcontextprotocol': ['mcp'],
  '@graphql-yoga': ['server'],
  'graphql-ws': ['server'],
  ws: ['server'],
  '@apollo': ['schema'],
  pino: ['server'],
  'prom-client': ['server'],
  '@escape.tech': ['server'],
  '@opentelemetry': ['server'],
  jose: ['server', 'cli'],
  ioredis: ['constant-contact'],
  undici: ['constant-contact'],
};

/** Matches folders and single files directly below src/, such as `server` and `context`. */
const inSource = (...parts) => `^src/(${parts.join('|')})(/|\\.ts$)`;

/** A rule that one part of src/ imports only some parts of it. */
const importsOnly = (part, comment, ...allowed) => ({
  name: `${part}-imports`,
  comment,
  severity: 'error',
  from: { path: inSource(part) },
  to: { path: '^src/', pathNot: inSource(part, ...allowed) },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Move what both files need into a file of its own, or into the lower layer.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true },
    },
    ...LAYERS.map((layer, index) => {
      const below = LAYERS.slice(index + 1);
      // Only the layers that face callers may read the configuration.
      const allowed = layer === 'server' || layer === 'mcp' ? [...below, 'config'] : below;
      return importsOnly(layer, `Imports go down only: ${LAYERS.join(' → ')}.`, ...allowed);
    }),
    importsOnly(
      'sandbox',
      'The sandbox imports only the contract, and the words for a misspelt name.',
      'constant-contact/contract',
      'config/suggestion',
    ),
    importsOnly(
      'config',
      'The configuration depends on no layer; it has the rule for REDIS_URL and the families of CACHE from the client.',
      'constant-contact/redis/address',
      'constant-contact/cache/ages',
    ),
    {
      name: 'mcp-only-when-on',
      comment: 'What agents are answered with is loaded by dynamic import, where it is on.',
      severity: 'error',
      from: { path: '^src/', pathNot: inSource('mcp') },
      to: { path: inSource('mcp'), dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    ...Object.entries(LIBRARIES).map(([library, parts]) => ({
      name: `only-${parts.join('-and-')}-imports-${library}`,
      severity: 'error',
      from: { path: '^src/', pathNot: inSource(...parts) },
      to: { path: `(^|/)node_modules/${library}/` },
    })),
  ],
  options: {
    // Imports of types count.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
