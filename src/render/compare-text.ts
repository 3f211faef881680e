/** The sentences of a comparison: what was compared, what the whole did, and what the rows do not tell. */

import type { Change, ComparedSide, Comparison } from '../compare/comparison.ts';
import { median } from '../compare/median.ts';
import { grouped, plural, visible } from '../text.ts';
import { duration, probability, signedPercent } from '../units.ts';
import type { CompareView } from '../view/compare-view.ts';
import { SHOW_ALL } from './footer.ts';

/** The verdict first; then what it was drawn from. */
export function compareHeader({ before, after, whole, isMeasured }: Comparison): string[] {
  return [
    `verdict  ${wholeVerdict(whole)}`,
    `whole    ${wholeLine(whole)}, as ${isMeasured ? 'measured: time at work' : 'recorded'}`,
    ...machineLine(before, after),
    `before   ${sideName(before)}`,
    `after    ${sideName(after)}`,
  ];
}

function sideName({ runs }: ComparedSide): string {
  const first = visible(runs[0]?.[0] ?? '');
  return runs.length === 1 ? `${first} (1 run)` : `${folderOf(first)} (${runs.length} runs)`;
}

function folderOf(file: string): string {
  const folder = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  return folder === '' ? file : folder;
}

function wholeLine({ before, after, delta, least }: Change): string {
  const change = `${(delta ?? 0) > 0 ? '+' : ''}${duration(delta)} (${signedPercent(delta, before)}%)`;
  const medians = `${duration(before)} → ${duration(after)}, ${change}`;
  if (before === least.before && after === least.after) return medians;
  return `${medians}; medians, least ${duration(least.before)} → ${duration(least.after)}`;
}

/** The first thing to read: is it real? */
function wholeVerdict({ significant, shift, low, high, p, scaledBefore }: Change): string {
  if (significant === null) return 'cannot tell: too few runs to tell a change of the whole from noise';
  const range = low === null || high === null ? '' : `, between ${signedDuration(low)} and ${signedDuration(high)}`;
  const size = `${signedDuration(shift)} (${signedPercent(shift, scaledBefore)}%)${range}, p ${probability(p)}`;
  if (!significant) return `no real change of the whole: ${size}`;
  return `the whole got ${(shift ?? 0) > 0 ? 'slower' : 'faster'}: ${size}`;
}

function signedDuration(time: number | null): string {
  return time !== null && time > 0 ? `+${duration(time)}` : duration(time);
}

/** Factors this near to one are not worth a line. */
const ORDINARY = 0.005;

/** A change that moves every function alike looks like another machine, and the other way round: so it is said. */
function machineLine(before: ComparedSide, after: ComparedSide): string[] {
  if ([...before.factors, ...after.factors].every((factor) => Math.abs(factor - 1) < ORDINARY)) return [];
  const change = 100 * (median(after.factors) / median(before.factors) - 1);
  const how =
    Math.abs(change) < 1
      ? 'as fast after as before'
      : `${Math.abs(change).toFixed(0)}% ${change > 0 ? 'slower' : 'faster'} after, or everything is`;
  return [`machine  ${how}; taken out of every verdict (factors ${factors(before)} before, ${factors(after)} after)`];
}

function factors({ factors: list }: ComparedSide): string {
  const sorted = list.toSorted((a, b) => a - b);
  const [least = 1, most = 1] = [sorted[0], sorted.at(-1)];
  return sorted.length === 1 ? least.toFixed(2) : `${least.toFixed(2)} to ${most.toFixed(2)}`;
}

/** Notes, the family, what the signs mean, and how much is shown. */
export function compareFooter(view: CompareView, showAll = SHOW_ALL): string[] {
  const notes = view.notes.map((note) => `note: ${visible(note)}`);
  return [...notes, ...familyLine(view), ...outcome(view), lastLine(view, showAll)];
}

function familyLine({ comparison: { family } }: CompareView): string[] {
  if (family.size === 0) return [];
  const verb = family.size === 1 ? 'was' : 'were';
  const alarms = `about 1 in ${Math.round(1 / family.level)} is a false alarm`;
  return [`${plural(family.size, 'function')} ${verb} tested; of those called slower or faster, ${alarms}`];
}

function outcome({ failures }: CompareView): string[] {
  if (failures === null) return [];
  if (failures.length === 0) return ['passed: nothing got slower by more than was allowed'];
  return [`FAILED: ${failures.map(visible).join(', ')}`];
}

function lastLine({ rows, matched, sort, reverse }: CompareView, showAll: string): string {
  const among = rows.length < matched ? ` of ${grouped(String(matched))}` : '';
  const more = rows.length < matched ? `; ${showAll} shows all` : '';
  const order = `by ${sort.join(', ')}${reverse ? ', reversed' : ''}`;
  const signs = new Set(rows.map(({ verdict }) => verdict));
  const legend = [
    ...(signs.has('noise') ? ['~ cannot be told from noise'] : []),
    ...(signs.has('unclear') ? ['? one run a side cannot tell'] : []),
    ...(signs.has('light') ? ['no verdict: too light, or too few runs, to test'] : []),
  ];
  const shown = `${grouped(String(rows.length))}${among} ${matched === 1 ? 'function' : 'functions'} ${order}${more}`;
  return [shown, ...legend].join('; ');
}
