/** Listings as JSON. */

import type { ListedFunction, ListedViewCall, ListView } from '../view/list-view.ts';
import { profileJson, rowJson } from './functions-json.ts';
import { jsonText } from './json.ts';
import { notesJson } from './profile-notes.ts';

export function listJson(view: ListView): string {
  const isTraced = view.profile.counts === 'calls';
  return jsonText({
    view: view.view,
    head: { profile: profileJson(view) },
    rowsKey: 'functions',
    rows: view.functions.map((listed) => functionJson(listed, isTraced)),
    matched: view.matched,
    notes: notesJson(view.notes),
  });
}

function functionJson(listed: ListedFunction, isTraced: boolean) {
  return {
    ...rowJson(listed),
    source: listed.source,
    lines: listed.lines.map(({ line, text, tottime, samples, isOutside, estimated, calls }) => ({
      line,
      text,
      tottime,
      ...(isTraced ? {} : { samples }),
      ...(isOutside ? { outside: true } : {}),
      ...(estimated ? { estimated } : {}),
      calls: calls.map((call) => callJson(call, isTraced)),
    })),
    noLine: listed.noLine,
    notPlaced: listed.notPlaced,
    notPlacedCalls: listed.notPlacedCalls.map((call) => callJson(call, isTraced)),
  };
}

function callJson({ name, file, line, column, cumtime, count, placement }: ListedViewCall, isTraced: boolean) {
  const counted = isTraced ? { ncalls: count } : { cumsamples: count };
  return { name, file, line, column, cumtime, ...counted, ...(placement === null ? {} : { placement }) };
}
