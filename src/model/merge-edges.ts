/** Rows and edges of several profiles without stacks: equal ones become one. */

import { getOrInsert } from '../base/maps.ts';
import { at } from './columns.ts';
import { addCounts, type Count } from './count.ts';
import type { FunctionIndex } from './function-table.ts';
import { PairIndex } from './pair-index.ts';
import type { EdgesProfile, EdgeTable } from './profile.ts';
import type { Seconds, TracedMetrics } from './raw-profile.ts';

/** Rows of functions, numbered in order of first appearance. */
export class MergedRows {
  readonly #rows = new Map<FunctionIndex, number>();
  readonly #metrics = new MergedMetrics();

  /** @param translation FunctionIndex of the profile -> FunctionIndex of the merged one */
  add({ rows, metrics }: Pick<EdgesProfile, 'rows' | 'metrics'>, translation: Int32Array): void {
    for (let row = 0; row < rows.length; row++)
      this.#metrics.add(this.#rowOf(at(translation, at(rows, row))), metrics, row);
  }

  #rowOf(fn: FunctionIndex): number {
    return getOrInsert(this.#rows, fn, () => this.#rows.size);
  }

  finish(): Pick<EdgesProfile, 'rows' | 'metrics'> {
    return { rows: Int32Array.from(this.#rows.keys()), metrics: this.#metrics.columns };
  }
}

export class MergedEdges {
  /** caller and callee -> edge */
  readonly #edges = new PairIndex();
  readonly #metrics = new MergedMetrics();

  add(edges: EdgeTable, translation: Int32Array): void {
    for (let edge = 0; edge < edges.length; edge++) {
      const caller = at(translation, at(edges.caller, edge));
      const callee = at(translation, at(edges.callee, edge));
      this.#metrics.add(this.#edges.indexOf(caller, callee), edges.metrics, edge);
    }
  }

  finish(): EdgeTable {
    return {
      length: this.#edges.length,
      caller: new Int32Array(this.#edges.firsts),
      callee: new Int32Array(this.#edges.seconds),
      metrics: this.#metrics.columns,
    };
  }
}

/** Columns of metrics to which rows are added. */
class MergedMetrics {
  readonly columns = {
    selfCount: [] as Count[],
    totalCount: [] as Count[],
    self: [] as Seconds[],
    total: [] as Seconds[],
  };

  add(into: number, from: TracedMetrics, row: number): void {
    const { selfCount, totalCount, self, total } = this.columns;
    selfCount[into] = addCounts(selfCount[into] ?? 0, at(from.selfCount, row));
    totalCount[into] = addCounts(totalCount[into] ?? 0, at(from.totalCount, row));
    self[into] = (self[into] ?? 0) + at(from.self, row);
    total[into] = (total[into] ?? 0) + at(from.total, row);
  }
}
