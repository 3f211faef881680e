/** Boxes as rows of text, with a color group for each. Printed by `pstat flame` and shown in the explorer. */

import { escapeControls, groupDigits } from '../../base/text.ts';
import { amountScalePair, formatTime, type TimeScale } from '../../base/units.ts';
import { type Box, layoutBoxes } from '../../model/layout/boxes.ts';
import { type LayoutNode, ROOT } from '../../model/layout/layout-tree.ts';
import type { ProfileSummary } from '../../query/summary.ts';
import type { Picture } from '../../view/flame-view.ts';
import { cutTo, width } from '../table/width.ts';
import { nodeLabel } from '../views/node-label.ts';
import { CHANGE_SIGNS } from './color-key.ts';

/** A part of a row: a box, or the space beside boxes. */
export interface PaintedSpan {
  readonly from: number;
  /** Exactly as wide as the span. */
  readonly text: string;
  /** The box; null for space. */
  readonly box: Box | null;
  /** Null for space, `…` and the whole. */
  readonly colorGroup: string | null;
}

export interface PaintOptions {
  readonly root: LayoutNode;
  readonly width: number;
  readonly rows: number;
  readonly minWeight: number;
  readonly profile: ProfileSummary;
}

/** Rows from the whole down; each fills the width. */
export function paintPicture(picture: Picture, options: PaintOptions): PaintedSpan[][] {
  const [, scale] = amountScalePair([], [picture.tree.weight(ROOT)], options.profile.unit);
  return layoutBoxes(picture.tree, options).map((row) => paintRow(row, { picture, scale, columns: options.width }));
}

interface Brush {
  readonly picture: Picture;
  readonly scale: TimeScale;
  readonly columns: number;
}

function paintRow(row: readonly Box[], brush: Brush): PaintedSpan[] {
  const spans: PaintedSpan[] = [];
  let column = 0;
  const space = (to: number) => {
    // The edge of the box before it: a box ends where the self time of its parent begins.
    const edge = spans.length > 0 ? EDGE : ' ';
    if (to > column)
      spans.push({ from: column, text: edge + ' '.repeat(to - column - 1), box: null, colorGroup: null });
  };
  for (const box of row) {
    space(box.from);
    spans.push(paintBox(box, brush));
    column = box.to;
  }
  space(brush.columns);
  return spans;
}

const EDGE = '▏';

/** Estimated boxes are hatched. */
const HATCH = '░';

function paintBox(box: Box, { picture, scale }: Brush): PaintedSpan {
  const columns = box.to - box.from - 1;
  const isEstimated = box.node !== null && picture.tree.isEstimated(box.node);
  const label = cutTo(escapeControls(boxLabel(box, columns, { picture, scale })), columns);
  const fill = (isEstimated ? HATCH : ' ').repeat(columns - width(label));
  const isNode = box.node !== null && box.node !== ROOT;
  return { from: box.from, text: EDGE + label + fill, box, colorGroup: isNode ? picture.colorGroup(box.node) : null };
}

/** The name and, where both fit, the time. */
function boxLabel({ node, nodes, weight }: Box, columns: number, { picture, scale }: Omit<Brush, 'columns'>): string {
  const time = formatTime(weight, scale);
  if (node === null) {
    const label = `… ${groupDigits(String(nodes))} more`;
    return label.length + 1 + time.length <= columns ? `${label} ${time}` : '…';
  }
  if (node === ROOT) return `all ${time} ${scale.unit}`;
  const named = picture.nameOf(node);
  const isJoined = named.chain !== null || named.folded !== null;
  const sign = CHANGE_SIGNS[picture.changeOf?.(node) ?? 'unchanged'];
  const name = `${sign}${named.estimated ? '~' : ''}${nodeLabel(named, picture.inverted)}${isJoined ? ' ›' : ''}`;
  return width(name) + 1 + time.length <= columns ? `${name} ${time}` : name;
}
