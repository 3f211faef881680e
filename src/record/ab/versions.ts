/** The two versions that `pstat ab` runs: where, and with which command. */

import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { noFolder, noFolderInRevision } from './errors.ts';
import {
  addWorktree,
  describeWorkingTree,
  findRevision,
  nameWorktree,
  openRepository,
  type Repository,
  type Revision,
  removeAbandonedWorktrees,
  removeWorktree,
} from './git.ts';

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/** What the user asks to run in turn. */
export type Plan =
  | { readonly kind: 'commands'; readonly before: string; readonly after: string }
  | { readonly kind: 'folders'; readonly before: string; readonly after: string; readonly command: Command }
  | RevisionsPlan;

export interface RevisionsPlan {
  readonly kind: 'revisions';
  readonly before: string;
  /** null: the working tree as it is */
  readonly after: string | null;
  readonly command: Command;
  /** Run by the shell in each worktree before anything else. */
  readonly setup: string | null;
}

interface Place {
  readonly cwd: string;
  /** The folder that its files' names are shortened by. */
  readonly root: string;
}

/** A version before there is a place for it. */
export interface PlannedVersion extends Command {
  /** In words, for the screen. */
  readonly label: string;
  /** What must be equal for runs of another time to be of the same version. */
  readonly identity: string;
  readonly place: Place | { readonly repository: Repository; readonly revision: Revision };
}

/** A version that can run. */
export interface Version extends Command, Place {
  readonly label: string;
}

/** A command line, run by the shell. */
export function shellCommand(text: string): Command {
  return process.platform === 'win32'
    ? { command: process.env['ComSpec'] ?? 'cmd.exe', args: ['/d', '/s', '/c', text] }
    : { command: '/bin/sh', args: ['-c', text] };
}

export interface Planned {
  readonly before: PlannedVersion;
  readonly after: PlannedVersion;
}

/** Throws PstatError (`query`) for folders and revisions that do not exist. Changes nothing. */
export async function planVersions(plan: Plan): Promise<Planned> {
  if (plan.kind === 'commands') return { before: commandVersion(plan.before), after: commandVersion(plan.after) };
  if (plan.kind === 'folders') {
    const { before, after, command } = plan;
    return { before: folderVersion(before, command), after: folderVersion(after, command) };
  }
  const repository = await openRepository();
  const before = await revisionVersion(repository, plan.before, plan);
  const after =
    plan.after === null
      ? await workingTreeVersion(repository, plan.command)
      : await revisionVersion(repository, plan.after, plan);
  return { before, after };
}

function commandVersion(text: string): PlannedVersion {
  const cwd = realpathSync('.');
  return { ...shellCommand(text), label: text, identity: JSON.stringify([text, cwd]), place: { cwd, root: cwd } };
}

function folderVersion(folder: string, command: Command): PlannedVersion {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw noFolder(folder);
  const root = realpathSync(folder);
  return { ...command, label: folder, identity: JSON.stringify([command, root]), place: { cwd: root, root } };
}

async function workingTreeVersion(repository: Repository, command: Command): Promise<PlannedVersion> {
  const { top: root, prefix } = repository;
  const { hash, changes } = await describeWorkingTree(repository);
  return {
    ...command,
    label: `working tree (${shortHash(hash)}${changes === null ? '' : ' and changes'})`,
    identity: JSON.stringify([command, hash, changes, repository]),
    place: { cwd: path.join(root, prefix), root },
  };
}

async function revisionVersion(
  repository: Repository,
  name: string,
  { command, setup }: Pick<RevisionsPlan, 'command' | 'setup'>,
): Promise<PlannedVersion> {
  const revision = await findRevision(repository, name);
  const { hash } = revision;
  return {
    ...command,
    label: hash.startsWith(name) ? shortHash(hash) : `${name} (${shortHash(hash)})`,
    identity: JSON.stringify([command, hash, setup, repository.prefix]),
    place: { repository, revision },
  };
}

export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}

/** Makes places for versions, and removes them. */
export class Worktrees {
  readonly #made: { readonly repository: Repository; readonly folder: string }[] = [];

  /** Throws PstatError if git cannot check the revision out. */
  async place({ place, label, command, args }: PlannedVersion): Promise<Version & { readonly isNew: boolean }> {
    if (!('revision' in place)) return { label, command, args, ...place, isNew: false };
    const { repository, revision } = place;
    if (this.#made.length === 0) await removeAbandonedWorktrees(repository);
    const root = nameWorktree();
    this.#made.push({ repository, folder: root });
    await addWorktree(repository, revision, root);
    const cwd = path.join(root, repository.prefix);
    if (!existsSync(cwd)) throw noFolderInRevision(repository.prefix, label);
    return { label, command, args, cwd, root, isNew: true };
  }

  /** Never throws. */
  async remove(): Promise<void> {
    for (const { repository, folder } of this.#made.splice(0)) await removeWorktree(repository, folder);
  }
}
