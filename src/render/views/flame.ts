/** `pstat flame`: a picture of boxes, printed. */

import { formatAmount, formatCount, formatPercent } from '../../base/units.ts';
import { ROOT } from '../../model/layout/layout-tree.ts';
import type { FlameView, Picture } from '../../view/flame-view.ts';
import type { HottestPath } from '../../view/hottest-path.ts';
import { ColorKey } from '../picture/color-key.ts';
import { type PaintedSpan, paintPicture } from '../picture/paint.ts';
import { reportNotes } from '../profile-notes.ts';
import { line, type Report, type ReportLine } from '../report.ts';
import { PLAIN_THEME, type Theme } from '../theme.ts';
import { emptyTreeMessage } from './empty-message.ts';
import { nodeLabel } from './node-label.ts';
import { profileHeading } from './profile-heading.ts';

/** Where nothing says how wide the output is, as in a file or a pipe. */
const DEFAULT_WIDTH = 100;

export interface FlameText {
  /** What stands above and below the picture: a report without rows. */
  readonly frame: Report;
  readonly picture: readonly string[];
}

export function flameText(view: FlameView, columns: number | null, theme: Theme): FlameText {
  const width = view.width ?? columns ?? DEFAULT_WIDTH;
  // One more row than is shown tells whether there are more.
  const rows = paintPicture(view.picture, { ...view, root: ROOT, width, rows: view.rows + 1 });
  const shown = rows.slice(0, view.rows);
  const key = new ColorKey(shown);
  const picture = shown.map((row) =>
    row
      .map((span) => key.style(span, theme)(span.text))
      .join('')
      .trimEnd(),
  );
  if (view.upward) picture.reverse();
  const isLegendShown = theme !== PLAIN_THEME;
  return {
    picture: isLegendShown && shown.length > 0 ? [...picture, '', key.legend(theme)] : picture,
    frame: {
      heading: profileHeading(view.profile),
      columns: [],
      lines: [],
      names: { name: 'function', place: null, room: 0 },
      emptyMessage: shown.length === 0 ? emptyTreeMessage(view) : '',
      notes: reportNotes(view.notes),
      closing: shown.length === 0 ? [] : closingLines(view, { shown, width, isCut: rows.length > shown.length }),
      exitCode: shown.length === 0 && (view.rooted || (view.profile.excluded ?? 0) > 0) ? 1 : 0,
    },
  };
}

interface Drawn {
  readonly shown: readonly (readonly PaintedSpan[])[];
  readonly width: number;
  readonly isCut: boolean;
}

function closingLines(view: FlameView, { shown, width, isCut }: Drawn): ReportLine[] {
  const { picture, hottest, profile, estimated } = view;
  const weight = picture.tree.weight(ROOT);
  const parts = [
    `a column is ${formatAmount(weight / width, profile.unit)} or ${formatPercent(1, width)}%`,
    ...(shown.flat().some(({ box }) => box !== null && box.node === null) ? ['… is what is narrower'] : []),
    ...(isCut ? [`${formatCount(view.rows)} rows shown, --depth shows more`] : []),
    ...(estimated ? ['~ and ░ are estimated: a profile of edges has no stacks'] : []),
  ];
  const path = hottest === null ? [] : [line(pathSentence(hottest, picture, view))];
  return [...path, line(parts.join('; '))];
}

/** `hottest: handler → send → encodeJson, 2.21 s or 56.5%; most of it in itself`. */
export function pathSentence(path: HottestPath, picture: Picture, { profile }: Pick<FlameView, 'profile'>): string {
  const labels = path.nodes.map((node) => nodeLabel(picture.nameOf(node), false));
  const names =
    labels.length <= MAX_NAMED
      ? labels
      : [labels[0], `… ${labels.length - MAX_NAMED} more …`, ...labels.slice(1 - MAX_NAMED)];
  const time = `${formatAmount(path.weight, profile.unit)} or ${formatPercent(path.share, 1)}%`;
  const next =
    path.next === null
      ? 'all of it in itself'
      : `at most ${formatPercent(path.next.share, 1)}% of that in one callee, ${nodeLabel(picture.nameOf(path.next.node), false)}`;
  return `${picture.inTimeOrder ? 'longest box' : 'hottest'}: ${names.join(' → ')}, ${time}; ${next}`;
}

const MAX_NAMED = 5;
