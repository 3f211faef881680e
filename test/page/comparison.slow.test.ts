/** Comparisons in Chromium. */

import { describe, expect, test } from 'vitest';
import { isMissing, openOutput, textOf, textsOf } from '../support/browser.ts';
import { pstat } from '../support/cli.ts';
import { RunFiles } from '../support/run-files.ts';

const NODE = ['compare', 'samples/placement/profiles/before', 'samples/placement/profiles/after'];

describe.skipIf(isMissing)('compare --format html in Chromium', () => {
  test('has the verdict and the rows of compare, and colors only verdicts', async () => {
    const { page, troubles } = await openOutput([...NODE, '--format', 'html']);
    const { stdout } = await pstat([...NODE, '--limit', '0']);
    expect(await textOf(page, '.verdict')).toBe(stdout.split('\n')[0]);
    const { rows } = JSON.parse((await pstat([...NODE, '--json'])).stdout);
    const called = rows.filter(({ verdict }: { verdict: string }) => verdict === 'faster' || verdict === 'slower');
    expect(await textsOf(page, '.changes .faster, .changes .slower')).toEqual(
      called.map(({ name, verdict }: Record<string, string>) => `${verdict === 'faster' ? '▼' : '▲'} ${name}`),
    );
    expect(await textsOf(page, '.legend span')).toContain('▼ faster');
    await page.locator('.changes .faster').first().click();
    expect(await textOf(page, '.detail')).toMatch(/before and after, a run\s+verdict\tfaster/);
    const { y = 0, height = 0 } = (await page.locator('.detail').boundingBox()) ?? {};
    expect([y >= 0, y + height <= 900]).toEqual([true, true]);
    expect(await textOf(page, '.comparison .commands')).toBe(`comparison: pstat ${NODE.join(' ')}`);
    expect(await page.evaluate<number>(SATURATED)).toBeLessThan(0.1);
    for (const key of ['2', '3', '4', 'i', 'p']) await page.keyboard.press(key);
    expect(troubles).toEqual([]);
  });

  test('lists functions that were removed', async () => {
    const { page, troubles } = await openOutput([
      ...['compare', 'samples/compare/base-1.cpuprofile', 'samples/compare/nohash.cpuprofile', '--format', 'html'],
    ]);
    expect(await textsOf(page, '.changes .removed')).toEqual(
      expect.arrayContaining([expect.stringContaining('(removed)')]),
    );
    expect(troubles).toEqual([]);
  });

  test('has the routes of two folders with their verdicts, and opens the comparison of each', async () => {
    const files = new RunFiles();
    files.requests('before', { '/customers/1': 40, '/orders': 60, '/reports/daily': 80, '/old': 20 });
    files.requests('after', { '/customers/1': 60, '/orders': 40, '/reports/daily': 80, '/new': 20 });
    const sides = [files.at('before'), files.at('after')];
    const { page, troubles } = await openOutput(['compare', ...sides, '--format', 'html']);
    const { routes } = JSON.parse((await pstat(['compare', ...sides, '--json'])).stdout);
    expect(await textsOf(page, '.routes tbody th')).toEqual(routes.map(({ route }: { route: string }) => route));
    expect(await textOf(page, '.index')).toContain('1 route slower, 1 faster');
    expect(await textOf(page, '.index')).toContain(`pstat compare ${sides.join(' ')}`);
    expect(await page.locator('.verdict').count()).toBe(0);
    await page.locator('.route', { hasText: 'GET /customers/{id}' }).click();
    const one = await pstat(['compare', ...sides, '--route', 'GET /customers/{id}']);
    expect(await textOf(page, '.verdict')).toBe(one.stdout.split('\n')[0]);
    expect(await textOf(page, '.comparison .commands')).toContain("--route 'GET /customers/{id}'");
    expect(await textsOf(page, '.legend span')).toContain('▲ slower');
    await page.locator('.route', { hasText: 'GET /orders' }).click();
    expect(await page.locator('.verdict.better').count()).toBe(1);
    await page.locator('.scope .step').first().click();
    expect(await page.locator('.verdict').count()).toBe(0);
    files.remove();
    expect(troubles).toEqual([]);
  });

  test('draws Python profiles', async () => {
    const { page, troubles } = await openOutput(['compare', 'samples/before', 'samples/after', '--format', 'html']);
    await page.locator('.changes button').first().click();
    expect(await textOf(page, '.detail')).toContain('before and after');
    expect(troubles).toEqual([]);
  });
});

/** The share of the picture that is not grey. */
const SATURATED = `(() => {
  const canvas = document.querySelector('#picture');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let colored = 0;
  for (let i = 0; i < data.length; i += 4) if (Math.abs(data[i] - data[i + 2]) > 40) colored++;
  return colored / (data.length / 4);
})()`;
