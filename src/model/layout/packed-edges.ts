/** The rows and edges of a profile without stacks as columns of a file. */

import { BrokenColumnsError } from '../../base/packed-bytes.ts';
import { type Columns, columnOf, indexColumn } from '../../base/packed-columns.ts';
import { type Count, narrow } from '../count.ts';
import type { EdgesProfile } from '../profile.ts';
import type { TracedMetrics } from '../raw-profile.ts';

export type PackedEdges = Pick<EdgesProfile, 'rows' | 'metrics' | 'edges'>;

/** Counts beyond 2^53: the column's name, the row, and the number in digits. */
export type LargeCounts = readonly (readonly [column: string, row: number, digits: string])[];

/** Returns the columns, by name, and the counts that no column can hold. */
export function packEdges({ rows, metrics, edges }: PackedEdges) {
  const columns = new Map<string, ArrayLike<number>>([
    ['row.function', rows],
    ['edge.caller', edges.caller],
    ['edge.callee', edges.callee],
  ]);
  const large = [...packMetrics('row', metrics, columns), ...packMetrics('edge', edges.metrics, columns)];
  return { columns, large };
}

function packMetrics(prefix: string, metrics: TracedMetrics, columns: Map<string, ArrayLike<number>>): LargeCounts {
  columns.set(`${prefix}.self`, metrics.self);
  columns.set(`${prefix}.total`, metrics.total);
  return (['selfCount', 'totalCount'] as const).flatMap((name) => {
    columns.set(
      `${prefix}.${name}`,
      metrics[name].map((count) => (typeof count === 'bigint' ? 0 : count)),
    );
    return metrics[name].flatMap((count, row) =>
      typeof count === 'bigint' ? [[`${prefix}.${name}`, row, String(count)] as const] : [],
    );
  });
}

/** Throws BrokenColumnsError. @param functions number of functions in the file */
export function unpackEdges(columns: Columns, functions: number, large: unknown): PackedEdges {
  const rows = indexColumn(columns, 'row.function', { min: 0, end: functions });
  if (new Set(rows).size !== rows.length) throw new BrokenColumnsError('row.function has a function twice');
  const caller = indexColumn(columns, 'edge.caller', { min: 0, end: functions });
  const { length } = caller;
  const callee = indexColumn(columns, 'edge.callee', { length, min: 0, end: functions });
  const metrics = (prefix: string, count: number): TracedMetrics => ({
    self: [...columnOf(columns, `${prefix}.self`, count)],
    total: [...columnOf(columns, `${prefix}.total`, count)],
    selfCount: countsOf(columns, `${prefix}.selfCount`, { length: count, large }),
    totalCount: countsOf(columns, `${prefix}.totalCount`, { length: count, large }),
  });
  return {
    rows,
    metrics: metrics('row', rows.length),
    edges: { length, caller, callee, metrics: metrics('edge', length) },
  };
}

function countsOf(columns: Columns, name: string, { length, large }: { length: number; large: unknown }): Count[] {
  const counts: Count[] = [...columnOf(columns, name, length)];
  const bad = counts.findIndex((count) => !Number.isInteger(count) && !Number.isNaN(count));
  if (bad !== -1) throw new BrokenColumnsError(`${name}[${bad}] is ${counts[bad]}, not a whole number`);
  for (const [row, digits] of largeCounts(large, name)) {
    if (row >= length) throw new BrokenColumnsError(`${name} has no row ${row}`);
    counts[row] = narrow(BigInt(digits));
  }
  return counts;
}

/** Digits of one number. More would take long to read. */
const MAX_DIGITS = 10_000;

function* largeCounts(value: unknown, name: string): Generator<readonly [row: number, digits: string]> {
  if (!Array.isArray(value)) throw new BrokenColumnsError('has large counts that are no list');
  for (const entry of value) {
    const [column, row, digits] = Array.isArray(entry) ? (entry as unknown[]) : [];
    const isCount = typeof digits === 'string' && digits.length <= MAX_DIGITS && /^-?\d+$/.test(digits);
    if (!isCount || !Number.isSafeInteger(row) || Number(row) < 0)
      throw new BrokenColumnsError('has a broken large count');
    if (column === name) yield [Number(row), digits];
  }
}
