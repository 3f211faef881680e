/** What a profile says of its request. */

import { parseRequestName } from '../base/recording-files.ts';
import type { Profile } from '../model/profile.ts';
import type { Microseconds, RequestFacts } from '../model/raw-profile.ts';
import type { RouteNamer } from './route-name.ts';

export interface ProfiledRequest {
  readonly file: string;
  readonly route: string;
  readonly status: number | null;
  readonly hasFailed: boolean;
  readonly elapsed: Microseconds;
  /** Seconds since 1970. */
  readonly time: number;
  readonly skipped: number | null;
  readonly worker: string | null;
  readonly number: number | null;
}

/** Prefers what the file contains to what its name says. Returns null for other profiles. */
export function readRequest(profile: Profile, nameRoute: RouteNamer): ProfiledRequest | null {
  const file = profile.sources[0] ?? '';
  const facts = 'callTree' in profile ? (profile.request ?? null) : null;
  const name = parseRequestName(file);
  const elapsed = facts?.elapsed ?? name?.elapsed ?? null;
  const route = nameRoute(profile);
  if (elapsed === null || route === null) return null;
  return {
    file,
    route,
    elapsed,
    status: facts?.status ?? null,
    hasFailed: facts !== null && hasFailed(facts),
    time: facts?.start == null ? (name?.time ?? 0) : facts.start / 1000,
    skipped: facts?.skipped ?? null,
    worker: facts?.worker ?? null,
    number: facts?.number ?? null,
  };
}

function hasFailed({ aborted, status }: RequestFacts): boolean {
  return aborted || (status !== null && status >= 500);
}

/** Of its route and status. */
export function groupKey({ route, status }: ProfiledRequest): string {
  return `${route} ${status}`;
}
