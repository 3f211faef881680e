/**
 * Files of `pstat convert` in the viewers that show callers, callees and source lines: they show those of `pstat callers`,
 * `callees` and `list`. A missing viewer is skipped by name, and an error in CI.
 */

import { describe, expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { type Edges, edgesOf, expectSame, relatedRows } from '../support/edges.ts';
import {
  convert,
  goPprof,
  isGoMissing,
  isShortenedByPprof,
  pprofKey,
  RECORDINGS,
  type Row,
  rowsOf,
} from '../support/viewers.ts';

describe.skipIf(isGoMissing)('go tool pprof -peek', () => {
  test.each(RECORDINGS)('shows the callers and callees of %s', { timeout: 120_000 }, async (_, file) => {
    const text = goPprof(['-peek=.', '-filefunctions'], await convert(file, '.pb.gz'));
    const rows = await rowsOf(file);
    const keys = rows.map(pprofKey);
    // Functions of one name and file are one function to pprof.
    const isAlone = (key: string) => keys.indexOf(key) === keys.lastIndexOf(key);
    const known = new Set(rows.filter((row) => !isShortenedByPprof(row) && isAlone(pprofKey(row))).map(pprofKey));
    const keyOf = (row: Row) => (known.has(pprofKey(row)) ? pprofKey(row) : undefined);
    const shown = edgesOfPeek(text, known);
    expectSame(shown.callers, edgesOf(await relatedRows('callers', file), keyOf), 0.002);
    expectSame(shown.callees, edgesOf(await relatedRows('callees', file), keyOf), 0.002);
  });

  /** Each block has the callers of a function, the function itself, and its callees. */
  function edgesOfPeek(text: string, known: ReadonlySet<string>): { callers: Edges; callees: Edges } {
    const edges = { callers: new Map(), callees: new Map() };
    for (const block of text.split(/^-+\+-+$/m)) {
      const lines = [...block.matchAll(/(\d+)(?:ns)?\s+\S+%\s+\|\s(\s*)(.+?)(?: \(inline\))?\s*$/gm)];
      const middle = lines.findIndex(([, , indent]) => indent === '');
      const name = lines[middle]?.[3] ?? '';
      lines.forEach(([, time, , other = ''], i) => {
        if (i === middle || !known.has(name) || !known.has(other)) return;
        if (i < middle) edges.callers.set(`${other} -> ${name}`, Number(time) / 1000);
        else edges.callees.set(`${name} -> ${other}`, Number(time) / 1000);
      });
    }
    return edges;
  }
});

interface Listed extends Row {
  readonly source: string;
  readonly lines: readonly { readonly line: number; readonly text: string | null; readonly tottime: number }[];
  readonly noLine: number;
}

describe.skipIf(isGoMissing)('go tool pprof -list', () => {
  test.each([
    ['a recording', 'samples/resource-providers.cpuprofile', 'samples/resource-providers'],
    ['merged files', 'samples/placement/profiles/before', 'samples/placement'],
  ])('shows the source lines of %s with their time', { timeout: 120_000 }, async (_, file, folder) => {
    const words = ['-list=.', `-source_path=${folder}`, '-trim_path=/srv/app'];
    const routines = routinesOf(goPprof(words, await convert(file, '.pb.gz')));
    const { stdout } = await pstat(['list', '/^/', file, '--source-path', folder, '--json']);
    const { functions } = JSON.parse(stdout) as { functions: Listed[] };
    const names = functions.map(({ name }) => name);
    // Functions of one name are one routine.
    const found = functions.filter(
      ({ name, source }) => source === 'found' && name !== '' && names.indexOf(name) === names.lastIndexOf(name),
    );
    expect(found.length).toBeGreaterThan(5);
    for (const { name, line: declared, tottime, cumtime, lines, noLine } of found) {
      const routine = routines.get(name);
      expect([name, routine?.tottime, routine?.cumtime]).toEqual([name, tottime, cumtime]);
      // Lines of inlined functions above the declaration, or behind the end of the file, are left out.
      const listed = lines.filter(({ line, text, tottime }) => tottime > 0 && line >= (declared ?? 0) && text !== null);
      const timed = listed.map(({ line, tottime }) => [line, tottime]);
      if (noLine === 0) expect([name, routine?.lines]).toEqual([name, timed]);
    }
  });

  type Routine = { tottime: number; cumtime: number; lines: [line: number, tottime: number][] };

  /** name -> its times, and its lines with time of their own, in µs. */
  function routinesOf(text: string): Map<string, Routine> {
    const routines = new Map<string, Routine>();
    for (const block of text.split(/^ROUTINE =+ /m).slice(1)) {
      const [, name = '', flat, cum] =
        /^(.+) in .*\n\s*(\d+|\.)(?:ns)?\s+(\d+|\.)(?:ns)? \(flat, cum\)/.exec(block) ?? [];
      const lines = [...block.matchAll(/^\s*(\d+)ns\s+\d+ns\s+(\d+):/gm)];
      routines.set(name, {
        tottime: microseconds(flat),
        cumtime: microseconds(cum),
        lines: lines.map(([, time, line]) => [Number(line), microseconds(time)]),
      });
    }
    return routines;
  }

  const microseconds = (word = '') => (word === '.' ? 0 : Number(word) / 1000);
});
