import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** A Chromium without a window. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no browser at ${CHROMIUM}; set CHROMIUM to the path of one.`);
  return chromium.launch({
    executablePath: CHROMIUM,
    // As root there is no sandbox; the rest keeps Chromium from looking for its maker's servers.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Watched {
  /** Addresses outside `origin` that the page asked for. */
  foreign: string[];
  /** Errors that nothing caught, and what a policy refused. */
  problems: string[];
}

/** Notes what must not happen on a page. To be called before it is opened. */
export function watchPage(page: Page, origin: string): Watched {
  const watched: Watched = { foreign: [], problems: [] };
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(origin))
      watched.foreign.push(request.url());
  });
  page.on('pageerror', (error) => watched.problems.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) watched.problems.push(message.text());
  });
  return watched;
}
