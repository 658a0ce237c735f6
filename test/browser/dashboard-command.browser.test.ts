import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { launchBrowser, watchPage } from '../support/browser.js';

it('`npm run example:dashboard` starts the whole example, and Ctrl-C stops it', async () => {
  const { PATH, HOME } = process.env;
  // A group of its own, because Ctrl-C in a terminal reaches every process of the group.
  const child = spawn('npm', ['run', 'example:dashboard', '--', '0'], {
    env: { PATH, HOME },
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'close');
  const browser = await launchBrowser();
  try {
    // It builds the page, and may install its packages first.
    await expect.poll(() => output, { timeout: 240_000 }).toMatch(/Dashboard +http[^]*Ctrl-C/);
    const url = /Dashboard +(\S+?)\/?\s/.exec(output)![1]!;
    const page = await browser.newPage();
    const watched = watchPage(page, url);
    await page.goto(url);
    await expect.poll(() => page.locator('.row').count()).toBe(100);
    expect(watched).toEqual({ foreign: [], problems: [] });

    process.kill(-child.pid!, 'SIGINT');
    await exited;
    expect(output).toMatch(/have ended\.\s*$/);
    await expect(fetch(url)).rejects.toThrow();
  } finally {
    await browser.close();
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
  }
});
