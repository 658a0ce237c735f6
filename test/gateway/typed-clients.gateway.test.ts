import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const EXAMPLE = fileURLToPath(new URL('../../examples/typed-clients', import.meta.url));

it.each(['codegen', 'tada', 'relay', 'types'])('the tools of clients take the schema: %s', (script) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', script], {
    cwd: EXAMPLE,
    encoding: 'utf8',
  });
  expect(status, stdout + stderr).toBe(0);
});
