/** `git bisect` in a worktree of its own: a bisection of the user's, and the working tree, stay as they are. */

import { addWorktree, git, nameWorktree, type Repository, type Revision, removeWorktree, runGit } from './git.ts';

/** What a comparison says of a commit; `skip` where it has no verdict. */
export type BisectVerdict = 'good' | 'bad' | 'skip';

export class Bisection {
  readonly #repository: Repository;
  readonly #folder = nameWorktree();
  /** The hash of the first bad commit; null while it is not found. */
  #found: string | null = null;
  #isOver = false;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  get found(): string | null {
    return this.#found;
  }

  /** Throws PstatError (`unreadable`) if git cannot bisect between them. */
  async start(good: Revision, bad: Revision): Promise<void> {
    await addWorktree(this.#repository, bad, this.#folder);
    this.#read(await git(this.#folder, ['bisect', 'start', '--no-checkout', bad.hash, good.hash]));
  }

  /** The commit to compare next; null when the bisection is over. */
  async next(): Promise<string | null> {
    if (this.#isOver) return null;
    return (await git(this.#folder, ['rev-parse', '--verify', 'BISECT_HEAD'])).trim();
  }

  async tell(verdict: BisectVerdict): Promise<void> {
    const { code, stdout } = await runGit(this.#folder, ['bisect', verdict, 'BISECT_HEAD']);
    this.#read(stdout);
    // Only skipped commits are left.
    if (code !== 0) this.#isOver = true;
  }

  #read(output: string): void {
    this.#found = /^([\da-f]{40,64}) is the first '?bad'? commit/m.exec(output)?.[1] ?? null;
    this.#isOver = this.#found !== null;
  }

  /** Never throws. */
  async remove(): Promise<void> {
    await removeWorktree(this.#repository, this.#folder);
  }
}

export async function subjectOf({ top }: Repository, hash: string): Promise<string> {
  return (await git(top, ['show', '--no-patch', '--format=%s', hash])).trim();
}
