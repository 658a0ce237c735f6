import { join } from 'node:path';
import { build } from 'vite';

/**
 * Bundles a test program with all its imports into one file, so that each of many processes starts in a
 * fraction of a second.
 *
 * @returns path of the bundle, in that directory
 */
export async function bundle(script: string, directory: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: script,
      outDir: directory,
      emptyOutDir: true,
      rolldownOptions: {
        output: {
          entryFileNames: 'program.mjs',
          // CommonJS dependencies use `__filename`.
          banner: 'const __filename = import.meta.filename;',
        },
      },
    },
  });
  return join(directory, 'program.mjs');
}
