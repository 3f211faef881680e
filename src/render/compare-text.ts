/** The sentences of a comparison: what was compared, what the whole did, and what the rows do not tell. */

import type { Change, ComparedSide, Comparison } from '../compare/comparison.ts';
import { grouped, plural, visible } from '../text.ts';
import { duration, percent, probability, signedPercent } from '../units.ts';
import type { CompareView } from '../view/compare-view.ts';

export function compareHeader({ before, after, whole }: Comparison): string[] {
  return [
    `before   ${sideName(before)}`,
    `after    ${sideName(after)}`,
    `whole    ${wholeLine(whole)}`,
    `verdict  ${wholeVerdict(whole)}`,
    ...factorLine(before, after),
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
function wholeVerdict({ significant, shift, low, high, p, before }: Change): string {
  if (significant === null) return 'too few runs to tell a change of the whole from noise';
  const range = low === null || high === null ? '' : `, between ${signedDuration(low)} and ${signedDuration(high)}`;
  const size = `${signedDuration(shift)} (${signedPercent(shift, before)}%)${range}`;
  const proof = `p ${probability(p)}`;
  if (!significant)
    return `~ the whole cannot be told from noise: ${size} once the machine's speed is taken out, ${proof}`;
  return `${(shift ?? 0) > 0 ? 'slower' : 'faster'}: ${size} once the machine's speed is taken out, ${proof}`;
}

function signedDuration(time: number | null): string {
  return time !== null && time > 0 ? `+${duration(time)}` : duration(time);
}

function factorLine(before: ComparedSide, after: ComparedSide): string[] {
  const all = [...before.factors, ...after.factors];
  if (all.every((factor) => factor === 1)) return [];
  return [`machine  ${factors(before)} before, ${factors(after)} after (1 is ordinary, 2 is twice as slow)`];
}

function factors({ factors: list }: ComparedSide): string {
  const sorted = list.toSorted((a, b) => a - b);
  const [least = 1, most = 1] = [sorted[0], sorted.at(-1)];
  return sorted.length === 1 ? least.toFixed(2) : `${least.toFixed(2)} to ${most.toFixed(2)}`;
}

/** Notes, the family, what the signs mean, and how much is shown. */
export function compareFooter(view: CompareView): string[] {
  const notes = view.notes.map((note) => `note: ${visible(note)}`);
  return [...notes, ...familyLine(view), ...outcome(view), lastLine(view)];
}

function familyLine({ comparison: { family } }: CompareView): string[] {
  if (family.size === 0) return [];
  const level = percent(family.level, 1);
  return [
    `${plural(family.size, 'function')} carry weight and were tested together: of those called slower or faster, ${level}% are wrong on average`,
  ];
}

function outcome({ failures }: CompareView): string[] {
  if (failures === null) return [];
  return [
    failures.length === 0
      ? 'passed: nothing got slower by more than was allowed'
      : `FAILED: ${failures.map(visible).join(', ')} got slower by more than was allowed`,
  ];
}

function lastLine({ rows, matched, sort, reverse, comparison }: CompareView): string {
  const among = rows.length < matched ? ` of ${grouped(String(matched))}` : '';
  const more = rows.length < matched ? '; --limit 0 shows all' : '';
  const order = `by ${sort.join(', ')}${reverse ? ', reversed' : ''}`;
  const signs = new Set(rows.map(({ verdict }) => verdict));
  const legend = [
    ...(signs.has('noise') ? ['~ cannot be told from noise'] : []),
    ...(signs.has('unclear') ? ['? one run a side cannot tell'] : []),
    ...(signs.has('light') && comparison.family.size > 0 ? ['no verdict: too light to test'] : []),
  ];
  const shown = `${grouped(String(rows.length))}${among} ${matched === 1 ? 'function' : 'functions'} ${order}${more}`;
  return [shown, ...legend].join('; ');
}
