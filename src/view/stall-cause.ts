/** What a thread did while its event loop stalled: one function that most of the time went into. */

import { subtreeSums } from '../model/call-tree.ts';
import { at, byteAt, floatAt, intAt } from '../model/columns.ts';
import { type FunctionIndex, functionAt } from '../model/function-table.ts';
import type { StacksProfile } from '../model/profile.ts';
import { knowsLines } from '../query/lines.ts';
import type { Stats } from '../query/stats.ts';

export interface StallCause {
  /** Of the time of the stall. */
  readonly share: number;
  /** The function that ran; null if the time went into many functions below `owner`. */
  readonly leaf: FunctionIndex | null;
  /** The nearest own function above it, or itself; null if there is none. */
  readonly owner: FunctionIndex | null;
  /** Where most of the time of an own function was spent, as `file:line`; null if that is not known. */
  readonly hottestLine: string | null;
}

/** @param stats of the time of the stall alone; null if it has no sample */
export function stallCauseOf(stats: Stats): StallCause | null {
  const { profile } = stats;
  if (!('callTree' in profile)) return null;
  const owns = Uint8Array.from(profile.functions.kind, (_, fn) => Number(stats.origins.isOwnCode(fn)));
  const counted = stats.summary.counted ?? 0;
  if (counted <= 0) return null;
  const cause = heaviestPair(profile, owns);
  if (cause.weight < MIN_SHARE * counted) return commonOwner(profile, owns, counted);
  const { leaf, owner, weight } = cause;
  return {
    share: weight / counted,
    leaf,
    owner,
    hottestLine: leaf === owner ? hottestLine(stats, leaf, weight) : null,
  };
}

/** V8 counts the time of many natives, JSON.parse among them, for the line that calls them. */
function hottestLine(stats: Stats, fn: FunctionIndex, weight: number): string | null {
  if (!knowsLines(stats.profile)) return null;
  const { file } = functionAt(stats.profile.functions, fn);
  const [line] = stats.groups('line', { limit: 1 }).rows;
  return line !== undefined && line.file === file && (line.self ?? 0) >= MIN_SHARE * weight ? line.shownPlace : null;
}

/** A function that has less of a stall does not explain it. */
const MIN_SHARE = 0.5;

/** The function and its nearest own caller that have the most time together. */
function heaviestPair({ callTree, functions }: StacksProfile, owns: Uint8Array) {
  const owner = new Int32Array(callTree.length);
  const weights = new Map<number, number>();
  let heaviest = { weight: 0, leaf: 0, owner: null as FunctionIndex | null };
  for (let node = 0; node < callTree.length; node++) {
    const leaf = intAt(callTree.function, node);
    const parent = intAt(callTree.parent, node);
    const above = parent === -1 ? -1 : intAt(owner, parent);
    const own = byteAt(owns, leaf) === 1 ? leaf : above;
    owner[node] = own;
    if (at(functions.kind, leaf) === 'idle') continue;
    const pair = leaf * (functions.length + 1) + own + 1;
    const weight = (weights.get(pair) ?? 0) + floatAt(callTree.self, node);
    weights.set(pair, weight);
    if (weight > heaviest.weight) heaviest = { weight, leaf, owner: own === -1 ? null : own };
  }
  return heaviest;
}

/** The innermost own function that has nearly all of the time below it. */
function commonOwner({ callTree }: StacksProfile, owns: Uint8Array, counted: number): StallCause | null {
  const totals = subtreeSums(callTree).self;
  let found: StallCause | null = null;
  for (let node = 0; node < callTree.length; node++) {
    const owner = intAt(callTree.function, node);
    const share = floatAt(totals, node) / counted;
    // Parents come first, so the last one is the innermost.
    if (byteAt(owns, owner) === 1 && share >= MIN_SHARE) found = { share, leaf: null, owner, hottestLine: null };
  }
  return found;
}
