/** Source text in reports, in Chromium. */

import { describe, expect, test } from 'vitest';
import { isMissing, open, textOf, textsOf } from '../support/browser.ts';
import { pstat } from '../support/cli.ts';

const FOLDER = 'samples/placement/profiles';
const FILE = 'samples/resource-providers.cpuprofile';
const BELOW = ['--source-path', 'samples/resource-providers'];

describe.skipIf(isMissing)('a report with --sources in Chromium', () => {
  test('leads from the folder of requests to a source line in three clicks', async () => {
    const { page, troubles } = await open([FOLDER, '--sources', 'used', '--source-path', 'samples/placement']);
    expect(await textOf(page, '.notice')).toBe('This file holds source text of 8 files.');
    await page.locator('.route').first().click();
    await page.locator('.request').first().click();
    await page.locator('.functions .name', { hasText: /^serializeLinks$/ }).click();
    expect(await textOf(page, '.source')).toContain("if (wantsVersion(request, [1, 1])) rels.push('aggregates');");
    expect(troubles).toEqual([]);
  });

  test('has the lines, times and calls of pstat list', async () => {
    const { page, troubles } = await open([FILE, '--sources', 'used', ...BELOW]);
    await page.locator('.functions .name', { hasText: /^serializeLinks$/ }).click();
    const { stdout } = await pstat(['list', 'serializeLinks', FILE, ...BELOW, '--json']);
    const [listed] = JSON.parse(stdout).functions;
    type Line = { line: number; text: string; tottime: number; outside?: boolean; calls: { cumtime: number }[] };
    const lines: Line[] = listed.lines.filter(({ outside }: Line) => outside !== true);
    expect(await textsOf(page, '.source code')).toEqual(expect.arrayContaining(lines.map(({ text }) => text)));
    const timed: Line[] = listed.lines.filter(({ tottime }: Line) => tottime > 0);
    const shown = (await textsOf(page, '.source .timed')).map((row) => row.split('\t'));
    expect(shown.map(([, line]) => Number(line)).sort((x, y) => x - y)).toEqual(timed.map(({ line }) => line));
    const hottest = timed.find(({ line }) => line === 18);
    expect(shown.find(([, line]) => line === '18')?.[0]).toBe(`${((hottest?.tottime ?? 0) / 1e3).toFixed(1)} ms`);
    const calls = lines.flatMap((line) => line.calls);
    expect(await page.locator('.source .call').count()).toBe(calls.length);
    await page.locator('.source .call').first().click();
    expect((await textsOf(page, '.stack li .name')).at(-1)).toBe('providerUrl');
    expect(troubles).toEqual([]);
  });

  test('says why a function has no text', async () => {
    const { page } = await open([FOLDER, '--sources', 'used', '--source-path', 'samples/placement']);
    await page.fill('input[type=search]', 'parserOnIncoming');
    await page.locator('.functions .row:not(.head)').first().click();
    expect(await textOf(page, '.source')).toContain('the file was not below the working directory');
    const without = await open([FILE]);
    await without.page.locator('.functions .name', { hasText: /^serializeLinks$/ }).click();
    expect(await textOf(without.page, '.source')).toContain('This report holds no source text; pstat report --sources');
  });

  test('holds no text without it', async () => {
    const { page } = await open([FILE, ...BELOW]);
    expect(await page.locator('.notice').count()).toBe(0);
    expect(await page.locator('.source code', { hasText: 'wantsVersion' }).count()).toBe(0);
  });
});
