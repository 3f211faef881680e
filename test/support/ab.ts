/** A repository for tests of `pstat ab`, and the command run in it. */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const PSTAT = path.resolve('dist/cli/main.js');

export interface Result {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Stop {
  /** Text on stderr at which it gets the signal. */
  readonly at: string;
  /** @default 'SIGINT' */
  readonly signal?: NodeJS.Signals;
}

export class Repository {
  /** The folder for everything that is temporary. */
  readonly dir = realpathSync(temporaryFolder('ab-test'));
  readonly folder = path.join(this.dir, 'repository');

  constructor() {
    execFileSync('git', ['init', '-q', '-b', 'main', this.folder]);
    this.git('config', 'user.email', 'somebody@example.com');
    this.git('config', 'user.name', 'Somebody');
  }

  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf8' });
  }

  write(file: string, source: string): void {
    writeFileSync(path.join(this.folder, file), source);
  }

  commit(source: string, message: string, file = 'bench.js'): void {
    this.write(file, source);
    this.git('add', '-A');
    this.git('commit', '-q', '-m', message);
  }

  /** The hash as pstat shows it. */
  hash(revision = 'HEAD'): string {
    return this.git('rev-parse', '--short=8', revision).trim();
  }

  pstat(...args: string[]): string {
    return execFileSync(process.execPath, [PSTAT, ...args], { cwd: this.folder, encoding: 'utf8' });
  }

  async ab(args: readonly string[], stop: Stop | null = null): Promise<Result> {
    const child = spawn(process.execPath, [PSTAT, 'ab', ...args], {
      cwd: this.folder,
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', TMPDIR: this.dir },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let seen = '';
    child.stderr.on('data', (data: Buffer) => {
      const isNew = stop !== null && !seen.includes(stop.at) && `${seen}${data}`.includes(stop.at);
      seen += data;
      if (isNew) child.kill(stop.signal ?? 'SIGINT');
    });
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { stdout, stderr, code: child.exitCode, signal: child.signalCode };
  }

  /** What pstat made and did not remove. */
  leftBehind(): string[] {
    expect(this.git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    return readdirSync(this.dir).filter((name) => name.startsWith('pstat-'));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}
