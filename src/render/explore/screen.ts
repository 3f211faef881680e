/** The screen of the explorer as lines, and what is where on it, for the mouse. */

import { escapeControls, pluralize } from '../../base/text.ts';
import { formatAmount, formatPercent } from '../../base/units.ts';
import { type LayoutNode, pathTo, ROOT } from '../../model/layout/layout-tree.ts';
import { type ExplorePane, type ExploreView, PANES } from '../../view/explore-view.ts';
import type { ViewRow } from '../../view/views.ts';
import { pictureKey } from '../picture/color-key.ts';
import { type PaintedSpan, paintPicture } from '../picture/paint.ts';
import type { Report } from '../report.ts';
import { reportLines } from '../table/table.ts';
import { cutEnd, cutStart, padEnd, width, wrap } from '../table/width.ts';
import { PLAIN_THEME, type Theme } from '../theme.ts';
import { compareReport } from '../views/compare.ts';
import { verdictSentence, verdictTone } from '../views/compare-text.ts';
import { functionsReport } from '../views/functions.ts';
import { listReport } from '../views/list.ts';
import { nodeLabel } from '../views/node-label.ts';
import { profileHeading } from '../views/profile-heading.ts';
import { treeReport } from '../views/tree.ts';
import { comparedDetail, removedText } from './compared.ts';
import { helpLines } from './help.ts';
import { timeLine } from './time-line.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a click selects: a row of a list, a node of the picture, or a time. */
export type Target = { readonly row: number } | { readonly node: LayoutNode } | { readonly time: number };

export interface Screen {
  /** As many as the terminal has, each at most as wide. */
  readonly lines: readonly string[];
  targetAt(column: number, row: number): Target | null;
}

const MIN_SIZE: ScreenSize = { columns: 60, rows: 12 };

/** Lines that are not part of the main pane: two above it, four below. */
export const FRAME_LINES = 6;

export interface ScreenStyle {
  readonly theme: Theme;
  /** Whether the terminal opens links. */
  readonly links: boolean;
}

export function exploreScreen(view: ExploreView, size: ScreenSize, style: ScreenStyle): Screen {
  const { columns, rows } = size;
  const { theme } = style;
  if (columns < MIN_SIZE.columns || rows < MIN_SIZE.rows) {
    const text = `${MIN_SIZE.columns} × ${MIN_SIZE.rows} at least; this is ${columns} × ${rows}`;
    return { lines: fill([cutEnd(text, columns)], rows), targetAt: () => null };
  }
  const height = rows - FRAME_LINES;
  const main =
    view.helpTop !== null
      ? helpPane(view.notes, columns, view.helpTop)
      : timedPane(view, { columns, rows: height }, style);
  const lines = [
    ...headerLines(view, columns, theme),
    ...fill(main.lines.slice(0, height), height),
    ...statusLines(view, columns, theme),
    theme.selected(padEnd(cutEnd(keysLine(view), columns), columns)),
  ];
  return { lines, targetAt: (column, row) => (row < 2 ? null : main.targetAt(column, row - 2)) };
}

function fill(lines: readonly string[], rows: number): string[] {
  return Array.from({ length: rows }, (_, i) => lines[i] ?? '');
}

// ---- around the main pane ------------------------------------------------------------------------------------------

function headerLines(view: ExploreView, columns: number, theme: Theme): string[] {
  const { paneName, filters } = view;
  const { source, breakdown, style } = headingOf(view, theme);
  const tabs = PANES.map((name, i) => {
    const tab = `${i + 1} ${name}`;
    if (name !== paneName) return ` ${tab} `;
    return theme === PLAIN_THEME ? `[${tab}]` : theme.selected(` ${tab} `);
  });
  const tabsWidth = PANES.reduce((sum, name) => sum + name.length + 4, 0);
  const notes = view.notes.length === 0 ? '' : `  ${pluralize(view.notes.length, 'note')}, see ?`;
  const filterText = `${filters.length === 0 ? '' : ` ${filters.map(escapeControls).join(' ')}`}${notes}`;
  const beside = columns - tabsWidth - 1;
  return [
    `${tabs.join('')} ${theme.strong(cutStart(source, beside))}`,
    style(padEnd(cutEnd(breakdown, columns), Math.min(width(breakdown), columns))) +
      (width(breakdown) + 2 < columns ? theme.strong(cutEnd(filterText, columns - width(breakdown))) : ''),
  ];
}

const LIVE: Readonly<Record<NonNullable<ExploreView['live']>, string>> = {
  on: '● live',
  held: '○ paused',
  ended: '○ ended',
};

/** What was read, and where its time went, or how the sides differ. */
function headingOf({ profile, compared, live }: ExploreView, theme: Theme) {
  if (compared !== null) {
    const { names, comparison } = compared;
    return {
      source: escapeControls(`${names.before} → ${names.after}`),
      breakdown: escapeControls(verdictSentence(comparison)),
      style: theme[verdictTone(comparison.verdict)],
    };
  }
  const heading = profileHeading(profile).slice(0, 2);
  return {
    source: `${live === null ? '' : `${LIVE[live]} `}${escapeControls(heading[0]?.path ?? '')}`,
    breakdown: escapeControls(heading[1]?.text ?? heading[0]?.text ?? '').replace(/^: /, ''),
    style: theme.quiet,
  };
}

/** What is selected, and the command; a long message takes the place of both. */
function statusLines(view: ExploreView, columns: number, theme: Theme): string[] {
  const message = escapeControls(view.message);
  if (view.typing === null && width(message) > columns) return fill(wrap(message, columns).slice(0, 3), 3);
  const detail = view.compared === null ? detailLines(view, columns) : comparedDetail(view, view.compared, columns);
  const style = view.message === '' && view.typing === null ? theme.quiet : theme.plain;
  return [...detail, style(commandLine(view, columns))];
}

/** The selection here, on this path, and everywhere. */
function detailLines({ here, everywhere, profile, pane }: ExploreView, columns: number): string[] {
  const row = here ?? everywhere;
  if (row === null) return ['', ''];
  const name = here === null ? row.label : nodeLabel(here, false);
  const place = row.place === null ? '' : `  ${row.place}`;
  const depth = pane.kind === 'picture' && pane.selected !== null ? pathTo(pane.picture.tree, pane.selected).length : 0;
  const first = `${name}${place}${depth > 1 ? `  frame ${depth}` : ''}`;
  const time = (amount: number | null) => formatAmount(amount, profile.unit);
  const figures = (each: ViewRow) =>
    `${time(each.tottime)} tottime, ${time(each.cumtime)} cumtime ${formatPercent(each.cumtime, profile.shareOf)}%${errorText(each)}`;
  const isSame = here?.tottime === everywhere?.tottime && here?.cumtime === everywhere?.cumtime;
  const second = [
    ...(here === null || isSame ? [] : [`here${here.estimated ? ' ~' : ''}: ${figures(here)}`]),
    ...(everywhere === null ? [] : [`${isSame ? 'here and ' : ''}everywhere: ${figures(everywhere)}`]),
  ].join(' · ');
  return [cutEnd(escapeControls(first), columns), cutEnd(escapeControls(second), columns)];
}

function errorText({ cumtimeError = null }: ViewRow): string {
  return cumtimeError === null ? '' : ` ±${Math.max(1, Math.round(100 * cumtimeError))}%`;
}

function commandLine({ typing, command, search, message }: ExploreView, columns: number): string {
  if (message !== '') return cutEnd(escapeControls(message), columns);
  if (typing !== null)
    return cutEnd(`${typing.for === 'search' ? '/' : 'write to: '}${escapeControls(typing.text)}▏`, columns);
  const share = search?.share ?? null;
  const found =
    search === null ? '' : `  /${search.text}${share === null ? '' : ` on ${formatPercent(share, 1)}% of the time`}`;
  const room = columns - width(escapeControls(found));
  const shown = command === null ? NO_COMMAND : `$ ${escapeControls(command)}`;
  return `${cutEnd(shown, Math.max(room, 8))}${cutEnd(escapeControls(found), columns - 8)}`;
}

const NO_COMMAND = 'no file holds what is shown; w writes one';

function keysLine({ paneName, typing, time, hasTimes, helpTop, live }: ExploreView): string {
  if (helpTop !== null) return '↑↓ PgUp PgDn scroll · any other key leaves the help';
  if (time !== null && time.cursor !== null)
    return '←→ move · [ begin here · ] end here · 0 all · Enter done · PgUp PgDn Home End move far';
  if (typing?.for === 'search') return 'Enter search · Esc leave · text or /regexp/flags';
  if (typing !== null)
    return 'Enter write · Esc leave · .html a report; .cpuprofile .pb.gz .folded .speedscope.json … an export';
  const common = '/ search · f focus · x ignore · F undo · y copy · w write';
  const first = live === 'on' || live === 'held' ? '? help · q quit · Space pause' : '? help · q quit';
  switch (paneName) {
    case 'picture':
      return `${first} · ←↓↑→ move · Enter zoom · Esc out · h hottest · i inverted · g packages${hasTimes ? ' · o time order · t time' : ''} · ${common}`;
    case 'table':
      return `${first} · ↑↓ move · Enter callers · s sort · S reverse · ${common}`;
    case 'tree':
      return `${first} · ↑↓ move · Enter start here · Esc out · i inverted · ${common}`;
    case 'callers':
      return `${first} · ↑↓ move · Enter go there · Esc back · ${common}`;
    default:
      return `${first} · ↑↓ scroll · e edit · ${common}`;
  }
}

// ---- the main pane -------------------------------------------------------------------------------------------------

/** The time line above the pane, while it is shown. */
function timedPane(view: ExploreView, size: ScreenSize, style: ScreenStyle): Screen {
  if (view.time === null) return paneOf(view, size, style);
  const { lines, timeAt } = timeLine(view.time, size.columns, style.theme);
  const below = paneOf(view, { ...size, rows: size.rows - lines.length }, style);
  return {
    lines: [...lines, ...below.lines],
    targetAt: (column, row) =>
      row < lines.length ? { time: timeAt(column) } : below.targetAt(column, row - lines.length),
  };
}

function paneOf(view: ExploreView, size: ScreenSize, style: ScreenStyle): Screen {
  const { pane } = view;
  switch (pane.kind) {
    case 'picture':
      return picturePane(view, pane, size, style.theme);
    case 'table':
      return listPane(functionsReport(pane.view), pane, size, style);
    case 'compare':
      return listPane(compareReport(pane.view), pane, size, style);
    case 'tree':
      return listPane(treeReport(pane.view), pane, size, style);
    case 'callers':
      return listPane(mergeReports(functionsReport(pane.callers), functionsReport(pane.callees)), pane, size, style);
    case 'source':
      return pane.view === null
        ? messagePane('reading the source …', size)
        : listPane(listReport(pane.view), pane, size, style);
    default:
      return messagePane(pane.text, size);
  }
}

function messagePane(text: string, { columns }: ScreenSize): Screen {
  return { lines: ['', ...wrap(escapeControls(text), columns)], targetAt: () => null };
}

function helpPane(notes: readonly string[], columns: number, top: number): Screen {
  return {
    lines: helpLines(notes, columns)
      .slice(top)
      .map((line) => cutEnd(line, columns)),
    targetAt: () => null,
  };
}

/** Callers above, callees below; both have the function between them, which is shown once. */
function mergeReports(callers: Report, callees: Report): Report {
  const [own, ...above] = callers.lines;
  if (own === undefined) return callers;
  const order = [...above.map((_, i) => i + 1), 0];
  const columns = callers.columns.map((column, i) => {
    const other = callees.columns[i];
    if (column.shown === null || other?.shown == null) return column;
    const texts = [...order.map((at) => column.shown?.texts[at] ?? ''), ...other.shown.texts.slice(1)];
    return { ...column, shown: { ...column.shown, texts } };
  });
  return { ...callers, columns, lines: [...above, own, ...callees.lines.slice(1)] };
}

const TITLE_LINES = 2;

/**
 * The table of a report, scrolled so that the selected line is visible. Only lines near it are drawn.
 * @param place the selected row, and the number of rows that are left out of the report above it
 */
function listPane(
  report: Report,
  place: { readonly selected: number; readonly skipped?: number },
  { columns, rows }: ScreenSize,
  style: ScreenStyle,
): Screen {
  const { skipped = 0 } = place;
  const selected = place.selected - skipped;
  const height = rows - TITLE_LINES;
  const top = Math.max(0, Math.min(selected - height + 3, report.lines.length - height));
  const near = sliceReport(report, top, top + height);
  const table = reportLines(near, { columns, ...style });
  if (report.lines.length === 0) return { lines: ['', ...table], targetAt: () => null };
  const lines = table.map((line, i) =>
    i === selected - top + TITLE_LINES ? style.theme.selected(padEnd(mark(withoutStyles(line)), columns)) : line,
  );
  return {
    lines,
    targetAt: (_, line) => {
      const at = line - TITLE_LINES + top;
      return line < TITLE_LINES || at >= report.lines.length ? null : { row: at + skipped };
    },
  };
}

function sliceReport(report: Report, from: number, to: number): Report {
  const columns = report.columns.map(({ shown, ...column }) => {
    if (shown === null) return { ...column, shown };
    const { texts, tones, ...rest } = shown;
    const slices = { texts: texts.slice(from, to), ...(tones === undefined ? {} : { tones: tones.slice(from, to) }) };
    return { ...column, shown: { ...rest, ...slices } };
  });
  return { ...report, columns, lines: report.lines.slice(from, to) };
}

/** Without colors and links. Texts of profiles hold no escape sequences, because they are escaped. */
function withoutStyles(line: string): string {
  return line.replaceAll(/\x1b\[[\d;]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)/g, '');
}

/** Without color, a sign before the selected line marks it. */
function mark(text: string): string {
  return text.startsWith(' ') ? `›${text.slice(1)}` : text;
}

type PicturePane = Extract<ExplorePane, { kind: 'picture' }>;

function picturePane(view: ExploreView, pane: PicturePane, size: ScreenSize, theme: Theme): Screen {
  const { picture, root, selected } = pane;
  const { tree } = picture;
  const depth = selected === null ? 0 : pathTo(tree, selected).length - pathTo(tree, root).length;
  const removed = view.compared === null ? '' : removedText(view.compared, size.columns);
  const isLegendShown = theme !== PLAIN_THEME || view.compared !== null;
  const height = size.rows - (removed === '' ? 0 : 1) - (isLegendShown ? 1 : 0);
  // The row of the selection stays in sight, with what it calls below it.
  const top = Math.max(0, depth - Math.max(1, height - 4));
  const options = { root, width: size.columns, rows: top + height, minWeight: 0, profile: view.profile };
  const rows = paintPicture(picture, options);
  const key = pictureKey(picture, rows);
  const selectedKey = selected === null ? null : tree.key(selected);
  const paint = (span: PaintedSpan) => {
    const node = span.box?.node ?? ROOT;
    if (node !== ROOT && node === selected) return theme.selected(`›${span.text.slice(1)}`);
    const isMatch = node !== ROOT && (view.search?.matches(node) ?? false);
    if (isMatch && theme === PLAIN_THEME) return `*${span.text.slice(1)}`;
    const text = key.style(span, theme)(span.text);
    return isMatch || (node !== ROOT && tree.key(node) === selectedKey) ? theme.underlined(text) : text;
  };
  const lines = rows.slice(top, top + height).map((row) => row.map(paint).join(''));
  return {
    lines: [
      ...fill(lines, height),
      ...(removed === '' ? [] : [theme.better(removed)]),
      ...(isLegendShown ? [key.legend(theme)] : []),
    ],
    targetAt: (column, row) => {
      const span = rows[row + top]?.findLast(({ from }) => from <= column);
      return span?.box?.node == null ? null : { node: span.box.node };
    },
  };
}
