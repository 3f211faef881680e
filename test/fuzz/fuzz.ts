/** Feeds mutated files and random arguments to pstat, and collects what is wrong. Everything follows from the seed. */

import { pick, type Random, seeded } from '../support/seeded.ts';
import { problemOfArguments, randomArguments, randomLines } from './arguments.ts';
import { type Draw, problemOfReading, problemOfScanning, problemOfSourceMap } from './check.ts';
import { problemOfAnswers } from './check-answers.ts';
import { type CommandProblem, problemOfCommand } from './commands.ts';
import { mutate } from './mutate.ts';
import { holdsMappings, seedFiles } from './seeds.ts';

export { seeded };

export interface Failure {
  /** What pstat was given: the bytes of a file, arguments, or a command and its files. */
  readonly input: Uint8Array | readonly string[] | CommandProblem;
  readonly problem: string;
}

/** Checks one file in every way. */
export function problemOf(bytes: Uint8Array, random: Random): Promise<string | null> {
  return problemOfChecks(bytes, random, (items) => items);
}

async function problemOfChecks(bytes: Uint8Array, random: Random, draw: Draw): Promise<string | null> {
  // The scanner takes ten times as long to start as a file to read.
  const isScanned = draw([true, false, false, false])[0];
  const checks = [
    ...(isScanned ? [() => problemOfScanning(bytes, 1 + random(bytes.length + 1))] : []),
    () => problemOfReading(bytes, draw),
    () => problemOfAnswers(bytes, random, draw),
    ...(holdsMappings(bytes) ? [() => problemOfSourceMap(bytes)] : []),
  ];
  try {
    for (const check of draw(checks)) {
      const problem = await check();
      if (problem !== null) return problem;
    }
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Of a hundred cases, those that are a command on folders of files, lines for the shell, and arguments. */
const COMMAND = 49;
const SHELL = 74;
const ARGUMENTS = 99;

/** As many cases as wanted: files, each checked in one way, and now and then arguments. */
export async function* fuzz(seed: string, cases: number): AsyncGenerator<Failure> {
  const random = seeded(seed);
  const seeds = await seedFiles();
  const drawOne: Draw = (items) => [pick(items, random)];
  for (let i = 0; i < cases; i++) {
    const kind = i % 100;
    if (kind === COMMAND) {
      const input = await problemOfCommand(seeds, random);
      if (input !== null) yield { input, problem: `${input.command}: ${input.problem}` };
    } else if (kind === SHELL || kind === ARGUMENTS) {
      const args = kind === SHELL ? ['shell', 'samples/GET.resource_providers.prof'] : randomArguments(random);
      const lines = kind === SHELL ? randomLines(random) : ['stats 3'];
      const problem = await problemOfArguments(args, lines);
      if (problem !== null) yield { input: [...args, ...lines], problem };
    } else {
      const input = mutate(seeds, random);
      const problem = await problemOfChecks(input, random, drawOne);
      if (problem !== null) yield { input, problem };
    }
  }
}
