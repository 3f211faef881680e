/** The name of a node of a tree: of a function, a joined chain, or folded frames. */

import { pluralize } from '../../base/text.ts';
import type { NodeName } from '../../view/node-row.ts';

/** @param inverted whether a chain leads to callers */
export function nodeLabel({ label, chain, folded }: Omit<NodeName, 'estimated'>, inverted: boolean): string {
  if (folded !== null) return `[${pluralize(folded.frames, 'frame')}: ${packageList(folded.packages)}]`;
  if (chain === null) return label;
  const labels = chain.map((frame) => frame.label);
  return inverted ? callerChain(labels) : calleeChain(labels);
}

const MAX_PACKAGES = 3;

function packageList(packages: readonly string[]): string {
  const more = packages.length - MAX_PACKAGES;
  return [...packages.slice(0, MAX_PACKAGES), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** Frames of a chain that are named. */
const MAX_CHAIN = 3;

/** Of a long chain the ends: `main → … 7 more … → handler`. */
function calleeChain(labels: readonly string[]): string {
  if (labels.length <= MAX_CHAIN) return labels.join(' → ');
  return `${labels[0]} → … ${labels.length - 2} more … → ${labels.at(-1)}`;
}

/** Of many callers the nearest: `encode ← send ← handler ← … 7 more`. */
function callerChain(labels: readonly string[]): string {
  const more = labels.length - MAX_CHAIN;
  return [...labels.slice(0, MAX_CHAIN), ...(more > 0 ? [`… ${more} more`] : [])].join(' ← ');
}
