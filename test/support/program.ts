/** Runs programs of a test in a Node process of their own, and reads the profiles that they write. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { readProfile, Stats } from '../../src/index.ts';
import type { WrittenRequestFacts } from '../../src/record/request/messages.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** ms. A program that does not end fails its test. */
const MAX_DURATION = 20_000;

const DIST = new URL('../../dist/record/request/', import.meta.url);
const CLIENT = new URL('../record/programs/client.mjs', import.meta.url).href;
/** The name in the README: Node resolves a package's own name from within it. */
export const PRELOAD = 'pstat-cli/register';

/** What the profile of a request holds under the key `pstat`. */
export type Facts = WrittenRequestFacts & {
  readonly busy: number;
  readonly profiler: number;
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
  readonly signal: NodeJS.Signals | null;
  /** Sorted by name. */
  readonly files: readonly RequestFile[];
}

export interface Program {
  readonly options?: readonly string[];
  /** In addition to PSTAT_PROFILE_DIR. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The folder of the profiles, also `dir` in the program. Default: a new folder. */
  readonly dir?: string;
}

/** Runs an ES module that may use `http`, `profiler`, `fetchFrom`, `listen`, `pause`, `work`, `dir`. */
export async function runProgram(source: string, program: Program = {}): Promise<Ended> {
  const dir = program.dir ?? path.join(temporaryFolder('program'), 'profiles');
  const module = `import http from 'node:http';
    import { fetchFrom, listen, pause, work } from ${JSON.stringify(CLIENT)};
    import { profiler } from ${JSON.stringify(new URL('profiler.js', DIST).href)};
    const dir = ${JSON.stringify(dir)};
    ${source}`;
  return runNode([...(program.options ?? []), '--input-type=module', '-e', module], dir, program.environment ?? {});
}

/** Runs the module with the preload, which profiles all of its servers. */
export function runPreloaded(source: string, program: Program = {}): Promise<Ended> {
  return runProgram(source, { ...program, options: ['--import', PRELOAD, ...(program.options ?? [])] });
}

export async function runNode(
  args: readonly string[],
  dir: string,
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: '', PSTAT_PROFILE_DIR: dir, ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: MAX_DURATION });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code: child.exitCode, signal: child.signalCode, files: requestFiles(dir) };
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
