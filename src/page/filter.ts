/** The profile of the page after focus and ignore, with the figures and the breakdown that --focus and --ignore give. */

import { shellWord } from '../base/shell-word.ts';
import { focusStacks } from '../model/focus.ts';
import type { BreakdownPart, PageFacts } from '../model/layout/page-facts.ts';
import type { StacksProfile } from '../model/profile.ts';
import type { PageData } from './data.ts';
import { figuresOf } from './figures.ts';
import { functionTest, patternOf } from './search.ts';
import type { Filter } from './state.ts';

/** Returns the data as they are without filters, and for a profile without stacks. */
export function filterData(data: PageData, filters: readonly Filter[]): PageData {
  const { stacks, functions, facts } = data;
  if (stacks === null || filters.length === 0) return data;
  const tests = (wanted: Filter['kind']) =>
    filters.flatMap(({ kind, pattern }) => (kind === wanted ? (functionTest(pattern, data) ?? []) : []));
  const timeOf = (name: string) => facts.breakdown.find((part) => part.name === name)?.time;
  const queued = timeOf('without a processor') ?? 0;
  const isUndisturbed = timeOf('undisturbed') !== undefined;
  const excluded = timeOf(EXCLUDED) ?? 0;
  const profile = { ...stacks, functions, excluded, queued, isUndisturbed } as StacksProfile;
  const kept = focusStacks(profile, tests('focus'), tests('ignore'));
  const figures = figuresOf(kept, facts);
  const { counted, idle } = figures.sums();
  const times = {
    counted,
    undisturbed: counted,
    idle: idle ?? 0,
    [EXCLUDED]: kept.excluded,
    'without a processor': kept.queued ?? 0,
  };
  const words = filters.map(({ kind, pattern }) => `--${kind} ${shellWord(pattern)}`).join(' ');
  const filtered: PageFacts = {
    ...facts,
    counted: counted + (facts.idle ? (idle ?? 0) : 0),
    breakdown: breakdownWith(facts.breakdown, times),
    arguments: `${facts.arguments} ${words}`,
  };
  return {
    ...data,
    ...figures,
    facts: filtered,
    stacks: { callTree: kept.callTree, timeline: kept.timeline, duration: stacks.duration },
  };
}

/** What Focus and Ignore take: what is searched for, or else the function that is selected. Null for neither. */
export function filterPattern(data: PageData, search: string, selected: number): string | null {
  if (data.stacks === null) return null;
  if (search !== '') return functionTest(search, data) === null ? null : search;
  return selected === -1 ? null : patternOf(data, selected);
}

const EXCLUDED = 'excluded by filters';

function breakdownWith(parts: readonly BreakdownPart[], times: Readonly<Record<string, number>>): BreakdownPart[] {
  const all = parts.some(({ name }) => name === EXCLUDED) ? parts : [...parts, { name: EXCLUDED, time: 0 }];
  return all.map(({ name, time }) => ({ name, time: times[name] ?? time })).filter(({ time }) => time > 0);
}
