import type { Profile, TracedProfile } from './profile.ts';
import type { RawProfile, RawTracedProfile } from './raw-profile.ts';
import { settleSamples } from './timeline.ts';

/** A Profile out of what a reader handed over. `source` is the file as the user named it. */
export function settle(raw: RawProfile, source: string): Profile {
  return raw.counts === 'samples' ? settleSamples(raw, source) : settleCalls(raw, source);
}

/** The traced rule: the file's numbers are taken as they are. */
function settleCalls(raw: RawTracedProfile, source: string): TracedProfile {
  return {
    counts: 'calls',
    format: raw.format,
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
