/** What `pstat ab` asks git: revisions, worktrees, differences. Nothing here changes the user's own working tree. */

import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { errnoCodeOf } from '../../base/system-error.ts';
import { isAlive } from '../process-table.ts';
import { findTemporaryFolder } from '../temporary-folder.ts';
import { gitFailed, noGit, noRepository, unknownRevision } from './errors.ts';

/** A repository and the place in it where pstat runs. */
export interface Repository {
  /** The top folder of the working tree. */
  readonly top: string;
  /** The working directory from there; '' at the top. */
  readonly prefix: string;
}

export interface Revision {
  /** As the user wrote it. */
  readonly name: string;
  readonly hash: string;
}

/** Throws PstatError (`query`) outside of a repository, and (`unreadable`) in one that git does not read: another user's, a damaged one. */
export async function openRepository(): Promise<Repository> {
  const result = await runGit('.', ['rev-parse', '--show-toplevel', '--show-prefix']);
  const { code, stderr } = result;
  if (code !== 0) throw /not a git repository/.test(stderr) ? noRepository() : gitFailed('rev-parse', stderr);
  const [top = '', prefix = ''] = result.stdout.split('\n');
  return { top: realpathSync(top), prefix };
}

/** Throws PstatError (`query`) if there is no such commit. */
export async function findRevision({ top }: Repository, name: string): Promise<Revision> {
  const { code, stdout } = await runGit(top, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  if (code !== 0) throw unknownRevision(name);
  return { name, hash: stdout.trim() };
}

/** The commit of the working tree, and a digest of the changes to tracked files that are not committed; null without. */
export async function describeWorkingTree(repository: Repository): Promise<{ hash: string; changes: string | null }> {
  const { hash } = await findRevision(repository, 'HEAD');
  const diff = await git(repository.top, ['diff', '--no-ext-diff', '--binary', 'HEAD']);
  return { hash, changes: diff === '' ? null : createHash('sha256').update(diff).digest('hex').slice(0, 16) };
}

/** The names of the worktrees' folders hold the process that made them: see `removeAbandonedWorktrees`. */
const WORKTREE_NAME = /[\\/]pstat-ab-(\d+)-[\da-f]+$/;

/** A temporary folder that does not exist yet. Throws PstatError (`unreadable`). */
export function nameWorktree(): string {
  return path.join(findTemporaryFolder(), `pstat-ab-${process.pid}-${randomBytes(6).toString('hex')}`);
}

/** Checks a revision out into a folder. The repository's hooks do not run. */
export async function addWorktree({ top }: Repository, { hash }: Revision, folder: string): Promise<void> {
  await git(top, [...NO_HOOKS, 'worktree', 'add', '--detach', '--quiet', folder, hash]);
}

const NO_HOOKS = ['-c', 'core.hooksPath=/dev/null'];

/** Never throws. */
export async function removeWorktree({ top }: Repository, folder: string): Promise<void> {
  const { code } = await runGit(top, ['worktree', 'remove', '--force', '--force', folder]);
  if (code === 0) return;
  await rm(folder, { recursive: true, force: true }).catch(() => {});
  await runGit(top, ['worktree', 'prune']);
}

/** Removes the worktrees of a pstat that was killed. */
export async function removeAbandonedWorktrees(repository: Repository): Promise<void> {
  const list = await git(repository.top, ['worktree', 'list', '--porcelain', '-z']);
  for (const line of list.split('\0')) {
    const [, folder = ''] = /^worktree (.*)$/s.exec(line) ?? [];
    const [, pid] = WORKTREE_NAME.exec(folder) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) await removeWorktree(repository, folder);
  }
}

/** Throws PstatError (`unreadable`) with what git printed. */
export async function git(folder: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runGit(folder, args);
  if (code !== 0) throw gitFailed(args.find((word) => /^[a-z]/.test(word) && !word.includes('=')) ?? '', stderr);
  return stdout;
}

interface GitResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The code of a git that was ended by a signal, or that printed too much. */
const ENDED_EARLY = 128;

/** Bytes of a diff. */
const MAX_OUTPUT = 1 << 28;

/**
 * Throws PstatError (`query`) if git is not installed.
 *
 * @param timeout ms; 0 for none
 */
export function runGit(folder: string, args: readonly string[], timeout = 0): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    // A group of its own would be needed to keep Ctrl+C from git; its commands here are short and can be repeated.
    const options = { cwd: folder, env: gitEnvironment(), maxBuffer: MAX_OUTPUT, timeout };
    execFile('git', args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else if (errnoCodeOf(error) === 'ENOENT') reject(noGit());
      else resolve({ code: ENDED_EARLY, stdout, stderr: stderr === '' ? error.message : stderr });
    });
  });
}

/** Without what git sets for its hooks, which names another working tree. Reading does not refresh the user's index. */
function gitEnvironment(): NodeJS.ProcessEnv {
  const own = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];
  const others = Object.entries(process.env).filter(([name]) => !own.includes(name));
  return { ...Object.fromEntries(others), GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
}
