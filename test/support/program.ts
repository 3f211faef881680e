/** Runs programs in a Node process and reads their profiles. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { readProfile, Stats } from '../../src/index.ts';
import type { RequestFacts } from '../../src/record/request/messages.ts';

/** ms; a program that does not end fails the test. */
const LONGEST = 20_000;

const DIST = new URL('../../dist/record/', import.meta.url);
const ASKING = new URL('../record/programs/asking.mjs', import.meta.url).href;
/** As in the README: Node resolves a package's own name inside the package. */
export const PRELOAD = 'pstat-cli/register';

/** The request metadata of a profile, under the key `pstat`. */
export type Facts = RequestFacts & {
  readonly busy: number;
  readonly others: number;
  readonly unattributed: number;
};

export interface RequestFile {
  readonly name: string;
  readonly facts: Facts;
  readonly functions: readonly string[];
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  /** In order of their names. */
  readonly files: readonly RequestFile[];
}

export interface Program {
  readonly options?: readonly string[];
  /** Environment variables besides PSTAT_PROFILE_DIR. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the profiles go; `{dir}` of a program is the same. Default: a new folder. */
  readonly dir?: string;
}

/** Runs an ES module that may use `http`, `profiler`, `ask`, `listening`, `pause`, `work`, `dir`. */
export async function runProgram(source: string, program: Program = {}): Promise<Ended> {
  const dir = program.dir ?? path.join(mkdtempSync(path.join(tmpdir(), 'pstat-program-')), 'profiles');
  const module = `import http from 'node:http';
    import { ask, listening, pause, work } from ${JSON.stringify(ASKING)};
    import { profiler } from ${JSON.stringify(new URL('profiler.js', DIST).href)};
    const dir = ${JSON.stringify(dir)};
    ${source}`;
  return runNode([...(program.options ?? []), '--input-type=module', '-e', module], dir, program.environment ?? {});
}

/** As above, with the preload script, which profiles all requests. */
export function runPreloaded(source: string, program: Program = {}): Promise<Ended> {
  return runProgram(source, { ...program, options: ['--import', PRELOAD, ...(program.options ?? [])] });
}

export async function runNode(
  args: readonly string[],
  dir: string,
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: '', PSTAT_PROFILE_DIR: dir, ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: LONGEST });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: child.exitCode, files: requestFiles(dir) };
}

export function requestFiles(dir: string): RequestFile[] {
  if (!existsSync(dir)) return [];
  const names = readdirSync(dir).sort();
  return names.map((name) => {
    const bytes = readFileSync(path.join(dir, name));
    const { rows } = new Stats(readProfile(bytes, name)).functions({ limit: 0 });
    return { name, facts: JSON.parse(bytes.toString()).pstat, functions: rows.map((row) => row.name) };
  });
}
