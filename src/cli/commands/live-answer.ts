/** `pstat attach --live`: the explorer on the last minute of a program that runs. */

import { loadProfile } from '../../input/load.ts';
import { merge } from '../../model/merge.ts';
import { Stats } from '../../query/stats.ts';
import { type LiveFeed, withFiles } from '../../record/attach/live-feed.ts';
import type { ThreadProfile } from '../../record/program/thread-profile.ts';
import { type Arguments, loadOptionsFrom, statsOptionsFrom } from '../arguments.ts';
import type { Explored } from '../explore/explored-model.ts';
import type { State } from '../explore/state.ts';
import { writeState } from '../explore/write-state.ts';
import type { Io } from '../io.ts';
import { exploreStats } from './explore-answer.ts';

export interface LiveOptions {
  /** What is recorded, as its heading names it. */
  readonly name: string;
  /** The file that is written at the end; null for none. */
  readonly file: string | null;
  /** Aborted to quit. */
  readonly signal: AbortSignal;
  readonly args: Arguments;
  readonly io: Io;
}

/** Ends when the user quits, or at once if nothing was recorded. Throws PstatError. */
export async function exploreLive(feed: LiveFeed, { name, file, signal, args, io }: LiveOptions): Promise<void> {
  let shown: readonly ThreadProfile[] = [];
  const next = async (): Promise<Explored | null> => {
    const profiles = await feed.next();
    if (profiles === null) return null;
    shown = profiles;
    return { stats: await statsOf(profiles, name, args), options: statsOptionsFrom(args), estimates: false };
  };
  const first = await next();
  if (first === null || signal.aborted) return;
  const write = (target: string, state: State) =>
    withFiles(shown, (files) => writeState(target, state, { files, args, io }));
  await exploreStats(first, { files: file === null ? [] : [file], args, live: { next, write, signal } }, io);
}

async function statsOf(profiles: readonly ThreadProfile[], name: string, args: Arguments): Promise<Stats> {
  const loaded = await Promise.all(
    profiles.map((profile) => loadProfile('-', { ...loadOptionsFrom(args), stdin: bytesOf(profile) })),
  );
  return new Stats({ ...merge(loaded), sources: [name] }, statsOptionsFrom(args));
}

async function* bytesOf(profile: ThreadProfile): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const text of profile.serialize()) yield encoder.encode(text);
}
