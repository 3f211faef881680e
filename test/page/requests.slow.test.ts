/** Reports of folders of requests in Chromium. */

import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { isMissing, open, textOf, textsOf } from '../support/browser.ts';
import { pstat } from '../support/cli.ts';

const NODE = 'samples/placement/profiles';
const PYTHON = 'samples/before';

/** The function, place and figures of the first rows of the table. */
async function rowsOf(page: Page): Promise<string[][]> {
  const rows = await page.locator('.functions .row:not(.head)').all();
  return Promise.all(rows.slice(0, 5).map((row) => row.locator('span').allInnerTexts()));
}

async function expectFigures(page: Page, words: readonly string[]): Promise<void> {
  const { rows, profile } = JSON.parse((await pstat([...words, '--json', '--limit', '5'])).stdout);
  const shown = (await rowsOf(page)).map(([name, , , share, , , , count]) => [name, share, count]);
  const share = (time: number) => `${((100 * time) / profile.counted).toFixed(1)}%`;
  expect(shown).toEqual(
    rows.map(({ name, tottime, samples, ncalls }: Record<string, number>) => [
      expect.stringContaining(String(name).slice(0, 5)),
      share(tottime ?? 0),
      (samples ?? ncalls ?? 0).toLocaleString('en'),
    ]),
  );
}

describe.skipIf(isMissing)('a folder of requests in Chromium', () => {
  test('has the rows of pstat requests, and opens a route and a request', async () => {
    const { page, troubles } = await open([NODE]);
    const { rows } = JSON.parse((await pstat(['requests', NODE, '--json'])).stdout);
    expect(await textsOf(page, '.routes tbody th')).toEqual(rows.map(({ route }: { route: string }) => route));
    expect((await textsOf(page, '.routes tbody td')).slice(0, 4)).toEqual([
      String(rows[0].requests),
      ...[rows[0].median, rows[0].p95, rows[0].slowest].map((time) => (time / 1e3).toFixed(1)),
    ]);
    await expectFigures(page, [NODE]);
    await page.locator('.route').first().click();
    await expectFigures(page, [NODE, '--route', rows[0].route]);
    expect(await textOf(page, '.commands')).toContain(`--route 'GET /resource_providers'`);
    await page.locator('.request').first().click();
    await expectFigures(page, [rows[0].slowestFile]);
    expect(await textOf(page, '.commands')).toContain(`pstat flame ${rows[0].slowestFile}`);
    await page.keyboard.press('5');
    expect(await textsOf(page, '.tabs [aria-selected="true"]')).toEqual(['Time']);
    await page.goBack();
    await page.goBack();
    expect(await textsOf(page, '.scope [aria-current]')).toEqual(['GET /resource_providers, 80 merged']);
    expect(troubles).toEqual([]);
  });

  test('titles sort the requests of a route, by mouse and keyboard', async () => {
    const { page, troubles } = await open([NODE]);
    await page.locator('.route').first().click();
    const column = (cell: number) => textsOf(page, `.request :nth-child(${cell})`);
    const [slowestFirst, files] = [await column(1), await column(4)];
    const sorted = (title: string) => page.locator('.requests th', { hasText: title }).getAttribute('aria-sort');
    expect(await sorted('file')).toBeNull();
    await page.locator('.requests .sort', { hasText: 'file' }).click();
    expect([await column(4), await sorted('file')]).toEqual([files.toSorted(), 'ascending']);
    await page.locator('.requests .sort', { hasText: 'elapsed' }).focus();
    await page.keyboard.press('Enter');
    expect([await column(1), await sorted('elapsed'), await sorted('file')]).toEqual([
      slowestFirst,
      'descending',
      null,
    ]);
    await page.keyboard.press('Enter');
    expect([await column(1), await sorted('elapsed')]).toEqual([slowestFirst.toReversed(), 'ascending']);
    await page.reload();
    expect([await column(1), await sorted('elapsed')]).toEqual([slowestFirst.toReversed(), 'ascending']);
    await page.locator('.request').first().click();
    expect(await textOf(page, '.scope [aria-current]')).toMatch(`request of ${slowestFirst.at(-1)}`);
    expect(troubles).toEqual([]);
  });

  test('an address opens a request, and one that cannot be opens all', async () => {
    const { page } = await open([NODE], '#route=0&request=3&view=flame');
    expect(await textOf(page, '.scope [aria-current]')).toMatch(/^request of/);
    await page.goto(`${page.url().split('#')[0]}#route=7&request=3`);
    expect(await textsOf(page, '.scope [aria-current]')).toEqual(['all 80 files']);
  });

  test('opens Python requests', async () => {
    const { page, troubles } = await open([PYTHON]);
    await page.locator('.route').first().click();
    await expectFigures(page, [PYTHON]);
    await page.locator('.request').first().click();
    const { rows } = JSON.parse((await pstat(['requests', PYTHON, '--json'])).stdout);
    await expectFigures(page, [rows[0].slowestFile]);
    for (const key of ['2', '3', '4', 'i']) await page.keyboard.press(key);
    expect(troubles).toEqual([]);
  });
});
