/** What `pstat ab` answers: runs both versions in turn, and compares what was recorded. */

import path from 'node:path';
import { escapeControls, pluralize } from '../../base/text.ts';
import type { Both } from '../../compare/both.ts';
import type { ProfileFigures } from '../../compare/collect-sides.ts';
import { ReadRuns } from '../../input/read-runs.ts';
import { differenceOf } from '../../record/ab/difference.ts';
import { checkMethod, describeUnknown, type RunContext, runSetup } from '../../record/ab/run.ts';
import { runBlocks } from '../../record/ab/run-blocks.ts';
import { RunFolder } from '../../record/ab/run-folder.ts';
import {
  type Planned,
  planVersions,
  shellCommand,
  shortHash,
  type Version,
  Worktrees,
} from '../../record/ab/versions.ts';
import { Interruption } from '../../record/interruption.ts';
import type { AnyView } from '../../render/render.ts';
import type { EditedFunctions } from '../../sources/edited-functions.ts';
import type { CompareRoutesView, CompareView } from '../../view/compare-view.ts';
import { bisectOfSeveralRoutes, bisectWithoutRevisions } from '../ab-errors.ts';
import type { Arguments } from '../arguments.ts';
import type { CodedView, RecordResult } from '../command.ts';
import type { Io } from '../io.ts';
import { RunProgress } from '../run-progress.ts';
import { bisectAnswer } from './ab-bisect.ts';
import { Looks } from './ab-looks.ts';
import { type AbOptions, abOptionsFrom } from './ab-options.ts';
import { checkQuestion, compareFiles } from './compare-answer.ts';
import { findEdited } from './edited.ts';

/** Throws PstatError, also if a run fails. */
export async function abAnswer(args: Arguments, io: Io): Promise<AnyView | RecordResult | CodedView> {
  const options = abOptionsFrom(args);
  checkQuestion(args);
  const interruption = new Interruption();
  const shared = { interruption, args, io };
  try {
    return await (options.bisects ? bisect(options, shared) : runPlan(options, shared));
  } finally {
    interruption.stop();
  }
}

interface Shared {
  readonly interruption: Interruption;
  readonly args: Arguments;
  readonly io: Io;
}

/** Each comparison has a folder of its own below --dir, so that the bisection goes on where it stopped. */
async function bisect(options: AbOptions, shared: Shared): Promise<CodedView | RecordResult> {
  const { plan, dir } = options;
  if (plan.kind !== 'revisions' || plan.after === null) throw bisectWithoutRevisions();
  const compareRevisions = async (before: string, after: string) => {
    const folder = dir === null ? null : path.join(dir, `${shortHash(before)}-${shortHash(after)}`);
    const view = await runPlan({ ...options, plan: { ...plan, before, after }, dir: folder }, shared);
    if ('exit' in view || view.view === 'compare') return view;
    throw bisectOfSeveralRoutes(view.comparison.routes.map(({ route }) => route));
  };
  return bisectAnswer({ before: plan.before, after: plan.after }, compareRevisions, (line) =>
    shared.io.stderr.write(`pstat: ${line}\n`),
  );
}

/** Runs the versions of a plan and compares them. */
async function runPlan(
  options: AbOptions,
  { interruption, args, io }: Shared,
): Promise<CompareView | CompareRoutesView | RecordResult> {
  const worktrees = new Worktrees();
  const progress = new RunProgress(io);
  try {
    const planned = await planVersions(options.plan);
    checkMethod(options.method, [planned.before, planned.after]);
    const folder = new RunFolder(options.dir, describeQuestion(planned, options));
    const onFailure = (output: string) => {
      progress.end();
      io.stderr.write(output);
    };
    const run = {
      read: new ReadRuns<ProfileFigures>(),
      planned,
      folder,
      worktrees,
      progress,
      context: { interruption, log: folder.log, loadLog: folder.loadLog, onFailure },
    };
    return await runAndCompare(run, options, { args, io });
  } finally {
    progress.end();
    await worktrees.remove();
  }
}

interface AbRun {
  /** What was read of the runs. */
  readonly read: ReadRuns<ProfileFigures>;
  readonly planned: Planned;
  readonly folder: RunFolder;
  readonly worktrees: Worktrees;
  readonly progress: RunProgress;
  readonly context: RunContext;
}

async function runAndCompare(
  run: AbRun,
  options: AbOptions,
  { args, io }: Pick<Shared, 'args' | 'io'>,
): Promise<CompareView | CompareRoutesView | RecordResult> {
  const { folder, planned } = run;
  const isKept = () => folder.countBlocks() > 0 && !options.bisects;
  let isComplete = false;
  try {
    const versions = await placeVersions(run, options);
    if (versions === null || !(await runAll(run, versions, { ...options, args, io })))
      return describeStop(run, options);
    await warnOfChanges(planned, options, io);
    const unknown = describeUnknown(options.method);
    if (unknown !== null) io.stderr.write(`pstat: ${unknown}\n`);
    const difference = await differenceOf(planned);
    const edited = difference && (await findEdited(difference));
    const view = await compareRuns(run, versions, { ...options, args, io, edited });
    isComplete = true;
    return view;
  } catch (error) {
    run.progress.end();
    folder.discardUnfinished();
    if (folder.isTemporary && isKept()) io.stderr.write(`pstat: ${resumeAdvice(folder)}\n`);
    throw error;
  } finally {
    if (folder.isTemporary && (isComplete || !isKept())) folder.remove();
  }
}

interface Compared extends AbOptions, Pick<Shared, 'args' | 'io'> {
  readonly edited: EditedFunctions | null;
}

function compareRuns(
  { read, folder, planned }: AbRun,
  versions: Both<Version>,
  { requests, args, io, edited }: Compared,
): Promise<CompareView | CompareRoutesView> {
  const paths = { before: folder.sideFolder('before'), after: folder.sideFolder('after') };
  const labels = { before: planned.before.label, after: planned.after.label };
  const sourcePath = [versions.before.root, versions.after.root];
  return compareFiles(paths, args, io, { labels, sourcePath, requests, edited, runs: read });
}

/** Checks out what is to be checked out. Returns null if the user interrupted it. */
async function placeVersions(
  { planned, folder, worktrees, progress, context }: AbRun,
  { plan, blocks }: AbOptions,
): Promise<Both<Version> | null> {
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
  run: AbRun,
  versions: Both<Version>,
  options: AbOptions & Pick<Shared, 'args' | 'io'>,
): Promise<boolean> {
  const { folder, progress, context } = run;
  const { interval, method, exitCode, blocks, until, requests } = options;
  const looks = new Looks({ until, requests }, () => compareRuns(run, versions, { ...options, edited: null }));
  const isComplete = await runBlocks(
    {
      ...{ versions, folder, interval, method, exitCode, count: blocks },
      isEnough: (block) => looks.areEnough(block),
      onProgress: (step) => progress.showRun({ ...step, ...looks.state }),
    },
    context,
  );
  progress.end();
  const line = isComplete ? looks.describeEnd(folder.countBlocks()) : null;
  if (line !== null) options.io.stderr.write(`pstat: ${line}\n`);
  return isComplete;
}

function describeStop({ folder, progress, context }: AbRun, { blocks, bisects }: AbOptions): RecordResult {
  progress.end();
  const done = folder.countBlocks();
  // Without --dir nothing is kept of a bisection, nor of runs that make no block.
  const isKept = !folder.isTemporary || (done > 0 && !bisects);
  const goOn = bisects ? 'the same command goes on' : resumeAdvice(folder);
  const line = `stopped after ${done} of ${pluralize(blocks, 'block')}${isKept ? `; ${goOn}` : ''}`;
  return { exit: { signal: context.interruption.signal ?? 'SIGINT' }, lines: [line], view: null };
}

function resumeAdvice({ dir }: RunFolder): string {
  return `the same command with --dir ${escapeControls(dir)} goes on`;
}

/** Runs of a working tree that changes meanwhile are not of one version. */
async function warnOfChanges({ after }: Planned, { plan }: AbOptions, io: Io): Promise<void> {
  if (plan.kind !== 'revisions' || plan.after !== null) return;
  if ((await planVersions(plan)).after.identity === after.identity) return;
  io.stderr.write('pstat: the working tree changed while it ran: the runs after are not of one version\n');
}

/** Equal for command lines whose runs may be compared. */
function describeQuestion({ before, after }: Planned, { interval, method, exitCode }: AbOptions): string {
  const version = ({ label, identity }: Planned['before']) => ({ label, identity });
  return `${JSON.stringify({ interval, method, exitCode, before: version(before), after: version(after) }, null, 2)}\n`;
}
