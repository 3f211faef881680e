/** The request of a profile that pstat's request profiler wrote, under the key `pstat`, which other viewers ignore. */

import type { RequestFacts } from '../../model/raw-profile.ts';
import { isObject } from '../json.ts';
import { readAmount } from './run-metadata.ts';

/** Returns null if there is none. A wrong field is null; the profile is read all the same. */
export function readRequestMetadata(value: unknown): RequestFacts | null {
  if (!isObject(value) || typeof value['url'] !== 'string' || typeof value['method'] !== 'string') return null;
  const start = typeof value['start'] === 'string' ? Date.parse(value['start']) : Number.NaN;
  const [pid, thread] = [readAmount(value['pid']), readAmount(value['thread'])];
  return {
    method: value['method'],
    url: value['url'],
    route: typeof value['route'] === 'string' && value['route'] !== '' ? value['route'] : null,
    status: readStatus(value['status']),
    aborted: value['aborted'] === true,
    cut: value['cut'] === true,
    start: Number.isNaN(start) ? null : start,
    elapsed: readAmount(value['elapsed']),
    busy: readAmount(value['busy']),
    profiler: readAmount(value['profiler']),
    skipped: readAmount(value['skipped']),
    others: readAmount(value['others']),
    unattributed: readAmount(value['unattributed']),
    worker: pid === null || thread === null ? null : `${pid}/${thread}`,
    number: readAmount(value['number']),
  };
}

/** Three digits, as in HTTP. */
function readStatus(value: unknown): number | null {
  const status = readAmount(value);
  return status !== null && Number.isInteger(status) && status >= 100 && status <= 999 ? status : null;
}
