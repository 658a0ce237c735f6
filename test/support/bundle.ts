import { join } from 'node:path';
import { build } from 'vite';

/**
 * Puts a program of the tests and all that it imports into one file, for processes that a test starts many of: each
 * starts in a fraction of a second then.
 *
 * @returns the path of the program, in that directory
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
          // For what was a CommonJS module.
          banner: 'const __filename = import.meta.filename;',
        },
      },
    },
  });
  return join(directory, 'program.mjs');
}
