import { join } from 'node:path';
import type { NextConfig } from 'next';

// Root of the package: here a link to the repository, elsewhere this folder.
const root = join(import.meta.dirname, '../..');

export default {
  // GraphiQL's files are next to its code, and bundling would lose them.
  serverExternalPackages: ['constant-contact-graphql'],
  outputFileTracingRoot: root,
  turbopack: { root },
} satisfies NextConfig;
