/** Bytes → Profile. The content decides the format, never a name. */

import { sum } from '../base/averages.ts';
import { PstatError } from '../base/errors.ts';
import type { WritableFormat } from '../formats/registry.ts';
import { at } from '../model/columns.ts';
import { merge } from '../model/merge.ts';
import { normalize } from '../model/normalize/normalize.ts';
import type { Profile } from '../model/profile.ts';
import type { RawStacksProfile } from '../model/raw-profile.ts';
import type { ReadOptions } from './read-file.ts';
import { readRecordings, readRecordingsAs } from './read-recordings.ts';
import { selectProfiles } from './select-thread.ts';

/**
 * Reads the profile in the bytes of a file, gzipped or not; those of a report of several files are merged.
 *
 * @param source the file's name, for messages and the profile's `sources`
 * @throws PstatError with the source in its message: `unknown-format`, `malformed`, `unreadable` for a file that is too
 *   large, `missing-data` for a thread or a value that it does not have
 */
export function readProfile(bytes: Uint8Array, source: string, options: ReadOptions = {}): Profile {
  try {
    const { profiles, notes } = selectProfiles(readRecordings(bytes, options), source, options.thread ?? null);
    const merged = merge(profiles);
    return { ...merged, notes: [...merged.notes, ...notes] };
  } catch (error) {
    throw error instanceof PstatError ? error.in(source) : error;
  }
}

/**
 * The counted time in what a writer of pstat wrote, in the unit of the profile. Read by the reader of the format: a short
 * file may look like another's.
 */
export function sumWritten(bytes: Uint8Array, { name, reader, writer }: WritableFormat): number {
  const recordings = reader === undefined ? [] : readRecordingsAs(reader, bytes, writer.readBack ?? {});
  return sum(
    recordings.map(({ profile }) =>
      'samples' in profile && profile.samples !== null && profile.sampleDurations !== undefined
        ? sumSamples(profile, profile.samples, profile.sampleDurations)
        : countedTime(normalize(profile, name)),
    ),
  );
}

/** What normalize() would add up, without the tree. */
function sumSamples({ functions, nodes }: RawStacksProfile, samples: Int32Array, durations: Float64Array): number {
  let counted = 0;
  for (let sample = 0; sample < samples.length; sample++) {
    const kind = at(functions.kind, at(nodes.function, at(samples, sample)));
    if (kind !== 'idle') counted += at(durations, sample);
  }
  return counted;
}

/** In the unit of the profile; µs for traced times. */
export function countedTime(profile: Profile): number {
  if (!('callTree' in profile)) return sum(profile.metrics.self) * 1e6;
  const { callTree, functions } = profile;
  return callTree.self.reduce((all, time, node) => {
    const isIdle = functions.kind[callTree.function[node] ?? -1] === 'idle';
    return isIdle ? all : all + time;
  }, 0);
}
