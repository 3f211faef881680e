/** What the pictures have in common: how a box looks. */

import { MIN_SAMPLES } from '../base/few-samples.ts';
import { escapeControls } from '../base/text.ts';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
import { colorOf } from './colors.ts';
import type { ShownTree } from './trees.ts';

/** What is drawn, and what stands out in it. */
export interface Painting {
  readonly shown: ShownTree;
  readonly root: LayoutNode;
  readonly selected: LayoutNode | null;
  /** The function whose boxes stand out; -1 for none. */
  readonly selectedFunction: number;
  /** Whether a search finds a node; null for no search. */
  readonly finds: ((node: LayoutNode) => boolean) | null;
  /** Whether the page has shown nothing yet: what takes long follows, with the figures of functions. */
  readonly isFirst: boolean;
}

export type Marks = 'few' | 'estimated' | 'none';

/** In order of time each call has few samples, and none stands for others. */
export function marksOf({ shown: { tree, window }, isFirst }: Painting, node: LayoutNode | null): Marks {
  if (node === null || node === ROOT) return 'none';
  if (tree.isEstimated(node)) return 'estimated';
  if (isFirst || window(node) !== null) return 'none';
  // Hatched, as `pstat top` marks such rows.
  return tree.hasFewerSamples(node, MIN_SAMPLES) ? 'few' : 'none';
}

/** The color of a box; faint where a search does not find it. */
export function fillOf({ shown, finds }: Painting, node: LayoutNode | null): { color: string; alpha: number } {
  if (node === null) return { color: 'hsl(0 0% 80%)', alpha: finds === null ? 1 : 0.35 };
  const found = finds === null || finds(node);
  return { color: colorOf(shown.category(node), shown.label(node)), alpha: found ? 1 : 0.3 };
}

/** Lines over a box: one way for few samples, crossed for estimates. */
export function hatch(context: CanvasRenderingContext2D, isCrossed: boolean): CanvasPattern {
  const tile = document.createElement('canvas');
  tile.width = 6;
  tile.height = 6;
  const lines = tile.getContext('2d');
  if (lines === null) throw new Error('no canvas');
  lines.strokeStyle = 'rgb(0 0 0 / 28%)';
  lines.beginPath();
  for (const [x, y] of [
    [-3, 3],
    [0, 6],
    [3, 9],
  ] as const) {
    lines.moveTo(x, y);
    lines.lineTo(x + 6, y - 6);
    if (!isCrossed) continue;
    lines.moveTo(x, 6 - y);
    lines.lineTo(x + 6, 12 - y);
  }
  lines.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  if (pattern === null) throw new Error('no pattern');
  return pattern;
}

/** Cuts a text to a width, with controls escaped; empty where not even a few characters fit. Measuring is slow, so the cut is guessed first. */
export function fitText(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (width < MIN_TEXT_WIDTH) return '';
  // Letters are wider than two pixels.
  const start = escapeControls(text.slice(0, Math.ceil(width / 2)));
  const measured = context.measureText(start).width;
  if (2 * text.length <= width && measured <= width) return start;
  let length = Math.min(start.length, Math.floor((start.length * width) / measured));
  while (length > 1 && context.measureText(`${start.slice(0, length)}…`).width > width) length--;
  return length < 2 ? '' : `${start.slice(0, length)}…`;
}

const MIN_TEXT_WIDTH = 22;
