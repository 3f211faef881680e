/** Reports opened from disk in Chromium. Without Chromium the tests are skipped by name, and fail in CI. */

import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { pstat } from './cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => existsSync(file));
export const isMissing = CHROMIUM === undefined && process.env['CI'] === undefined;
export const folder = temporaryFolder('page');

let browser: Browser | null = null;

beforeAll(async () => {
  if (!isMissing) browser = await chromium.launch({ executablePath: CHROMIUM ?? 'chromium', args: ['--no-sandbox'] });
});

afterAll(async () => browser?.close());

/** Writes a report and opens it. Errors of the page, and requests other than for the file, are collected. */
export async function open(words: readonly string[], hash = '', options: Parameters<Browser['newPage']>[0] = {}) {
  const file = path.join(folder, `${Math.random()}.html`);
  const { code, stderr } = await pstat(['report', ...words, '-o', file]);
  expect([code, stderr]).toEqual([0, expect.stringContaining('report')]);
  return { file, ...(await openFile(file, hash, options)) };
}

/** As \`open\`, of a page that a command prints. */
export async function openOutput(words: readonly string[]) {
  const file = path.join(folder, `${Math.random()}.html`);
  const { code, stdout } = await pstat(words);
  expect(code).toBe(0);
  writeFileSync(file, stdout);
  return openFile(file);
}

export async function openFile(
  file: string,
  hash = '',
  options: Parameters<Browser['newPage']>[0] = {},
  state: 'ready' | 'failed' = 'ready',
) {
  if (browser === null) throw new Error('no browser');
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const troubles: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => troubles.push(message.text()));
  page.on('request', (request) => {
    if (request.url().split('#')[0] !== address) troubles.push(`request ${request.url()}`);
  });
  await page.goto(`${address}${hash}`);
  await page.waitForSelector(`body[data-state="${state}"]`);
  return { page, troubles };
}

/** Waits for the page to draw: a change of filters draws a picture once its width is known, and figures after it. */
async function drawn(page: Page): Promise<void> {
  await page.waitForSelector('body[data-state="ready"]');
}

export async function textOf(page: Page, selector: string): Promise<string> {
  await drawn(page);
  return page.locator(selector).innerText();
}

export async function textsOf(page: Page, selector: string): Promise<string[]> {
  await drawn(page);
  return page.locator(selector).allInnerTexts();
}
