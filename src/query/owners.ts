/** Charges the time of libraries to the user's own functions. */

import { callTreeMetrics, type Metrics } from '../model/call-graph.ts';
import { at, byteAt, floatAt, intAt } from '../model/columns.ts';
import {
  type FunctionIndex,
  type FunctionInfo,
  type FunctionKind,
  type FunctionTable,
  functionAt,
  tableOf,
} from '../model/function-table.ts';
import type { StacksProfile } from '../model/profile.ts';
import type { Microseconds } from '../model/raw-profile.ts';
import type { Origins } from './origins.ts';

/** The functions of a profile with one added, and their metrics with library time charged to its owner. */
export interface Owners {
  readonly functions: FunctionTable;
  readonly metrics: Metrics;
  /** The functions that own time, without `noOwner`. */
  readonly rows: Int32Array;
  /** The added function: it owns the time without a frame of the user's own code on its stack. */
  readonly noOwner: FunctionIndex;
}

const NO_OWNER: FunctionInfo = { kind: 'none', name: '(no own frame)', file: '', line: 0, column: 0 };

/**
 * Charges the time of libraries, natives and the garbage collector to the nearest function of the user's own code above
 * them. `(idle)` keeps its own row. Parents come first in the tree, so one pass finds all owners.
 */
export function chargeOwners({ callTree, functions }: StacksProfile, origins: Origins): Owners {
  const noOwner = functions.length;
  const infos = functions.kind.map((_, fn) => functionAt(functions, fn));
  const owns = findOwners(functions, origins);
  const owner = new Int32Array(callTree.length);
  for (let node = 0; node < callTree.length; node++) {
    const fn = intAt(callTree.function, node);
    const parent = intAt(callTree.parent, node);
    owner[node] = byteAt(owns, fn) === 1 ? fn : parent === -1 ? noOwner : intAt(owner, parent);
  }
  // An owner's total is that of its function: what it owns lies inside its own calls.
  const { openUntil, ...metrics } = callTreeMetrics(callTree, owner, noOwner + 1);
  // The stacks without an owner end where an owner begins.
  metrics.total[noOwner] = floatAt(metrics.self, noOwner);
  metrics.totalCount[noOwner] = floatAt(metrics.selfCount, noOwner);
  if (metrics.totalSquares !== null) metrics.totalSquares[noOwner] = at(metrics.selfSquares ?? [], noOwner);
  return {
    functions: tableOf([...infos, NO_OWNER]),
    metrics,
    rows: Int32Array.from(openUntil.keys()).filter((fn) => fn !== noOwner && intAt(openUntil, fn) > 0),
    noOwner,
  };
}

/** FunctionIndex -> 1 if it owns the time of the libraries that it calls */
function findOwners(functions: FunctionTable, origins: Origins): Uint8Array {
  const owns = (kind: FunctionKind, fn: FunctionIndex) => kind === 'idle' || origins.isOwnCode(fn);
  return Uint8Array.from(functions.kind, (kind, fn) => Number(owns(kind, fn)));
}

/** The self time of `noOwner` alone. What an owner has below it is one range of rows. */
export function timeWithoutOwner({ callTree, functions }: StacksProfile, origins: Origins): Microseconds {
  const owns = findOwners(functions, origins);
  let time = 0;
  const { length, function: fns, self, subtreeEnd } = callTree;
  for (let node = 0; node < length; ) {
    const isOwned = byteAt(owns, intAt(fns, node)) === 1;
    if (!isOwned) time += floatAt(self, node);
    node = isOwned ? intAt(subtreeEnd, node) : node + 1;
  }
  return time;
}
