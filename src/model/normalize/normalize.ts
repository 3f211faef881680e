import type { PairsProfile, Profile } from '../profile.ts';
import type { RawPairsProfile, RawProfile } from '../raw-profile.ts';
import { settlePaths } from './sampled.ts';

/** A Profile out of what a reader handed over. `source` is the file as the user named it. */
export function settle(raw: RawProfile, source: string): Profile {
  return 'nodes' in raw ? settlePaths(raw, source) : settlePairs(raw, source);
}

/** The traced rule: the file's numbers are taken as they are. */
function settlePairs(raw: RawPairsProfile, source: string): PairsProfile {
  return {
    counts: raw.counts,
    format: raw.format,
    executingLines: raw.executingLines,
    sources: [source],
    functions: raw.functions,
    rows: raw.rows,
    figures: raw.figures,
    pairs: {
      length: raw.callers.length,
      caller: raw.callers,
      callee: raw.callees,
      figures: raw.edgeFigures,
    },
    notes: raw.notes,
  };
}
