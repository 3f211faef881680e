/** What `pstat ab` answers: runs both versions in turn, and compares what was recorded. */

import { escapeControls, pluralize } from '../../base/text.ts';
import { differenceOf } from '../../record/ab/difference.ts';
import { Interruption } from '../../record/ab/interruption.ts';
import { type RunContext, runSetup } from '../../record/ab/run.ts';
import { runBlocks } from '../../record/ab/run-blocks.ts';
import { RunFolder } from '../../record/ab/run-folder.ts';
import { type Planned, planVersions, shellCommand, type Version, Worktrees } from '../../record/ab/versions.ts';
import type { AnyView } from '../../render/render.ts';
import type { RecordResult } from '../command.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { RunProgress } from '../run-progress.ts';
import { type AbOptions, abOptionsFrom } from './ab-options.ts';
import { checkQuestion, compareFiles } from './compare-answer.ts';
import { findEdited } from './edited.ts';

/** Throws PstatError, also if a run fails. */
export async function abAnswer(args: Arguments, io: Io): Promise<AnyView | RecordResult> {
  const options = abOptionsFrom(args);
  checkQuestion(args);
  const interruption = new Interruption();
  const worktrees = new Worktrees();
  const progress = new RunProgress(io);
  try {
    const planned = await planVersions(options.plan);
    const folder = new RunFolder(options.dir, describeQuestion(planned, options));
    const onFailure = (output: string) => {
      progress.end();
      io.stderr.write(output);
    };
    const run = { planned, folder, worktrees, progress, context: { interruption, log: folder.log, onFailure } };
    return await runAndCompare(run, options, { args, io });
  } finally {
    progress.end();
    await worktrees.remove();
    interruption.stop();
  }
}

interface AbRun {
  readonly planned: Planned;
  readonly folder: RunFolder;
  readonly worktrees: Worktrees;
  readonly progress: RunProgress;
  readonly context: RunContext;
}

async function runAndCompare(
  run: AbRun,
  options: AbOptions,
  { args, io }: { readonly args: Arguments; readonly io: Io },
): Promise<AnyView | RecordResult> {
  const { folder, planned } = run;
  let isComplete = false;
  try {
    const versions = await placeVersions(run, options);
    if (versions === null || !(await runAll(run, versions, options))) return stopped(run, options);
    await warnOfChanges(planned, options, io);
    const paths = { before: folder.sideFolder('before'), after: folder.sideFolder('after') };
    const labels = { before: planned.before.label, after: planned.after.label };
    const sourcePath = [versions.before.root, versions.after.root];
    const difference = await differenceOf(planned);
    const edited = difference && (await findEdited(difference));
    const view = await compareFiles(paths, args, io, { labels, sourcePath, edited });
    isComplete = true;
    return view;
  } finally {
    if (folder.isTemporary && (isComplete || folder.countBlocks() === 0)) folder.remove();
  }
}

/** Checks out what is to be checked out. Returns null if the user interrupted it. */
async function placeVersions(
  { planned, folder, worktrees, progress, context }: AbRun,
  { plan, blocks }: AbOptions,
): Promise<Record<'before' | 'after', Version> | null> {
  const place = async (side: 'before' | 'after') => {
    const { isNew, ...version } = await worktrees.place(planned[side]);
    const setup = plan.kind === 'revisions' && folder.countBlocks() < blocks ? plan.setup : null;
    if (!isNew || setup === null) return version;
    progress.show(`setting up ${version.label}`);
    return (await runSetup(shellCommand(setup), version, context)) ? version : null;
  };
  const before = await place('before');
  const after = before === null || context.interruption.signal !== null ? null : await place('after');
  return before === null || after === null ? null : { before, after };
}

/** Returns false if the user interrupted it. */
async function runAll(
  { folder, progress, context }: AbRun,
  versions: Record<'before' | 'after', Version>,
  { interval, blocks }: AbOptions,
): Promise<boolean> {
  const isComplete = await runBlocks(
    {
      ...{ versions, folder, interval, count: blocks },
      isEnough: async () => false,
      onProgress: (step) => progress.showRun(step),
    },
    context,
  );
  progress.end();
  return isComplete;
}

function stopped({ folder, progress, context }: AbRun, { blocks }: AbOptions): RecordResult {
  progress.end();
  const done = folder.countBlocks();
  const goOn = `the same command with --dir ${escapeControls(folder.dir)} goes on`;
  const line = `stopped after ${done} of ${pluralize(blocks, 'block')}${done === 0 && folder.isTemporary ? '' : `; ${goOn}`}`;
  return { exit: { signal: context.interruption.signal ?? 'SIGINT' }, lines: [line], view: null };
}

/** Runs of a working tree that changes meanwhile are not of one version. */
async function warnOfChanges({ after }: Planned, { plan }: AbOptions, io: Io): Promise<void> {
  if (plan.kind !== 'revisions' || plan.after !== null) return;
  if ((await planVersions(plan)).after.identity === after.identity) return;
  io.stderr.write('pstat: the working tree changed while it ran: the runs after are not of one version\n');
}

/** Equal for command lines whose runs may be compared. */
function describeQuestion({ before, after }: Planned, { interval }: AbOptions): string {
  const version = ({ label, identity }: Planned['before']) => ({ label, identity });
  return `${JSON.stringify({ interval, before: version(before), after: version(after) }, null, 2)}\n`;
}
