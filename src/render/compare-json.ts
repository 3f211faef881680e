/** A comparison as JSON: schema 2, an API. */

import type { Change, ComparedFunction, ComparedSide, Comparison } from '../compare/comparison.ts';
import type { Gate } from '../compare/gate.ts';
import type { CompareRoutesView, CompareView } from '../view/compare-view.ts';
import { routeNotes } from './compare-routes-report.ts';
import { leftOutNotes, noteText } from './compare-text.ts';
import { jsonText } from './json.ts';

export function compareJson({ comparison, rows, matched, leftOut, gate, bisection }: CompareView): string {
  return jsonText({
    view: 'compare',
    head: {
      measure: comparison.measure === 'self' ? 'tottime' : 'cumtime',
      counts: comparison.counts,
      basis: comparison.basis,
      functionBasis: comparison.functionBasis,
      verdict: comparison.verdict,
      paired: comparison.isPaired,
      before: sideJson(comparison.before),
      after: sideJson(comparison.after),
      total: changeJson(comparison.total),
      otherTotals: Object.fromEntries(comparison.otherTotals.map(({ basis, change }) => [basis, changeJson(change)])),
      parts: comparison.parts,
      alike: comparison.alike,
      work: comparison.work,
      family: comparison.family,
      gate: gateJson(gate),
      ...(bisection === null ? {} : { bisect: bisection }),
    },
    rows: rows.map((row) => rowJson(row, comparison)),
    matched,
    notes: [...leftOutNotes(leftOut), ...comparison.notes.map((note) => ({ text: noteText(note), ...note }))],
  });
}

export function compareRoutesJson({ comparison, names, rows, matched, leftOut, gate }: CompareRoutesView): string {
  const { basis, verdict, unmatched } = comparison;
  return jsonText({
    view: 'compare-routes',
    head: { basis, verdict, before: names.before, after: names.after, gate: gateJson(gate), unmatched },
    rowsKey: 'routes',
    rows: rows.map(({ route, requests, processes, isProcessKnown, total, ...row }) => ({
      route,
      requests,
      processes,
      processKnown: isProcessKnown,
      verdict: row.verdict,
      total: changeJson(total),
    })),
    matched,
    notes: [...leftOutNotes(leftOut), ...routeNotes(comparison)],
  });
}

function sideJson({ label, sources, runs, requests, isProcessKnown, totals }: ComparedSide) {
  return { label, sources, runs, requests, processKnown: isProcessKnown, totals };
}

function rowJson(row: ComparedFunction, { counts }: Comparison) {
  const { name, file, line, column, status, movedFrom, hint, verdict } = row;
  const counted = counts === 'calls' ? { ncalls: row.count } : { samples: row.count };
  return {
    name,
    file,
    line,
    column,
    status,
    movedFrom,
    hint: hint === null ? null : { kind: hint.kind, name: hint.name },
    verdict,
    ...(row.edited === null ? {} : { edited: row.edited, editedCaller: row.editedCaller }),
    tottime: changeJson(row.self),
    cumtime: changeJson(row.total),
    ...counted,
  };
}

function changeJson({ before, after, delta, ratio, min, shift, low, high, p, adjustedP, significant }: Change) {
  return { before, after, delta, ratio, min, shift, low, high, p, adjustedP, significant };
}

/** `passed` is null where nothing was decided. */
function gateJson(gate: Gate | null) {
  if (gate === null) return null;
  const { outcome, target, threshold, isStrict, failures, undecided, reason } = gate;
  const passed = outcome === 'undecided' ? null : outcome === 'passed';
  return { passed, outcome, target, threshold, strict: isStrict, failures, undecided, reason };
}
