/** Comparisons in Chromium. */

import { describe, expect, test } from 'vitest';
import { isMissing, openOutput, textOf, textsOf } from '../support/browser.ts';
import { pstat } from '../support/cli.ts';

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
