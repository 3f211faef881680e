/** Reports in Chromium. */

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { folder, isMissing, open, openFile, textOf, textsOf } from '../support/browser.ts';
import { pstat } from '../support/cli.ts';

const V8 = 'samples/resource-providers.cpuprofile';

const crumbs = (page: Page) => textsOf(page, '.crumbs button');

/** Clicks the row of a picture at a share of its width. */
async function clickBox(page: Page, row: number, share: number): Promise<void> {
  const { width = 0 } = (await page.locator('#picture').boundingBox()) ?? {};
  await page.locator('#picture').click({ position: { x: share * width, y: row * 19 + 8 } });
}

describe.skipIf(isMissing)('a report in Chromium', () => {
  test('shows the figures of --json, and makes no request', async () => {
    const { page, troubles } = await open([V8]);
    const { rows, profile } = JSON.parse((await pstat([V8, '--json'])).stdout);
    const shown = await page.locator('.functions .row:not(.head)').first().innerText();
    expect(shown.split('\n')).toEqual([
      rows[0].name,
      'app/routes.js:81',
      `${(rows[0].tottime / 1e6).toFixed(2)} s`,
      `${((100 * rows[0].tottime) / profile.counted).toFixed(1)}%`,
      '±3.1%',
      `${(rows[0].cumtime / 1e6).toFixed(2)} s`,
      `${((100 * rows[0].cumtime) / profile.counted).toFixed(1)}%`,
      rows[0].samples.toLocaleString('en'),
    ]);
    expect(await textOf(page, '.functions > p')).toBe(`${rows.length} functions`);
    expect(await page.locator('.breakdown').getAttribute('aria-label')).toContain('3.91 s counted + 34.9 ms idle');
    expect(troubles).toEqual([]);
  });

  test('a click zooms, the breadcrumb and the back button lead back, and the hash keeps it', async () => {
    const { page, troubles } = await open([V8]);
    await clickBox(page, 5, 0.3);
    expect(await crumbs(page)).toEqual([
      'all',
      'parserOnHeadersComplete',
      'parserOnIncoming',
      'emit',
      'handler',
      'send',
    ]);
    expect(await textOf(page, '.commands')).toContain(`pstat flame ${V8} --fold none --root 'app/routes.js:71(send)'`);
    const address = page.url();
    await clickBox(page, 1, 0.3);
    expect((await crumbs(page)).at(-1)).toBe('encodeJson');
    await page.goBack();
    expect((await crumbs(page)).at(-1)).toBe('send');
    await page.locator('.crumbs button').nth(4).click();
    expect((await crumbs(page)).at(-1)).toBe('handler');
    await page.goto('about:blank');
    await page.goto(address);
    await page.waitForSelector('body[data-state="ready"]');
    expect((await crumbs(page)).at(-1)).toBe('send');
    expect(troubles).toEqual([]);
  });

  test('the pointer shows what a box costs here and everywhere', async () => {
    const { page } = await open([V8]);
    const { rows } = JSON.parse((await pstat(['tree', V8, '--json', '--fold', 'none'])).stdout);
    const { width = 0 } = (await page.locator('#picture').boundingBox()) ?? {};
    await page.locator('#picture').hover({ position: { x: 0.7 * width, y: 9 * 19 + 8 } });
    const text = await textOf(page, '.tooltip');
    const { cumtime, tottime } = rows.find(({ name }: { name: string }) => name === 'serializeLinks');
    expect(text).toContain('serializeLinks\napp/links.js:12\nhere');
    expect(text).toContain(`cumtime\t${(cumtime / 1e3).toFixed(1)} ms`);
    expect(text).toContain(`tottime\t${(tottime / 1e3).toFixed(1)} ms`);
    expect(text).toMatch(/everywhere\s+tottime\s+62\.4 ms\s+1\.6%\s+±14%/);
  });

  test('keys select, zoom, invert, search and change the view', async () => {
    const { page, troubles } = await open([V8]);
    const stack = () => page.locator('.stack li .name').allInnerTexts();
    for (const key of ['ArrowDown', 'j', 'j', 'j', 'j', 'l']) await page.keyboard.press(key);
    expect((await stack()).at(-1)).toBe('dispatch');
    await page.keyboard.press('Enter');
    expect((await crumbs(page)).at(-1)).toBe('dispatch');
    await page.keyboard.press('Backspace');
    expect((await crumbs(page)).at(-1)).toBe('handler');
    await page.keyboard.press('0');
    expect(await crumbs(page)).toEqual(['all']);
    await page.keyboard.press('/');
    await page.keyboard.type('/^app.links/');
    await page.keyboard.press('Escape');
    expect(await textOf(page, '.functions > p')).toMatch(/^[2-9] of 164 functions/);
    await page.keyboard.press('n');
    expect((await stack()).at(-1)).toBe('serializeLinks');
    await page.keyboard.press('i');
    expect((await stack())[0]).toBe('serializeLinks');
    await page.keyboard.press('s');
    expect(await textOf(page, '.pictures')).toContain('Callers of serializeLinks');
    expect(await textOf(page, '.commands')).toContain(`pstat callers 'app/links.js:12(serializeLinks)' ${V8}`);
    for (const key of ['1', '2', '3', '4', '5', 'p', '?']) await page.keyboard.press(key);
    expect(await page.locator('dialog').isVisible()).toBe(true);
    expect(troubles).toEqual([]);
  });

  test('a button keeps the focus, and Enter in the search selects what it finds', async () => {
    const { page, troubles } = await open([V8]);
    const focused = () => page.evaluate<string>('document.activeElement.innerText');
    const tab = page.getByRole('tab', { name: 'Flame' });
    await tab.focus();
    await page.keyboard.press('Enter');
    expect([await tab.getAttribute('aria-selected'), await focused()]).toEqual(['true', 'Flame']);
    const row = page.locator('.functions .row:not(.head) button').nth(3);
    const name = await row.innerText();
    await row.focus();
    await page.keyboard.press('Enter');
    expect([await textOf(page, '.detail strong'), await focused()]).toEqual([name, name]);
    await page.keyboard.press('/');
    await page.keyboard.type('app/links');
    const found = await textsOf(page, '.functions .row:not(.head) button');
    for (const key of ['Enter', 'Enter', 'Shift+Enter']) await page.keyboard.press(key);
    expect(await textOf(page, '.detail strong')).toBe(found[0]);
    expect(troubles).toEqual([]);
  });

  test('a filter by a function without a file is that of the command line', async () => {
    const { page, troubles } = await open([V8]);
    await page.locator('.functions .name', { hasText: /^encodeUtf8String$/ }).click();
    await page.keyboard.press('f');
    expect(await textOf(page, '.commands')).toContain(`pstat top ${V8} --focus 'native(encodeUtf8String)'`);
    const { profile } = JSON.parse((await pstat([V8, '--focus', 'native(encodeUtf8String)', '--json'])).stdout);
    expect(profile.counted).toBeGreaterThan(0);
    expect(await textOf(page, '.breakdown')).toContain(`counted ${(profile.counted / 1e3).toFixed(1)} ms`);
    expect(troubles).toEqual([]);
  });

  test('a row of the table selects its function, and a title sorts', async () => {
    const { page, troubles } = await open([V8]);
    const sorted = (title: string) => page.getByRole('columnheader', { name: title }).getAttribute('aria-sort');
    await page.locator('.row.head button', { hasText: 'cumtime' }).click();
    expect([await sorted('cumtime'), await sorted('tottime')]).toEqual(['descending', null]);
    const { rows } = JSON.parse((await pstat([V8, '--sort', 'cumtime', '--json'])).stdout);
    const names = await page.locator('.functions .row:not(.head) .name').allInnerTexts();
    expect(names.slice(0, 5)).toEqual(rows.slice(0, 5).map(({ name }: { name: string }) => name));
    await page.getByText('cacheHeaders').click();
    expect((await page.locator('.stack li .name').allInnerTexts()).at(-1)).toBe('cacheHeaders');
    expect(page.url()).toContain('select=');
    const byLine = JSON.parse((await pstat(['list', 'cacheHeaders', V8, '--json'])).stdout).functions[0];
    const lines = byLine.lines.filter(({ tottime }: { tottime: number }) => tottime > 0);
    expect((await textsOf(page, '.source .timed')).map((row) => row.split('\t')[1])).toEqual([
      ...lines.map(({ line }: { line: number }) => `line ${line}`),
      ...(byLine.noLine > 0 ? [''] : []),
    ]);
    expect(await textOf(page, '.commands')).toContain(
      `pstat list 'app/handlers/resource_providers.js:70(cacheHeaders)' ${V8}`,
    );
    expect(troubles).toEqual([]);
  });

  test('a row of the table opens a tree of functions, where its function is in none of packages', async () => {
    const { page, troubles } = await open([V8], '#by=package');
    await page.locator('.functions .name', { hasText: /^serializeLinks$/ }).click();
    expect(await textOf(page, '.detail strong')).toBe('serializeLinks');
    expect(await textsOf(page, '.tabs [aria-pressed="true"]')).toEqual([]);
    expect(troubles).toEqual([]);
  });

  test.each([
    ['f', '--focus'],
    ['x', '--ignore'],
  ])('key %s on a function gives the figures of %s, and the back button ends it', async (key, option) => {
    const { page, troubles } = await open([V8]);
    await page.locator('.functions .name', { hasText: /^serializeLinks$/ }).click();
    await page.keyboard.press(key);
    const filter = 'app/links.js:12(serializeLinks)';
    const { rows, profile } = JSON.parse((await pstat([V8, option, filter, '--json'])).stdout);
    const shown = await textsOf(page, '.functions .row:not(.head)');
    expect(shown[0]?.split('\n').slice(0, 4)).toEqual([
      rows[0].name,
      expect.any(String),
      expect.any(String),
      `${((100 * rows[0].tottime) / profile.counted).toFixed(1)}%`,
    ]);
    expect(await page.locator('.breakdown').getAttribute('aria-label')).toContain(' excluded by filters');
    expect(await textOf(page, '.commands')).toContain(`pstat top ${V8} ${option} '${filter}'`);
    expect(await textsOf(page, '.filters button')).toEqual([`${option.slice(2)} ${filter} ×`]);
    await page.goBack();
    await page.goBack();
    await page.locator('.filters button').waitFor({ state: 'detached' });
    expect(await page.locator('.filters button').count()).toBe(0);
    await page.goForward();
    await page.goForward();
    // The page hears of the new hash a little later.
    await page.locator('.filters button').waitFor();
    await page.keyboard.press('u');
    expect(await page.locator('.filters button').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  test('wrappers and recursion are folded, and their functions are found', async () => {
    const { page, troubles } = await open([V8], '#wrappers=folded&recursion=folded');
    expect(await textsOf(page, '.tabs [aria-pressed="true"]')).toEqual(['Fold recursion', 'Fold wrappers']);
    await page.locator('.functions .name', { hasText: /^parserOnIncoming$/ }).click();
    expect(await textOf(page, '.detail strong')).toBe('parserOnHeadersComplete → parserOnIncoming → emit → handler');
    expect(await textOf(page, '.commands')).toContain(`pstat tree ${V8} --fold none`);
    expect(troubles).toEqual([]);
  });

  test.each(['flame', 'sunburst', 'sandwich', 'time', 'icicle&inverted=1', 'icicle&by=package'])(
    'draws %s in colors, in the dark and on paper',
    async (view) => {
      const { page, troubles } = await open([V8], `#view=${view}`, { colorScheme: 'dark' });
      expect(await page.evaluate<number>(COLORS)).toBeGreaterThan(8);
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
      expect(troubles).toEqual([]);
    },
  );

  test('what is searched for is a filter, in the hash too', async () => {
    const { page, troubles } = await open([V8]);
    await page.fill('input[type=search]', '/^app.links/');
    await page.getByRole('button', { name: 'Focus', exact: true }).click();
    const { profile } = JSON.parse((await pstat([V8, '--focus', '/^app.links/', '--json'])).stdout);
    expect(profile.counted).toBeLessThan(profile.duration);
    expect(await textsOf(page, '.filters button')).toEqual(['focus /^app.links/ ×']);
    expect(await textOf(page, '.breakdown')).toContain(`excluded by filters ${(profile.excluded / 1e6).toFixed(2)} s`);
    expect(await textOf(page, '.commands')).toContain(`pstat top ${V8} --focus '/^app.links/'`);
    expect(await page.inputValue('input[type=search]')).toBe('');
    await page.fill('input[type=search]', 'links');
    await page.locator('input[type=search]').press('Escape');
    await page.keyboard.press('x');
    expect(await textOf(page, '.pictures')).toContain('The filters leave nothing to draw');
    await page.reload();
    expect(await textsOf(page, '.filters button')).toEqual(['focus /^app.links/ ×', 'ignore links ×']);
    await page.fill('input[type=search]', '/(/');
    expect(await page.getByRole('button', { name: 'Focus', exact: true }).isDisabled()).toBe(true);
    expect(troubles).toEqual([]);
  });

  test('a Python profile is drawn as an estimate', async () => {
    const { page, troubles } = await open(['samples/GET.resource_providers.prof']);
    await clickBox(page, 2, 0.5);
    expect(await textOf(page, '.detail')).toMatch(/^~__call__[\s\S]*estimated/);
    expect(await textOf(page, '.commands')).toContain('--estimate');
    for (const key of ['2', '3', '4', '5', '1', 'i', 'p', 'r']) await page.keyboard.press(key);
    expect(await textsOf(page, '.tabs [aria-pressed="true"]')).toEqual(['Inverted']);
    expect(page.url()).not.toMatch(/package|recursion/);
    const other = await open(['samples/GET.resource_providers.prof'], '#view=time&by=package&focus=a&recursion=folded');
    expect(await textsOf(other.page, '.tabs [aria-selected="true"], .tabs [aria-pressed="true"]')).toEqual(['Icicle']);
    expect(await other.page.locator('.filters button').count()).toBe(0);
    await other.page.evaluate("location.hash = '#view=time&wrappers=folded'");
    await other.page.locator('.tabs [aria-pressed="true"]').waitFor();
    expect(await textsOf(other.page, '.tabs [aria-selected="true"], .tabs [aria-pressed="true"]')).toEqual([
      'Icicle',
      'Fold wrappers',
    ]);
    expect([...troubles, ...other.troubles]).toEqual([]);
  });

  test('names are text, whatever they contain', async () => {
    const hostile = `</script><img src=x onerror="document.title='broken'"><b>bold\u202e\u001b[31m`;
    const profile = JSON.parse(readFileSync(V8, 'utf8'));
    for (const { callFrame } of profile.nodes.slice(1))
      Object.assign(callFrame, {
        functionName: hostile + callFrame.functionName,
        url: `javascript:alert(1)//${hostile}`,
      });
    const file = path.join(folder, `${hostile.replaceAll('/', '_')}.cpuprofile`);
    writeFileSync(file, JSON.stringify(profile));
    const { page, troubles } = await open([file, '--title', hostile]);
    await clickBox(page, 3, 0.3);
    expect(await page.title()).toContain('onerror=');
    expect(await page.locator('main b, main img, main script, main a').count()).toBe(0);
    expect(await textOf(page, '.stack')).toContain('<b>bold\\u202e\\x1b[31m');
    expect(troubles).toEqual([]);
  });

  test('a name of a megabyte takes no time to draw', async () => {
    const profile = JSON.parse(readFileSync(V8, 'utf8'));
    for (const { callFrame } of profile.nodes.slice(1, 20)) callFrame.functionName += 'x'.repeat(1e6);
    const file = path.join(folder, 'long-names.cpuprofile');
    writeFileSync(file, JSON.stringify(profile));
    const { page, troubles } = await open([file]);
    const longest = await page.evaluate<number>(
      'Math.max(...document.body.innerText.split("\\n").map((x) => x.length))',
    );
    expect(longest).toBeLessThan(6000);
    const start = performance.now();
    for (const key of ['2', '3', '1', 'ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    expect(await textOf(page, '.detail')).toContain('cumtime');
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(troubles).toEqual([]);
  });

  test('a file that was cut short or changed says so', async () => {
    const { file } = await open([V8]);
    const text = readFileSync(file, 'utf8');
    const data = text.indexOf('id="profile">') + 2000;
    const changed = `${text.slice(0, data)}${text[data] === 'A' ? 'B' : 'A'}${text.slice(data + 1)}`;
    writeFileSync(file, changed);
    const { page } = await openFile(file, '', {}, 'failed');
    expect(await page.locator('.error').innerText()).toBe(
      'This report cannot be shown: its data were changed or cut short',
    );
    writeFileSync(file, text.slice(0, data));
    await page.reload();
    await page.getByText('its file was cut short or changed').waitFor({ state: 'visible' });
  });

  test.each(
    ['nodes-empty', 'no-samples', 'no-end-time', 'recursion', 'hostile-names', 'plain'].map(
      (name) => `samples/odd/${name}.cpuprofile`,
    ),
  )('opens %s', async (file) => {
    const { page, troubles } = await open([file]);
    for (const key of ['1', '2', '3', '4', '5', 'i', 'p', 'ArrowDown', 'Enter', 'Backspace'])
      await page.keyboard.press(key);
    expect(troubles).toEqual([]);
  });

  test('draws 400,000 nodes', async () => {
    const file = path.join(folder, 'large.cpuprofile');
    writeFileSync(file, largeProfile(400_000));
    const { page, troubles, file: report } = await open([file]);
    expect(readFileSync(report).length).toBeLessThan(1.5e6);
    for (const key of ['2', 'i', '3', '1', 'p', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    expect(await textOf(page, '.detail')).toContain('cumtime');
    expect(troubles).toEqual([]);
  });
});

/** Counts the colors of all canvases. */
const COLORS = `new Set([...document.querySelectorAll('canvas')].flatMap((canvas) => [
  ...new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer),
])).size`;

/** A tree of so many nodes over 2,000 functions, with a sample each. */
function largeProfile(size: number): string {
  const frame = (functionName: string, url: string) => ({
    functionName,
    scriptId: '1',
    url,
    lineNumber: 1,
    columnNumber: 1,
  });
  const nodes = Array.from({ length: size }, (_, i) => ({
    id: i + 1,
    callFrame: i === 0 ? frame('(root)', '') : frame(`f${(i * 7919) % 2000}`, `file:///app/m${i % 50}.js`),
    hitCount: 0,
    children: [2 * i + 2, 2 * i + 3].filter((id) => id <= size),
  }));
  const samples = Array.from({ length: size - 1 }, (_, i) => i + 2);
  return JSON.stringify({ nodes, startTime: 0, endTime: 1000 * size, samples, timeDeltas: samples.map(() => 1000) });
}
