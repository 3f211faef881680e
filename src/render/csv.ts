/** A view as comma-separated values for programs and spreadsheets: the columns of the JSON, times in µs. */

import { stringify } from 'csv-stringify/sync';
import { visible } from '../base/text.ts';
import type { View, ViewRow } from '../view/views.ts';

type Cell = string | number | bigint | null;

/** One row a line below a line of titles. */
export function renderCsv(view: View): string {
  const figures = figureColumns(view);
  const rows =
    view.view === 'functions'
      ? view.rows.map((row) => [...identity(row), ...figuresOf(row, figures)])
      : view.rows.flatMap((outer) => [
          [...identity(outer), ...NOBODY, ...figuresOf(outer, figures)],
          ...outer.edges.map((edge) => [...identity(outer), ...identity(edge), ...figuresOf(edge, figures)]),
        ]);
  const other = view.view === 'functions' ? [] : IDENTITY.map((title) => `${view.view.slice(0, -1)}_${title}`);
  return csvText([[...IDENTITY, ...other, ...figures], ...rows]);
}

/** Texts are quoted, and none can start a formula. */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    {
      escape_formulas: true,
      quoted_string: true,
      cast: { bigint: (value) => ({ value: String(value), quoted: false }) },
    },
  );
}

const IDENTITY = ['name', 'file', 'line', 'column'] as const;

/** In the row of the function itself, nobody stands at the other end. */
const NOBODY: readonly Cell[] = [null, null, null, null];

type Figure = 'tottime' | 'cumtime' | 'samples' | 'cumsamples' | 'ncalls' | 'pcalls' | 'functions';

function figureColumns({ profile, by }: View): readonly Figure[] {
  const counts: readonly Figure[] = profile.counts === 'samples' ? ['samples', 'cumsamples'] : ['ncalls', 'pcalls'];
  return ['tottime', 'cumtime', ...counts, ...(by === 'function' ? [] : (['functions'] as const))];
}

function identity({ name, file, line, column }: ViewRow): Cell[] {
  return [visible(name), file === null ? null : visible(file), line, column];
}

function figuresOf(row: ViewRow, figures: readonly Figure[]): Cell[] {
  return figures.map((figure) => row[figure] ?? null);
}
