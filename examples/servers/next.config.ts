import { join } from 'node:path';
import type { NextConfig } from 'next';

// Where the package is: here a link to the repository, elsewhere this folder.
const root = join(import.meta.dirname, '../..');

export default {
  // The files of GraphiQL lie beside its code, and bundling would leave them behind.
  serverExternalPackages: ['constant-contact-graphql'],
  outputFileTracingRoot: root,
  turbopack: { root },
} satisfies NextConfig;
