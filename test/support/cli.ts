/** Runs pstat in this process, with a world made for the test. */

import { type ExitCode, run } from '../../src/cli/run.ts';

export interface World {
  /** Width of the terminal; undefined for a pipe. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: Uint8Array;
  /** Whether the terminal opens links. */
  readonly links?: boolean;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: ExitCode;
}

/** What a person would see: pstat with these arguments, in the project's folder. */
export async function pstat(
  args: readonly string[],
  { columns, env = {}, stdin, links = false }: World = {},
): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    stdout: {
      isTTY: columns !== undefined,
      columns,
      links,
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      isTTY: false,
      columns: undefined,
      links: false,
      write: (text) => {
        stderr += text;
      },
    },
    stdin: (async function* () {
      if (stdin !== undefined) yield stdin;
    })(),
    env,
  });
  return { stdout, stderr, code };
}
