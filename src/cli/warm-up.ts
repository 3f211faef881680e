/** Run by the build in the folder of the bundled command: keeps what V8 compiles of the program for a few usual runs. */

import { writeFileSync } from 'node:fs';
import { COMPILED, evaluated, scriptOf } from './compiled.ts';
import type { Io, Output } from './io.ts';

/** What people ask most; of the rest V8 compiles what it needs. */
const QUESTIONS = ['--sort=tottime', '--color=always'];

function silent(): Io {
  const output: Output = { isTTY: false, columns: undefined, opensLinks: async () => false, write: () => {} };
  return { stdout: output, stderr: output, stdin: (async function* () {})(), env: {}, terminal: null };
}

async function warmUp(profiles: readonly string[]): Promise<void> {
  const script = scriptOf();
  const { run } = evaluated<typeof import('./program.ts')>(script);
  for (const profile of profiles)
    for (const question of QUESTIONS) {
      const code = await run([profile, question], silent());
      if (code !== 0) throw new Error(`the build asked ${question} of ${profile}, and it ended with ${code}`);
    }
  writeFileSync(COMPILED, script.createCachedData());
}

void warmUp(process.argv.slice(2));
