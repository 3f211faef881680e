/** Traced profiles written as the dict of a .prof file. */

import type { Count } from '../../src/model/count.ts';
import { type FunctionInfo, FunctionTableBuilder } from '../../src/model/function-table.ts';
import { normalize } from '../../src/model/normalize/normalize.ts';
import type { EdgesProfile } from '../../src/model/profile.ts';
import type { TracedMetrics } from '../../src/model/raw-profile.ts';

/** The entry of a caller: (nc, cc, tt, ct), with the first two swapped; the pure-Python profiler writes only nc. */
export type Caller = readonly [nc: Count, cc: Count, tt: number, ct: number] | Count;
/** (cc, nc, tt, ct, callers) */
export type Entry = readonly [cc: Count, nc: Count, tt: number, ct: number, callers: Readonly<Record<string, Caller>>];
/** `file:line(name)`, or `{built-in method len}`, -> its entry. */
export type Dict = Readonly<Record<string, Entry>>;

/** The profile of such a file. */
export function traced(dict: Dict, source = 'test.prof'): EdgesProfile {
  const functions = new FunctionTableBuilder();
  const rows = Object.keys(dict).map((key) => functions.intern(functionNamed(key)));
  const entries = Object.values(dict);
  const edges = entries.flatMap(([, , , , callers], row) =>
    Object.entries(callers).map(([key, caller]) => ({
      caller: functions.intern(functionNamed(key)),
      callee: rows[row] ?? -1,
      metrics: typeof caller === 'object' ? caller : ([caller, Number.NaN, Number.NaN, Number.NaN] as const),
    })),
  );
  const profile = normalize(
    {
      counts: 'calls',
      format: 'Python profile',
      linesAreSampled: false,
      functions: functions.finish(),
      rows: Int32Array.from(rows),
      metrics: columns(entries.map(([cc, nc, tt, ct]) => [nc, cc, tt, ct])),
      edges: {
        length: edges.length,
        caller: Int32Array.from(edges, ({ caller }) => caller),
        callee: Int32Array.from(edges, ({ callee }) => callee),
        metrics: columns(edges.map(({ metrics }) => metrics)),
      },
      notes: [],
    },
    source,
  );
  if ('callTree' in profile) throw new Error('a dict counts calls');
  return profile;
}

/** `app.py:20(handle)` -> file, line and name. */
export function functionNamed(key: string): FunctionInfo {
  const builtin = /^\{(.*)\}$/.exec(key);
  if (builtin !== null) return { kind: 'python', name: `<${builtin[1]}>`, file: '~', line: 0, column: 0 };
  const [, file = '', line = '0', name = ''] = /^(.*):(\d+)\((.*)\)$/s.exec(key) ?? [];
  return { kind: 'python', name, file, line: Number(line), column: 0 };
}

function columns(rows: readonly (readonly [nc: Count, cc: Count, tt: number, ct: number])[]): TracedMetrics {
  return {
    selfCount: rows.map(([nc]) => nc),
    totalCount: rows.map(([, cc]) => cc),
    self: rows.map(([, , tt]) => tt),
    total: rows.map(([, , , ct]) => ct),
  };
}

/** A worked example. */
export const WORKED_EXAMPLE: Dict = {
  '/app/main.py:1(<module>)': [1, 1, 0.5, 6, {}],
  '/app/main.py:20(handle)': [3, 3, 0.25, 5.5, { '/app/main.py:1(<module>)': [3, 3, 0.25, 5.5] }],
  '/app/lib/util.py:10(work)': [
    4,
    10,
    1.5,
    4,
    { '/app/main.py:20(handle)': [4, 4, 0.9, 4], '/app/lib/util.py:10(work)': [6, 0, 0.6, 1] },
  ],
  '/opt/lib/util.py:10(work)': [2, 2, 0.0625, 1.25, { '/app/main.py:20(handle)': [2, 2, 0.0625, 1.25] }],
  '{built-in method builtins.len}': [
    1200,
    1200,
    2.6875,
    2.6875,
    { '/app/lib/util.py:10(work)': [1000, 1000, 2, 2], '/opt/lib/util.py:10(work)': [200, 200, 0.6875, 0.6875] },
  ],
  "{method 'append' of 'list' objects}": [
    50,
    50,
    1,
    1,
    { '/app/lib/util.py:10(work)': [30, 30, 0.5, 0.5], '/opt/lib/util.py:10(work)': [20, 20, 0.5, 0.5] },
  ],
};
