/** Icicle, flame graph and time order: rows of boxes on a canvas. */

import { at } from '../model/columns.ts';
import { type Box, layoutBoxes } from '../model/layout/boxes.ts';
import { signOf } from './colors.ts';
import { fillOf, fitText, hatch, marksOf, type Painting } from './painting.ts';

export const ROW_HEIGHT = 19;

/** Frames deeper than this are seen after a zoom: a canvas has an end. */
const MAX_ROWS = 400;

/** Pixels of the longest canvas that browsers draw. */
const MAX_CANVAS = 16_000;

/** Pixels of the narrowest box of the first picture: half of all boxes are narrower, and follow with the figures. */
const FIRST_BOX = 3;

/** Nothing is seen below the place of the picture, which is three quarters of the window high. */
function firstRows(): number {
  return Math.ceil((0.75 * innerHeight) / ROW_HEIGHT);
}

export interface DrawnPicture {
  /** Nodes that are narrower than a pixel and stand in boxes of several, … */
  readonly others: number;
  /** Whether rows were cut. */
  readonly isCut: boolean;
}

export interface PictureShape {
  /** Whole pixels. */
  readonly width: number;
  /** Whether callers are below: a flame graph. */
  readonly isUpward: boolean;
}

export class BoxPicture {
  readonly canvas: HTMLCanvasElement;
  #rows: Box[][] = [];
  #isUpward = false;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  draw(painting: Painting, { width, isUpward }: PictureShape): DrawnPicture {
    const { root, shown, isFirst } = painting;
    const first = { rows: isUpward ? MAX_ROWS : firstRows(), minWeight: (FIRST_BOX * shown.tree.weight(root)) / width };
    this.#rows = layoutBoxes(shown.tree, { root, width, ...(isFirst ? first : { rows: MAX_ROWS }) });
    this.#isUpward = isUpward;
    this.#paint(painting, width);
    const isCut = this.#rows.length === MAX_ROWS;
    const others = this.#rows.flat().reduce((nodes, box) => (box.node === null ? nodes + box.nodes : nodes), 0);
    return { others, isCut };
  }

  /** The box at a point of the canvas. */
  readonly hit = (x: number, y: number): Box | null => {
    const row = Math.floor(y / ROW_HEIGHT);
    const boxes = this.#rows[this.#isUpward ? this.#rows.length - 1 - row : row] ?? [];
    return boxes.find(({ from, to }) => from <= x && x < to) ?? null;
  };

  /** The most weight that … boxes of one row have together. */
  get largestOthers(): number {
    const weightOf = (boxes: readonly Box[]) =>
      boxes.reduce((sum, box) => (box.node === null ? sum + box.weight : sum), 0);
    return this.#rows.reduce((largest, boxes) => Math.max(largest, weightOf(boxes)), 0);
  }

  #topOf(row: number): number {
    return ROW_HEIGHT * (this.#isUpward ? this.#rows.length - 1 - row : row);
  }

  #paint(painting: Painting, width: number): void {
    const height = Math.max(1, this.#rows.length) * ROW_HEIGHT;
    const scale = Math.min(window.devicePixelRatio || 1, MAX_CANVAS / height);
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    const context = this.canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    context.scale(scale, scale);
    context.font = FONT;
    context.textBaseline = 'middle';
    const patterns = { few: hatch(context, false), estimated: hatch(context, true) };
    for (let row = 0; row < this.#rows.length; row++) {
      for (const box of at(this.#rows, row))
        this.#paintBox(context, { box, top: this.#topOf(row), painting, patterns });
    }
  }

  #paintBox(context: CanvasRenderingContext2D, { box, top, painting, patterns }: BoxPainting): void {
    const { shown, root, selected, selectedFunction } = painting;
    const { node, from } = box;
    // A line of background between neighbours, where they are wide enough.
    const width = box.to - from > 2 ? box.to - from - 1 : box.to - from;
    const height = ROW_HEIGHT - 1;
    const { color, alpha } = fillOf(painting, node);
    context.globalAlpha = alpha;
    context.fillStyle = node === root && node === 0 ? ROOT_COLOR : color;
    context.fillRect(from, top, width, height);
    const marks = marksOf(painting, node);
    if (marks !== 'none') {
      context.fillStyle = patterns[marks];
      context.fillRect(from, top, width, height);
    }
    context.globalAlpha = Math.max(alpha, 0.6);
    context.fillStyle = '#111';
    const name =
      node === null
        ? `… ${box.nodes} other`
        : `${signOf(shown.category(node))}${marks === 'estimated' ? '~' : ''}${shown.label(node)}`;
    const text = fitText(context, name, width - 6);
    if (text !== '') context.fillText(text, from + 4, top + ROW_HEIGHT / 2);
    context.globalAlpha = 1;
    const isSame = node !== null && selectedFunction !== -1 && shown.functionOf(node) === selectedFunction;
    if (node === null || (!isSame && node !== selected)) return;
    context.strokeStyle = '#111';
    context.lineWidth = node === selected ? 3 : 1.5;
    const inset = context.lineWidth / 2;
    context.strokeRect(from + inset, top + inset, Math.max(0.5, width - 2 * inset), height - 2 * inset);
  }
}

const FONT = '12px system-ui, sans-serif';
const ROOT_COLOR = 'hsl(0 0% 88%)';

interface BoxPainting {
  readonly box: Box;
  readonly top: number;
  readonly painting: Painting;
  readonly patterns: Readonly<Record<'few' | 'estimated', CanvasPattern>>;
}
