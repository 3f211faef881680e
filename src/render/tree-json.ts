/** `pstat tree` as JSON. */

import type { ChainFrame } from '../view/node-row.ts';
import type { Omitted, TreeView, TreeViewRow } from '../view/tree-view.ts';
import { profileJson, rowJson } from './functions-json.ts';
import { jsonText } from './json.ts';
import { notesJson } from './profile-notes.ts';

export function treeJson(view: TreeView): string {
  const { inverted, omitted, rows } = view;
  return jsonText({
    view: view.view,
    head: { profile: profileJson(view), inverted, estimated: view.estimated, omitted: omittedJson(omitted) },
    rows: rows.map(treeRowJson),
    matched: rows.length,
    notes: notesJson(view.notes),
  });
}

function treeRowJson(row: TreeViewRow) {
  const { parent, chain, folded, omitted, estimated } = row;
  return {
    ...rowJson(row),
    parent,
    omitted: omittedJson(omitted),
    chain: chain?.map(frameJson),
    folded: folded ?? undefined,
    estimated: estimated || undefined,
  };
}

function frameJson({ name, file, line, column }: ChainFrame) {
  return { name, file, line, column };
}

function omittedJson(omitted: Omitted | null) {
  return omitted === null ? null : { rows: omitted.rows, cumtime: omitted.cumtime };
}
