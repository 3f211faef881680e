/** The lines above a table: what was read, and where its time went. */

import { plural, visible } from '../base/text.ts';
import { count, duration } from '../base/units.ts';
import type { RequestFacts } from '../model/raw-profile.ts';
import type { ProfileSummary } from '../query/summary.ts';
import { cutStart, width, wrap } from './table/width.ts';

export function headerLines(profile: ProfileSummary, columns: number | null): string[] {
  const what = profile.stacks ? pathsLine(profile) : pairsLine(profile);
  const source = sourceName(profile.sources, columns);
  const oneLine = `${source}: ${what}`;
  const lines = columns !== null && width(oneLine) > columns ? [`${source}:`, what] : [oneLine];
  if (profile.stacks) lines.push(breakdown(profile), ...queuedLines(profile));
  if (profile.request !== undefined) lines.push(requestLine(profile.request));
  return columns === null ? lines : lines.flatMap((line) => wrap(line, columns));
}

function sourceName(sources: readonly string[], columns: number | null): string {
  const more = sources.length > 1 ? ` and ${plural(sources.length - 1, 'file')} more` : '';
  const first = visible(sources[0] ?? '');
  return (columns === null ? first : cutStart(first, columns - more.length - 1)) + more;
}

function pathsLine({ format, duration: whole, samples, interval, sources }: ProfileSummary): string {
  const rate = interval === null ? '' : ` every ${duration(interval)}`;
  const together = sources.length > 1 ? ' together' : '';
  return `${visible(format)}, ${duration(whole)}${together}, ${plural(Number(samples ?? 0), 'sample')}${rate}`;
}

function pairsLine({ format, counts, counted: whole, samples, ncalls, pcalls }: ProfileSummary): string {
  if (counts === 'samples')
    return `${visible(format)}, ${plural(Number(samples ?? 0), 'sample')} in ${duration(whole)}`;
  const primitive = pcalls === ncalls ? '' : ` (${count(pcalls)} primitive)`;
  return `${visible(format)}, ${count(ncalls)} function calls${primitive} in ${duration(whole)}`;
}

/** What a profile of one request says of it, and what it leaves out. */
function requestLine({ method, url, status, elapsed, busy, aborted, cut, others, unattributed }: RequestFacts): string {
  const end = cut ? ', cut' : aborted ? ', aborted' : '';
  const time = elapsed === null ? '' : ` in ${duration(elapsed)}`;
  const work = busy === null ? '' : `, ${duration(busy)} of it at work`;
  const foreign = (others ?? 0) + (unattributed ?? 0);
  const rest = foreign === 0 ? '' : `; ${plural(foreign, 'sample')} of others left out`;
  return `${visible(`${method} ${url}`)} → ${status ?? 'no status'}${end}${time}${work}${rest}`;
}

/** The breakdown: every microsecond of the recording is in one of its parts. */
function breakdown(profile: ProfileSummary): string {
  const {
    duration: all,
    counted: whole,
    idle,
    excluded,
    beforeFirstSample: head,
    afterLastSample: tail,
    queued,
    isUndisturbed,
  } = profile;
  const parts = [
    { time: whole, name: isUndisturbed ? 'undisturbed' : 'counted' },
    { time: isUndisturbed ? queued : 0, name: 'without a processor' },
    { time: idle, name: 'idle' },
    { time: excluded, name: 'left out by the question' },
    { time: head, name: 'before the first sample' },
    { time: tail, name: 'after the last' },
  ];
  const present = parts.filter(({ time }, i) => i === 0 || (time !== null && time !== 0));
  return `${duration(all)} = ${present.map(({ time, name }) => `${duration(time)} ${name}`).join(' + ')}`;
}

/** Less of the counted time than this is usual on a quiet machine. */
const MIN_QUEUED_SHARE = 0.02;

function queuedLines({ counted: whole, queued, isUndisturbed }: ProfileSummary): string[] {
  if (queued === null || isUndisturbed || queued < MIN_QUEUED_SHARE * (whole ?? 0) || queued === 0) return [];
  return [`of it ${duration(queued)} without a processor: the machine was busy (--time undisturbed takes it off)`];
}
