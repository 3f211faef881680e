/** What the pictures have in common: how a box looks. */

import { MIN_SAMPLES } from '../base/few-samples.ts';
import { escapeControls } from '../base/text.ts';
import { type LayoutNode, ROOT } from '../model/layout/layout-tree.ts';
import { colorOf, signOf } from './colors.ts';
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

/** A canvas with its painting. */
export interface Brush {
  readonly context: CanvasRenderingContext2D;
  readonly painting: Painting;
  readonly patterns: Readonly<Record<'few' | 'estimated', CanvasPattern>>;
}

/** Pixels of the longest canvas that browsers draw. */
const MAX_CANVAS = 16_000;

/** Empties a canvas. Sizes are in CSS pixels. */
export function brushOf(
  canvas: HTMLCanvasElement,
  painting: Painting,
  { width, height, font }: { readonly width: number; readonly height: number; readonly font: string },
): Brush {
  const scale = Math.min(window.devicePixelRatio || 1, MAX_CANVAS / height);
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.scale(scale, scale);
  context.font = font;
  context.textBaseline = 'middle';
  return { context, painting, patterns: { few: hatch(context, false), estimated: hatch(context, true) } };
}

/** Fills a shape in the color of a node, with its marks. It leaves the alpha of the color, which is faint where a search does not find it. */
export function fillShape({ context, painting, patterns }: Brush, node: LayoutNode | null, fill: () => void): void {
  const { shown, finds } = painting;
  const found = finds === null || (node !== null && finds(node));
  context.globalAlpha = found ? 1 : node === null ? 0.35 : 0.3;
  context.fillStyle =
    node === null ? OTHERS_COLOR : node === ROOT ? ROOT_COLOR : colorOf(shown.category(node), shown.label(node));
  fill();
  const marks = marksOf(painting, node);
  if (marks === null) return;
  context.fillStyle = patterns[marks];
  fill();
}

const OTHERS_COLOR = 'hsl(0 0% 80%)';
const ROOT_COLOR = 'hsl(0 0% 88%)';

/** In order of time each call has few samples, and none stands for others. */
function marksOf(
  { shown: { tree, window }, isFirst }: Painting,
  node: LayoutNode | null,
): keyof Brush['patterns'] | null {
  if (node === null || node === ROOT) return null;
  if (tree.isEstimated(node)) return 'estimated';
  if (isFirst || window(node) !== null) return null;
  // Hatched, as `pstat top` marks such rows.
  return tree.hasFewerSamples(node, MIN_SAMPLES) ? 'few' : null;
}

/** The label with its signs: no meaning is in a color or in hatching alone. */
export function signedLabel({ shown }: Painting, node: LayoutNode): string {
  return `${signOf(shown.category(node))}${shown.tree.isEstimated(node) ? '~' : ''}${shown.label(node)}`;
}

/** Pixels of the outline of the selection, and of its function everywhere; 0 for other boxes. */
export function outlineWidth({ shown, selected, selectedFunction }: Painting, node: LayoutNode | null): number {
  if (node === null) return 0;
  if (node === selected) return 3;
  return selectedFunction !== -1 && shown.functionOf(node) === selectedFunction ? 1.5 : 0;
}

/** Lines over a box: one way for few samples, crossed for estimates. */
function hatch(context: CanvasRenderingContext2D, isCrossed: boolean): CanvasPattern {
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
