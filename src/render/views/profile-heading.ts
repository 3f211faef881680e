/** The lines above a table: what was read and where its time went. */

import { pluralize } from '../../base/text.ts';
import { formatAmount, formatCount, formatDuration } from '../../base/units.ts';
import type { RequestFacts } from '../../model/raw-profile.ts';
import type { ProfileSummary } from '../../query/summary.ts';
import { line, type ReportLine } from '../report.ts';

export function profileHeading(profile: ProfileSummary): ReportLine[] {
  const what = profile.stacks ? stacksText(profile) : edgesText(profile);
  const more = profile.sources.length > 1 ? ` and ${pluralize(profile.sources.length - 1, 'file')} more` : '';
  return [
    { path: profile.sources[0] ?? '', text: `${more}: ${what}`, tone: 'plain' },
    ...(profile.stacks ? [line(breakdown(profile)), ...queuedLines(profile)] : []),
    ...(profile.request === undefined ? [] : [line(requestText(profile.request))]),
  ];
}

function stacksText({ format, duration: all, samples, interval, sources, unit }: ProfileSummary): string {
  const number = samples === null ? '' : `, ${pluralize(Number(samples), 'sample')}`;
  const rate = interval === null ? '' : ` every ${formatDuration(interval)}`;
  const together = sources.length > 1 ? ' together' : '';
  const amount = unit === 'count' && samples !== null ? '' : `, ${formatAmount(all, unit)}${together}`;
  return `${format}${amount}${number}${rate}`;
}

function edgesText({ format, counts, counted, samples, ncalls, pcalls }: ProfileSummary): string {
  if (counts === 'samples') {
    return `${format}, ${pluralize(Number(samples ?? 0), 'sample')} in ${formatDuration(counted)}`;
  }
  const primitive = pcalls === ncalls ? '' : ` (${formatCount(pcalls)} primitive)`;
  return `${format}, ${formatCount(ncalls)} function ${ncalls === 1 || ncalls === 1n ? 'call' : 'calls'}${primitive} in ${formatDuration(counted)}`;
}

/** What a profile of one request says about it, and what it leaves out. */
function requestText({ method, url, status, elapsed, busy, aborted, cut, others, unattributed }: RequestFacts): string {
  const end = cut ? ', cut' : aborted ? ', aborted' : '';
  const time = elapsed === null ? '' : ` in ${formatDuration(elapsed)}`;
  const work = busy === null ? '' : `, ${formatDuration(busy)} of it busy`;
  const foreign = (others ?? 0) + (unattributed ?? 0);
  const rest = foreign === 0 ? '' : `; ${pluralize(foreign, 'sample')} of others excluded`;
  return `${`${method} ${url}`} → ${status ?? 'no status'}${end}${time}${work}${rest}`;
}

/** Every microsecond of the duration is in one of the parts. */
function breakdown(profile: ProfileSummary): string {
  const { counted, idle, excluded, beforeFirstSample, afterLastSample, queued, isUndisturbed } = profile;
  const parts = [
    { time: counted, name: isUndisturbed ? 'undisturbed' : 'counted' },
    { time: isUndisturbed ? queued : 0, name: 'without a processor' },
    { time: idle, name: `idle${profilerText(profile)}` },
    { time: excluded, name: 'excluded by filters' },
    { time: beforeFirstSample, name: 'before the first sample' },
    { time: afterLastSample, name: 'after the last' },
  ];
  const present = parts.filter(({ time }, i) => i === 0 || (time !== null && time !== 0));
  const { unit } = profile;
  return `${formatAmount(profile.duration, unit)} = ${present.map(({ time, name }) => `${formatAmount(time, unit)} ${name}`).join(' + ')}`;
}

/** The profiler's own work is part of the idle time. How much of a part of the profile is not known. */
function profilerText({ request, run, excluded }: ProfileSummary): string {
  const time = request?.profiler ?? run?.profiler ?? 0;
  return time > 0 && excluded === 0 ? ` (pstat's own ${formatDuration(time)} in it)` : '';
}

/** Less of the counted time than this is usual on a quiet machine. */
const MIN_QUEUED_SHARE = 0.02;

function queuedLines({ counted, queued, isUndisturbed }: ProfileSummary): ReportLine[] {
  if (queued === null || isUndisturbed || queued === 0 || queued < MIN_QUEUED_SHARE * (counted ?? 0)) return [];
  return [
    line(
      `of it ${formatDuration(queued)} without a processor: the machine was busy (\`pstat top FILE --time undisturbed\` takes it off)`,
    ),
  ];
}
