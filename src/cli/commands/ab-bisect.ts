/** `pstat ab --bisect GOOD BAD`: which commit made the program slower. */

import { formatDuration, formatPercent, formatPValue } from '../../base/units.ts';
import type { Comparison } from '../../compare/comparison.ts';
import { Bisection, type BisectVerdict, subjectOf } from '../../record/ab/bisection.ts';
import { findRevision, openRepository, type Repository } from '../../record/ab/git.ts';
import { type RevisionsPlan, shortHash } from '../../record/ab/versions.ts';
import type { CompareView } from '../../view/compare-view.ts';
import type { CodedView, RecordResult } from '../command.ts';

/** A commit is found; BAD is not slower than GOOD; there is no verdict. As `git bisect run` reads exit codes. */
const FOUND = 3;
const NOT_SLOWER = 0;
const NO_VERDICT = 125;

/** Runs two revisions in turn and compares them. Returns what to answer if the user interrupted it. */
export type CompareRevisions = (before: string, after: string) => Promise<CompareView | RecordResult>;

/** Throws PstatError. */
export async function bisectAnswer(
  { before, after }: Pick<RevisionsPlan, 'before'> & { readonly after: string },
  compareRevisions: CompareRevisions,
  tell: (line: string) => void,
): Promise<CodedView | RecordResult> {
  const repository = await openRepository();
  const [good, bad] = [await findRevision(repository, before), await findRevision(repository, after)];
  const bisection = new Bisection(repository);
  try {
    await bisection.start(good, bad);
    const whole = await compareRevisions(good.hash, bad.hash);
    if ('exit' in whole) return whole;
    const { comparison } = whole;
    if (comparison.verdict === 'inconclusive') return concludeBisection(whole, NO_VERDICT, NO_RESULT);
    if (comparison.verdict !== 'slower') {
      const [first, last] = [shortHash(good.hash), shortHash(bad.hash)];
      const text = `${last} is not significantly slower than ${first}: nothing to bisect`;
      return concludeBisection(whole, NOT_SLOWER, text);
    }
    for (let hash = await bisection.next(); hash !== null; hash = await bisection.next()) {
      const step = hash === bad.hash ? whole : await compareRevisions(good.hash, hash);
      if ('exit' in step) return step;
      const verdict = verdictOf(step.comparison, comparison);
      tell(
        `${shortHash(hash)} is ${verdict === 'skip' ? 'without a verdict' : verdict}: ${summaryOf(step.comparison)}`,
      );
      await bisection.tell(verdict);
    }
    if (bisection.found === null) return concludeBisection(whole, NO_VERDICT, NO_RESULT);
    return await describeCommit(bisection.found, repository, compareRevisions);
  } finally {
    await bisection.remove();
  }
}

const NO_RESULT = 'no verdict: the commit is not found; run more blocks with -n';

/**
 * A commit is bad if it is slower than GOOD by more than half of what BAD is, and good if it is not: a smaller change on
 * the way is another one. Where the interval holds both no change and the whole one, there is no verdict.
 */
function verdictOf({ total, verdict }: Comparison, whole: Comparison): BisectVerdict {
  const change = whole.total.delta ?? 0;
  if (verdict === 'inconclusive') return 'skip';
  if (verdict === 'slower' && (total.delta ?? 0) > change / 2) return 'bad';
  return (total.high ?? 0) < change ? 'good' : 'skip';
}

/** Compares the commit with its parent, for its own change and the function behind it. */
async function describeCommit(
  hash: string,
  repository: Repository,
  compareRevisions: CompareRevisions,
): Promise<CodedView | RecordResult> {
  const parent = await findRevision(repository, `${hash}^`);
  const view = await compareRevisions(parent.hash, hash);
  if ('exit' in view) return view;
  const cause = causeOf(view);
  const text = `${shortHash(hash)} is ${summaryOf(view.comparison)}${cause === null ? '' : `: ${cause}`}`;
  const commit = { hash, subject: await subjectOf(repository, hash) };
  return { view: { ...view, bisection: { commit, text } }, code: FOUND };
}

function concludeBisection(view: CompareView, code: number, text: string): CodedView {
  return { view: { ...view, bisection: { commit: null, text } }, code };
}

function summaryOf({ verdict, total }: Comparison): string {
  const p = total.p === null ? '' : ` (p ${formatPValue(total.p)})`;
  if (verdict !== 'slower' && verdict !== 'faster') return `not significantly slower or faster${p}`;
  return `${formatPercent(Math.abs(total.delta ?? 0), total.before)}% ${verdict}${p}`;
}

/** `parse +14 ms, edited`: of the functions that are slower or new, the first of the table. */
function causeOf({ comparison: { measure, rows } }: CompareView): string | null {
  const slower = rows.filter(({ verdict }) => verdict === 'slower' || verdict === 'new');
  const size = (row: (typeof rows)[number]) => row[measure].delta ?? 0;
  const [first] = slower.sort((a, b) => Number(b.edited === true) - Number(a.edited === true) || size(b) - size(a));
  if (first === undefined) return null;
  return `${first.shownName} +${formatDuration(size(first))}${first.edited === true ? ', edited' : ''}`;
}
