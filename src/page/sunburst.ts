/** The sunburst: the root is the centre, and a ring is a row of the icicle. */

import { type Box, layoutBoxes } from '../model/layout/boxes.ts';
import { type Brush, brushOf, fillShape, fitText, outlineWidth, type Painting, signedLabel } from './painting.ts';

/** Arcs are laid out in half degrees: narrower ones are collected into … */
const STEPS = 720;

const RINGS = 14;

const FONT = '11px system-ui, sans-serif';

export class Sunburst {
  readonly canvas: HTMLCanvasElement;
  #rows: Box[][] = [];
  #radius = 0;
  #ring = 1;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
  }

  draw(painting: Painting, width: number): { readonly isCut: boolean } {
    // As high as its place in the page is.
    const size = Math.floor(Math.max(200, Math.min(width, 760, 0.75 * innerHeight)));
    this.#rows = layoutBoxes(painting.shown.tree, { root: painting.root, width: STEPS, rows: RINGS });
    this.#radius = size / 2;
    this.#ring = this.#radius / (Math.max(4, this.#rows.length) + 0.2);
    const brush = brushOf(this.canvas, painting, { width: size, height: size, font: FONT });
    brush.context.translate(this.#radius, this.#radius);
    const arcs = this.#rows.flatMap((boxes, row) => boxes.map((box) => ({ box, row })));
    for (const { box, row } of arcs) this.#paintArc(brush, box, row);
    // After the arcs beside them.
    for (const { box, row } of arcs) this.#outline(brush, box, row);
    return { isCut: this.#rows.length === RINGS };
  }

  /** The box at a point of the canvas. */
  readonly hit = (x: number, y: number): Box | null => {
    const [right, down] = [x - this.#radius, y - this.#radius];
    const row = Math.floor(Math.hypot(right, down) / this.#ring);
    const turn = (Math.atan2(right, -down) / (2 * Math.PI) + 1) % 1;
    return this.#rows[row]?.find(({ from, to }) => from <= turn * STEPS && turn * STEPS < to) ?? null;
  };

  #paintArc(brush: Brush, box: Box, row: number): void {
    const { context, painting } = brush;
    this.#trace(context, box, row);
    fillShape(brush, box.node, () => context.fill());
    context.globalAlpha = 1;
    context.strokeStyle = '#fff';
    context.lineWidth = 1;
    context.stroke();
    if (box.node !== null) this.#paintText(context, { text: signedLabel(painting, box.node), box, row });
  }

  #outline({ context, painting }: Brush, box: Box, row: number): void {
    const outline = outlineWidth(painting, box.node);
    if (outline === 0) return;
    this.#trace(context, box, row);
    context.strokeStyle = '#111';
    context.lineWidth = outline;
    context.stroke();
  }

  #trace(context: CanvasRenderingContext2D, { from, to }: Box, row: number): void {
    const [start, end] = [angleOf(from), angleOf(to)];
    context.beginPath();
    context.arc(0, 0, (row + 1) * this.#ring, start, end);
    context.arc(0, 0, row * this.#ring, end, start, true);
    context.closePath();
  }

  #paintText(
    context: CanvasRenderingContext2D,
    { text, box, row }: { readonly text: string; readonly box: Box; readonly row: number },
  ): void {
    const middle = (row + 0.5) * this.#ring;
    const angle = (angleOf(box.from) + angleOf(box.to)) / 2;
    const isCentre = row === 0;
    // A straight line in a bent ring: as long as it bends by a third of the ring.
    const straight = 2 * Math.sqrt((2 * middle * this.#ring) / 3);
    const room = isCentre ? 2 * this.#ring : Math.min(straight, middle * (angleOf(box.to) - angleOf(box.from)));
    context.save();
    if (!isCentre) {
      const isLower = Math.sin(angle) > 0;
      context.rotate(isLower ? angle - Math.PI / 2 : angle + Math.PI / 2);
      context.translate(0, isLower ? middle : -middle);
    }
    context.fillStyle = '#111';
    context.textAlign = 'center';
    context.fillText(fitText(context, text, room - 8), 0, 0);
    context.restore();
  }
}

/** The first arc begins at the top, and they go round as a clock does. */
function angleOf(step: number): number {
  return (step / STEPS) * 2 * Math.PI - Math.PI / 2;
}
