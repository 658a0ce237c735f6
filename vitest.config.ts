import { defineConfig } from 'vitest/config';

// Path of a JSON report, in addition to the output on the terminal.
const json = process.env['VITEST_JSON'];

export default defineConfig({
  resolve: {
    // Vitest resolves a bare `graphql` to its ES module build, while Yoga and Pothos load the CommonJS one:
    // two copies, whose classes do not recognise each other. Plain Node has one.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  test: {
    // Tests keep no state in modules, and loading the schema for each file would take longer than most files
    // run.
    isolate: false,
    // Many of them wait for processes or time to pass rather than use the CPU.
    maxWorkers: 3,
    // An account lives for one test only: with room for a few, most are collected before they are promoted.
    execArgv: ['--max-semi-space-size=64'],
    // End hanging tests, also on a slow machine; no test measures these or the duration of a poll.
    testTimeout: 300_000,
    hookTimeout: 300_000,
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
      // Separate, because it needs a Chromium: see `npm run test:browser`.
      {
        extends: true,
        test: { name: 'browser', include: ['test/**/*.browser.test.ts'] },
      },
      // Separate, because they need other packages: those of examples/, and the packed tarball.
      ...['gateway', 'example', 'package'].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/**/*.${name}.test.ts`, `examples/*/test/*.${name}.test.ts`],
        },
      })),
      // Separate, because they measure memory and stalls of their own processes, under hundreds of megabytes.
      {
        extends: true,
        test: {
          name: 'load',
          globalSetup: ['test/support/build.ts'],
          include: ['test/**/*.load.test.ts'],
          maxWorkers: 1,
        },
      },
      // Separate, because it needs a `redis-server`: see `npm run test:redis`.
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
