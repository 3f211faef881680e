/** pstat compare of two folders of several routes. */

import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collectSides, pairSides } from '../../src/compare/collect-sides.ts';
import { compareRoutes } from '../../src/compare/compare-routes.ts';
import { evaluateRoutesGate } from '../../src/compare/gate.ts';
import { streamProfiles } from '../../src/input/load.ts';
import { type OutputFormat, render } from '../../src/render/render.ts';
import { PLAIN_THEME } from '../../src/render/theme.ts';
import { type CompareRoutesView, compareRoutesView } from '../../src/view/compare-view.ts';
import { pstat } from '../support/cli.ts';
import { RunFiles } from '../support/run-files.ts';

const files = new RunFiles();

beforeAll(() => {
  files.requests('before', { '/customers/1': 40, '/orders': 60, '/reports/daily': 80, '/old': 20 });
  files.requests('after', { '/customers/1': 60, '/orders': 40, '/reports/daily': 80, '/new': 20 });
  files.requests('slower', { '/customers/1': 60, '/orders': 60, '/reports/daily': 80, '/old': 20 });
  files.requests('few', { '/customers/1': 60, '/orders': 60 }, { processes: 2, requests: 20 });
  files.requests('one', { '/customers/1': 40 });
  files.requests('same', { '/customers/1': 40 }, { requests: 1 });
  files.requests('same-again', { '/customers/1': 40 }, { requests: 4 });
  files.requests('other', { '/status': 5 });
  files.requests('mixed', { '/customers/1': 40 });
  files.requests('few-orders', { '/orders': 60 }, { processes: 2 });
  renameSync(files.at('few-orders'), path.join(files.at('mixed'), 'orders'));
  files.traced('programs', 4, 50);
});

afterAll(() => {
  files.remove();
});

const comparing = (before: string, after: string, ...options: readonly string[]) =>
  pstat(['compare', files.at(before), files.at(after), ...options]);

/** The view with short names of the sides: a screen must not depend on where temporary folders are. */
async function viewOf(before: string, after: string, gate = false): Promise<CompareRoutesView> {
  const collect = (name: string) => collectSides(name, streamProfiles([files.at(name)]), {});
  const pair = pairSides(await collect(before), await collect(after));
  if (!('routes' in pair)) throw new Error('one route');
  const comparison = compareRoutes(pair.routes.before, pair.routes.after);
  const options = { target: 'total', threshold: { percent: 5, microseconds: null }, isStrict: false } as const;
  const query = { sort: [], reverse: false, limit: 0, filtered: false, onlyChanged: true } as const;
  const names = { before: `${before}/`, after: `${after}/` };
  return compareRoutesView(comparison, names, { query, gate: gate ? evaluateRoutesGate(comparison, options) : null });
}

async function written(view: CompareRoutesView, format: OutputFormat, columns: number | null): Promise<string> {
  const { stdout, stderr, exitCode } = await render(view, format, { columns, theme: PLAIN_THEME, links: false });
  return `${stdout}${stderr === '' ? '' : `stderr: ${stderr}`}exit ${exitCode}\n`;
}

describe.each([60, 80, 120])('a screen of %i columns', (columns) => {
  test.each([
    ['routes', 'after', false],
    ['routes, failed', 'slower', true],
    ['routes of few processes', 'few', true],
  ])('%s', async (name, after, gate) => {
    const screen = await written(await viewOf('before', after, gate), 'table', columns);
    expect(screen.split('\n').filter((line) => stringWidth(line) > columns)).toEqual([]);
    await expect(screen).toMatchFileSnapshot(`goldens-compare/${name} (${columns}).txt`);
  });
});

test.each(['markdown', 'csv', 'json'] as const)('routes as %s', async (format) => {
  const text = await written(await viewOf('before', 'after', true), format, null);
  await expect(text).toMatchFileSnapshot(`goldens-compare/routes (${format}).txt`);
});

describe('two folders of several routes', () => {
  test('are compared route by route', async () => {
    const { stdout, code } = await comparing('before', 'after', '--json');
    const answer = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      schema: 2,
      view: 'compare-routes',
      basis: 'busy',
      verdict: 'mixed',
      before: files.at('before'),
      after: files.at('after'),
      gate: null,
      unmatched: { before: ['GET /old'], after: ['GET /new'] },
      matched: 3,
    });
    const verdicts = answer.routes.map((route: { route: string; verdict: string }) => [route.route, route.verdict]);
    expect(Object.fromEntries(verdicts)).toEqual({
      'GET /customers/{id}': 'slower',
      'GET /orders': 'faster',
      'GET /reports/daily': 'no-change',
    });
  });

  test('are one page with --format html, which reads as the profile of AFTER', async () => {
    const { stdout, code } = await comparing('before', 'after', '--format', 'html');
    expect([stdout.slice(0, 15), code]).toEqual(['<!doctype html>', 0]);
    writeFileSync(files.at('diff.html'), stdout);
    const rowsOf = async (name: string) => JSON.parse((await pstat(['top', files.at(name), '--json'])).stdout).rows;
    expect(await rowsOf('diff.html')).toEqual(await rowsOf('after'));
  });

  test.each([
    [3, 'slower', '--fail-above 5%'],
    [3, 'after', '--fail-above 5%'],
    [0, 'slower', '--fail-above 80%'],
    [0, 'few', '--fail-above 5%'],
    [4, 'few', '--fail-above 5% --strict'],
  ])('end with exit code %i for %s %s', async (code, after, options) => {
    expect((await comparing('before', after, ...options.split(' '))).code).toBe(code);
  });

  test('take the time that is asked for', async () => {
    const { stdout } = await comparing('before', 'after', '--time', 'elapsed', '--json');
    expect(JSON.parse(stdout).basis).toBe('elapsed');
    const { stderr, code } = await comparing('before', 'after', '--time', 'cpu');
    expect(code).toBe(2);
    expect(stderr).toContain('does not record the CPU time of the process');
  });
});

describe('--route', () => {
  test('compares the functions of one route', async () => {
    const { stdout, code } = await comparing('before', 'after', '--route', 'GET /customers/{id}', '--json');
    const answer = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(answer).toMatchObject({ view: 'compare', basis: 'busy', verdict: 'slower' });
    expect(answer.before).toMatchObject({ runs: 5, requests: 15, processKnown: true });
    expect(answer.rows.map((row: { name: string }) => row.name)).toEqual(['handle']);
  });

  test('that no request has is exit code 1, and names the nearest', async () => {
    const { stdout, stderr, code } = await comparing('before', 'after', '--route', 'GET /customer/{id}');
    expect([stdout, code]).toEqual(['', 1]);
    expect(stderr).toMatch(
      /no request of the route 'GET \/customer\/\{id\}'; the nearest: GET \/customers\/\{id\}, GET/,
    );
  });

  test('that one side does not have is exit code 1', async () => {
    const { stderr, code } = await comparing('before', 'after', '--route', 'GET /old');
    expect(code).toBe(1);
    expect(stderr).toContain("no request of the route 'GET /old'");
  });

  test('shows the requests of one route in top as well', async () => {
    const { stdout, code } = await pstat([files.at('before'), '--route', 'GET /orders', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).profile.sources).toHaveLength(15);
  });
});

describe('sides that do not belong together', () => {
  test('of one route each, but another, are rejected', async () => {
    const { stdout, stderr, code } = await comparing('one', 'other');
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toContain('the sides have no route in common: before GET /customers/{id}; after GET /status;');
  });

  test('of requests and programs are rejected', async () => {
    const { stderr, code } = await comparing('one', 'programs');
    expect(code).toBe(2);
    expect(stderr).toContain('before GET /customers/{id}; after whole programs');
  });

  test('of one common route among several are compared by route', async () => {
    const { stdout } = await comparing('one', 'before', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ view: 'compare-routes', matched: 1 });
  });
});

test('the heading counts routes, and says where there are none', async () => {
  const first = async (...options: readonly string[]) =>
    (await comparing('before', 'slower', ...options)).stdout.split('\n')[0];
  expect(await first('--filter', 'orders')).toBe('1 route without significant change (busy time of requests)');
  expect(await first('--filter', 'nowhere')).toBe('nothing to compare');
});

test('the gate says which route has too few processes', async () => {
  const gate = ['--fail-above', '90%'];
  const { stdout } = await comparing('mixed', 'mixed', ...gate);
  expect(stdout).toContain('undecided, not failed: too few runs of GET /orders; record 4 or more for each side\n');
});

test('folded stacks are means of a request, as the rows are, however many requests a side has', async () => {
  const { stdout } = await comparing('same', 'same-again', '--format', 'folded');
  const [{ tottime }] = JSON.parse((await comparing('same', 'same-again', '--json')).stdout).rows;
  expect(stdout).toContain(`handle ${Math.round(tottime.before)} ${Math.round(tottime.after)}\n`);
  expect(tottime.ratio).toBeCloseTo(1.015, 2);
});
