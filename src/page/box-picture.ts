/** Icicle, flame graph and time order: rows of boxes on a canvas. */

import { type Box, layoutBoxes } from '../model/layout/boxes.ts';
import { type Brush, brushOf, fillShape, fitText, outlineWidth, type Painting, signedLabel } from './painting.ts';

export const ROW_HEIGHT = 19;

/** Frames deeper than this are seen after a zoom: a canvas has an end. */
const MAX_ROWS = 400;

/** Pixels of the narrowest box of the first picture: half of all boxes are narrower, and follow with the figures. */
const FIRST_BOX = 3;

/** Nothing is seen below the place of the picture, which is three quarters of the window high. */
function firstRows(): number {
  return Math.ceil((0.75 * innerHeight) / ROW_HEIGHT);
}

const FONT = '12px system-ui, sans-serif';

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

  /** Returns what could not be drawn as boxes of its own, and whether rows were cut. */
  draw(painting: Painting, { width, isUpward }: PictureShape) {
    const { root, shown, isFirst } = painting;
    const first = { rows: isUpward ? MAX_ROWS : firstRows(), minWeight: (FIRST_BOX * shown.tree.weight(root)) / width };
    this.#rows = layoutBoxes(shown.tree, { root, width, ...(isFirst ? first : { rows: MAX_ROWS }) });
    this.#isUpward = isUpward;
    const height = Math.max(1, this.#rows.length) * ROW_HEIGHT;
    const brush = brushOf(this.canvas, painting, { width, height, font: FONT });
    for (const [row, boxes] of this.#rows.entries()) {
      for (const box of boxes) paintBox(brush, box, ROW_HEIGHT * this.#flipped(row));
    }
    const others = this.#rows.map((boxes) => boxes.filter(({ node }) => node === null));
    return {
      /** Nodes that are narrower than a pixel and stand in … boxes. */
      others: others.flat().reduce((sum, { nodes }) => sum + nodes, 0),
      /** The most weight that … boxes of one row have together. */
      largestOthers: Math.max(0, ...others.map((boxes) => boxes.reduce((sum, { weight }) => sum + weight, 0))),
      isCut: this.#rows.length === MAX_ROWS,
    };
  }

  /** The box at a point of the canvas. */
  readonly hit = (x: number, y: number): Box | null => {
    const boxes = this.#rows[this.#flipped(Math.floor(y / ROW_HEIGHT))];
    return boxes?.find(({ from, to }) => from <= x && x < to) ?? null;
  };

  /** A row of the layout as a row of the canvas, and the reverse. */
  #flipped(row: number): number {
    return this.#isUpward ? this.#rows.length - 1 - row : row;
  }
}

function paintBox(brush: Brush, { node, nodes, from, to }: Box, top: number): void {
  const { context, painting } = brush;
  // A line of background between neighbours, where they are wide enough.
  const width = to - from > 2 ? to - from - 1 : to - from;
  const height = ROW_HEIGHT - 1;
  fillShape(brush, node, () => context.fillRect(from, top, width, height));
  context.globalAlpha = Math.max(context.globalAlpha, 0.6);
  context.fillStyle = '#111';
  const text = fitText(context, node === null ? `… ${nodes} other` : signedLabel(painting, node), width - 6);
  if (text !== '') context.fillText(text, from + 4, top + ROW_HEIGHT / 2);
  context.globalAlpha = 1;
  const outline = outlineWidth(painting, node);
  if (outline === 0) return;
  context.strokeStyle = '#111';
  context.lineWidth = outline;
  const inset = outline / 2;
  context.strokeRect(from + inset, top + inset, Math.max(0.5, width - 2 * inset), height - 2 * inset);
}
