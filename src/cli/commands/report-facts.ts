/** Words of the page of a report that the command line has. */

import { shellWord } from '../../base/shell-word.ts';
import { escapeControls } from '../../base/text.ts';
import type { TableColumn } from '../../model/layout/page-facts.ts';
import type { Stats } from '../../query/stats.ts';
import { noteText } from '../../render/note-words.ts';
import type { Report, ReportLine } from '../../render/report.ts';
import { profileHeading } from '../../render/views/profile-heading.ts';
import type { Arguments } from '../arguments.ts';

/** The columns that people see, without names and places. */
export function tableColumns({ columns }: Report): TableColumn[] {
  return columns.flatMap(({ shown }) => {
    if (shown === null) return [];
    const title = shown.title.filter((word) => word !== '').join(', ');
    return [{ title, align: shown.align ?? 'right', cells: shown.texts }];
  });
}

export function wordsOf({ summary }: Stats) {
  return { heading: profileHeading(summary).map(lineText), notes: summary.notes.map(noteText) };
}

export function lineText(line: ReportLine): string {
  return escapeControls(`${line.path ?? ''}${line.text}`);
}

/** The options that select what is read, as a command line writes them. */
const READING_OPTIONS = [
  ...['focus', 'ignore', 'from', 'to', 'thread', 'value', 'route', 'route-pattern', 'skip-broken'],
  ...['merge-lines', 'source-map', 'idle', 'time'],
];

export function argumentsText(files: readonly string[], args: Arguments): string {
  const options = READING_OPTIONS.flatMap((name) =>
    [args[name] ?? []].flat().map((value) => (value === true ? `--${name}` : `--${name} ${shellWord(String(value))}`)),
  );
  return [...files.map(shellWord), ...options].join(' ');
}
