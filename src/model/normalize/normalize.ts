import type { EdgesProfile, Profile } from '../profile.ts';
import type { RawEdgesProfile, RawProfile } from '../raw-profile.ts';
import { normalizeStacks } from './sampled.ts';

/** Turns a RawProfile into a Profile. `source` is the file as the user named it. */
export function normalize(raw: RawProfile, source: string): Profile {
  if ('normalized' in raw) return { ...raw.normalized, sources: [source] };
  return 'nodes' in raw ? normalizeStacks(raw, source) : normalizeEdges(raw, source);
}

/** Takes the file's numbers as they are. */
function normalizeEdges(raw: RawEdgesProfile, source: string): EdgesProfile {
  return {
    counts: raw.counts,
    format: raw.format,
    linesAreSampled: raw.linesAreSampled,
    sources: [source],
    functions: raw.functions,
    rows: raw.rows,
    metrics: raw.metrics,
    edges: {
      length: raw.callers.length,
      caller: raw.callers,
      callee: raw.callees,
      metrics: raw.edgeMetrics,
    },
    notes: raw.notes,
  };
}
