/** Attaches to running programs, records them, and writes their profiles. */

import type { Microseconds } from '../../model/raw-profile.ts';
import { chooseFile, type Target as ProfileTarget, prepareTarget, writeProfile } from '../program/profile-files.ts';
import type { ThreadIdentity } from '../program/spool-format.ts';
import { getRunId } from '../run-id.ts';
import { CdpConnection } from './cdp.ts';
import type { LiveFeed } from './live-feed.ts';
import { inspectorThatStays, type OpenInspector, openInspectorOf } from './open-inspector.ts';
import { type RecordedProcess, type RecordingEnd, recordProcess } from './process-recording.ts';
import type { Target } from './target.ts';
import type { ThreadRecording, ThreadRecordingOptions } from './thread-recording.ts';

interface AttachOptions extends ProfileTarget, Omit<ThreadRecordingOptions, 'runId'> {
  /** Aborted to stop. */
  readonly signal: AbortSignal;
  /** Called with the addresses of the inspectors when the recording begins. */
  readonly onStart: (places: readonly string[]) => void;
  /** Follows the recording. @default nothing does */
  readonly feed?: LiveFeed | null;
  /** Whether what was recorded is written at the end. */
  readonly isSaved: boolean;
}

interface AttachedThread {
  /** Null for other programs than Node. */
  readonly thread: ThreadIdentity | null;
  readonly file: string;
  readonly duration: Microseconds;
}

export interface AttachResult {
  readonly recorded: readonly AttachedThread[];
  /** For which a thread was not recorded, because pstat was stopped. */
  readonly missed: Microseconds;
  /** Threads without a sample. */
  readonly emptyCount: number;
  /** `lost` if the last samples of one of the programs are missing. */
  readonly end: RecordingEnd;
  /** Why workers were not recorded. */
  readonly failures: readonly string[];
  /** The addresses of inspectors that are still open. */
  readonly leftOpen: readonly string[];
}

/** Records programs at the same time. Throws PstatError if one of them cannot be recorded; then none is. */
export async function attach(targets: readonly Target[], options: AttachOptions): Promise<AttachResult> {
  await prepareTarget(options);
  const inspectors: OpenInspector[] = [];
  let leftOpen: string[] = [];
  let recorded: RecordedProcess[] = [];
  try {
    // Children first: a cluster's primary that opens its inspector makes its workers open theirs.
    for (const [i, target] of [...targets.entries()].reverse()) inspectors.unshift(await openTarget(target, i > 0));
    let waiting = inspectors.length;
    const onStart = () => {
      waiting--;
      if (waiting === 0) options.onStart(inspectors.map(({ place }) => place));
    };
    recorded = await Promise.all(
      inspectors.map((inspector) => {
        const onFlush = (threads: readonly ThreadRecording[]) => options.feed?.update(inspector, threads);
        return recordProcess(inspector.connection, { ...options, onStart, onFlush, runId: inspector.runId });
      }),
    );
  } finally {
    leftOpen = await closeAll(inspectors);
  }
  return {
    ...(options.isSaved ? await writeAll(recorded, options) : { recorded: [], emptyCount: 0 }),
    missed: Math.max(0, ...recorded.flatMap(({ threads }) => threads.map((thread) => thread.missed))),
    end: worstOf(recorded.map(({ end }) => end)),
    failures: recorded.flatMap(({ failures }) => failures),
    leftOpen,
  };
}

function worstOf(ends: readonly RecordingEnd[]): RecordingEnd {
  return (['lost', 'exited'] as const).find((end) => ends.includes(end)) ?? 'stopped';
}

/** Returns the addresses that are still open. */
async function closeAll(inspectors: readonly OpenInspector[]): Promise<string[]> {
  const closed = await Promise.all(inspectors.map((inspector) => inspector.close()));
  return inspectors.filter((_, i) => closed[i] === false).map(({ place }) => place);
}

/** @param leavesPort whether other processes need the port that its inspector opens */
function openTarget(target: Target, leavesPort: boolean): Promise<OpenInspector> {
  return 'pid' in target ? openInspectorOf(target.pid, { leavesPort }) : connectTo(target.url);
}

async function connectTo(url: string): Promise<OpenInspector> {
  return inspectorThatStays(await CdpConnection.open(url), new URL(url).host, getRunId());
}

async function writeAll(
  processes: readonly RecordedProcess[],
  target: ProfileTarget,
): Promise<Pick<AttachResult, 'recorded' | 'emptyCount'>> {
  const recorded: AttachedThread[] = [];
  let emptyCount = 0;
  for (const thread of processes.flatMap((each) => each.threads)) {
    const profile = thread.toProfile();
    if (profile.isEmpty) emptyCount++;
    else {
      const { identity } = thread;
      const named = identity ?? { pid: 0, thread: 0, program: '', start: Date.now() };
      const file = chooseFile(named, recorded, { ...target, isMain: recorded.length === 0 });
      await writeProfile(file, profile);
      recorded.push({ thread: identity, file, duration: profile.duration });
    }
  }
  return { recorded, emptyCount };
}
