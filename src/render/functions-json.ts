/** Functions, groups, callers and callees as JSON. */

import type { GeneratedPlace } from '../model/function-table.ts';
import type { RelationViewRow, View, ViewRow } from '../view/views.ts';
import { jsonText } from './json.ts';
import { notesJson } from './profile-notes.ts';

export function functionsJson(view: View): string {
  const rows =
    view.view === 'functions' ? view.rows.map(rowJson) : view.rows.map((row) => relationJson(row, view.view));
  const notes = notesJson(view.notes);
  return jsonText({ view: view.view, head: { profile: profileJson(view) }, rows, matched: view.matched, notes });
}

export function profileJson({ profile, by }: Pick<View, 'profile' | 'by'>) {
  return {
    sources: profile.sources,
    unit: profile.unit,
    counts: profile.counts,
    stacks: profile.stacks,
    by,
    duration: profile.duration,
    counted: profile.counted,
    idle: profile.idle,
    excluded: profile.excluded,
    ...(profile.queued === null ? {} : { queued: profile.queued, undisturbed: profile.isUndisturbed }),
    beforeFirstSample: profile.beforeFirstSample,
    afterLastSample: profile.afterLastSample,
    samples: profile.samples,
    interval: profile.interval,
    ncalls: profile.ncalls,
    pcalls: profile.pcalls,
    request: profile.request,
  };
}

export function rowJson({ name, file, line, column, generated, tottime, cumtime, ...row }: ViewRow) {
  const counts =
    row.ncalls === undefined
      ? { samples: row.samples, cumsamples: row.cumsamples }
      : { ncalls: row.ncalls, pcalls: row.pcalls };
  const place = {
    name,
    file,
    line,
    column,
    ...(generated === undefined ? {} : { generated: generatedJson(generated) }),
  };
  return { ...place, tottime, cumtime, ...counts, functions: row.functions, estimated: row.estimated };
}

function generatedJson({ file, line, column }: GeneratedPlace) {
  return { file, line, column: column === 0 ? null : column };
}

function relationJson(outer: RelationViewRow, word: 'callers' | 'callees') {
  return { ...rowJson(outer), matchedEdges: outer.matchedEdges, [word]: outer.edges.map(rowJson) };
}
