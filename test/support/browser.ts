import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** A headless Chromium. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error(`There is no browser at ${CHROMIUM}; set CHROMIUM to the path of one.`);
  return chromium.launch({
    executablePath: CHROMIUM,
    // Chromium's own sandbox does not start as root; the other flags prevent requests to its vendor.
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
  /** Requested addresses outside `origin`. */
  foreign: string[];
  /** Uncaught errors and violations of the content security policy. */
  problems: string[];
}

/** Records foreign requests and errors of a page. Call it before the page is opened. */
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
