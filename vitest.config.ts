import { defineConfig } from 'vitest/config';

// Where to write the results for a program to read, besides what a person reads on the screen.
const json = process.env['VITEST_JSON'];

export default defineConfig({
  resolve: {
    // Vitest resolves a bare `graphql` to its ES module build, while Yoga and Pothos load the CommonJS one: two copies,
    // whose classes do not recognise each other. Plain Node has one.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    // The tests keep no state in modules, and loading the graph anew for each file takes longer than most files run.
    isolate: false,
    // Many of them wait, for processes that start or for a second to pass, rather than work.
    maxWorkers: 3,
    // A test's account is garbage as soon as the test has ended: with room for a few of them, most are never moved.
    execArgv: ['--max-semi-space-size=64'],
    // Nothing is measured by these: they end what hangs, also on a machine that is slow for the moment.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // How long a poll goes on asserts nothing, either.
    expect: { poll: { timeout: 60_000 } },
    reporters: json ? ['default', ['json', { outputFile: json }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'main',
          globalSetup: ['test/support/build.ts'],
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{browser,redis,gateway,example,package,load}.test.ts'],
        },
      },
      // Apart, because it needs a Chromium: see `npm run test:browser`.
      {
        extends: true,
        test: { name: 'browser', include: ['test/**/*.browser.test.ts'] },
      },
      // Apart, because they need packages of their own: those of examples/, and the packed tarball.
      ...['gateway', 'example', 'package'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/**/*.${name}.test.ts`, `examples/*/test/*.${name}.test.ts`],
        },
      })),
      // Apart, because they measure memory and stalls of processes of their own, under hundreds of megabytes.
      {
        extends: true,
        test: {
          name: 'load',
          globalSetup: ['test/support/build.ts'],
          include: ['test/**/*.load.test.ts'],
          maxWorkers: 1,
        },
      },
      // Apart, because it needs a `redis-server`: see `npm run test:redis`.
      {
        extends: true,
        test: {
          name: 'redis',
          globalSetup: ['test/support/build.ts'],
          include: ['test/**/*.redis.test.ts'],
        },
      },
    ],
  },
});
