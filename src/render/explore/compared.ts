/** What the explorer says of a comparison, around its main pane. */

import { escapeControls, groupDigits } from '../../base/text.ts';
import { formatDuration, formatPercent, formatPValue } from '../../base/units.ts';
import type { Change, ComparedFunction, Verdict } from '../../compare/comparison.ts';
import type { ComparedSelection, ExploreView } from '../../view/explore-view.ts';
import { cutEnd, width } from '../table/width.ts';
import { changeText, pairText } from '../views/compare-text.ts';
import { nodeLabel } from '../views/node-label.ts';

/** The selection with its change and verdict: two lines. */
export function comparedDetail(view: ExploreView, compared: ComparedSelection, columns: number): string[] {
  const { here, everywhere, profile } = view;
  const { row } = compared;
  if (row === null) {
    const of = here ?? everywhere;
    const what =
      of === null ? '' : `${here === null ? of.label : nodeLabel(here, false)}: not a function of the comparison`;
    return [cutEnd(escapeControls(what), columns), ''];
  }
  const share = here === null ? '' : `  here ${formatPercent(here.cumtime, profile.shareOf)}% of AFTER`;
  const place = row.shownPlace === null ? '' : `  ${row.shownPlace}`;
  const moved = row.movedFrom === null ? '' : `  from ${row.movedFrom}`;
  return [
    cutEnd(escapeControls(`${row.shownName}${place}${moved}${share}`), columns),
    cutEnd(escapeControls(changesText(row, compared)), columns),
  ];
}

/** `tottime 36.1 → 71.2 ms, +35.1 ms (+97%): slower, p 0.002 · cumtime 40.2 → 75.1 ms` */
function changesText(row: ComparedFunction, { comparison }: ComparedSelection): string {
  const { measure } = comparison;
  const [tested, other] = measure === 'self' ? (['self', 'total'] as const) : (['total', 'self'] as const);
  const verdict = verdictText(row, row[tested], comparison.total.p !== null);
  return `${NAMES[tested]} ${ifKnown(row[tested], changeText)}: ${verdict} · ${NAMES[other]} ${ifKnown(row[other], pairText)}`;
}

const NAMES = { self: 'tottime', total: 'cumtime' } as const;

function ifKnown(change: Change, write: (change: Change) => string): string {
  return change.delta === null ? 'not known' : write(change);
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  slower: 'slower',
  faster: 'faster',
  new: 'new',
  removed: 'removed',
  'calls-changed': 'other number of calls',
  'no-change': 'no significant change',
  inconclusive: 'on one side only, not significant',
  untested: 'too little time to test',
};

/** @param isTested whether there are runs enough for any verdict */
function verdictText({ verdict, status }: ComparedFunction, { p }: Change, isTested: boolean): string {
  if (!isTested && verdict !== 'calls-changed')
    return status === 'new' || status === 'removed' ? `${status}, not tested` : 'not tested, too few runs';
  const evidence = p === null || verdict === 'untested' ? '' : `, p ${formatPValue(p)}`;
  return `${VERDICTS[verdict]}${evidence}`;
}

/** The functions that the picture of the side AFTER cannot show; '' for none. */
export function removedText({ removed }: ComparedSelection, columns: number): string {
  let text = '';
  for (const [i, row] of removed.entries()) {
    const next = `${text === '' ? 'removed: ' : `${text}, `}${escapeControls(row.shownName)} ${formatDuration(row.self.before)}`;
    const more = `, ${groupDigits(String(removed.length - i - 1))} more in 1 table`;
    if (width(next) + (i + 1 < removed.length ? more.length : 0) > columns)
      return cutEnd(i === 0 ? next : `${text}, ${groupDigits(String(removed.length - i))} more in 1 table`, columns);
    text = next;
  }
  return text;
}
