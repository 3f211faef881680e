import type { Profile } from '../profile.ts';
import type { RawProfile } from '../raw-profile.ts';
import { normalizeStacks } from './sampled.ts';

/** Turns a RawProfile into a Profile. `source` is the file as the user named it. */
export function normalize(raw: RawProfile, source: string): Profile {
  if ('normalized' in raw) return { ...raw.normalized, sources: [source] };
  return 'nodes' in raw ? normalizeStacks(raw, source) : { ...raw, sources: [source] };
}
