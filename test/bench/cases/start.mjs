/**
 * From the command to the answer about a small file, for the package as npm installs it, beside a program that parses the
 * same options with yargs. On Node 22.1 and later both have a compile cache, filled by a run that is not measured.
 */

import * as module from 'node:module';
import path from 'node:path';
import { benchFile, bundleScript, isInstalled, NOT_INSTALLED, PSTAT, profileOf, ROOT, SMALL_PROF } from '../inputs.mjs';
import { command, compareRuns, measureRun, node, python } from '../processes.mjs';

/** What reading, summing and printing may take beside parsing the options. Before 22.1, Node has no compile cache. */
const MAX_RATIO = 'enableCompileCache' in module ? 1.25 : 1.4;
/** Starts are short: so many pairs take no longer than other cases, and the least of them is steady. */
const MIN_PAIRS = 40;

export async function* start({ folder, runs }) {
  const pairs = Math.max(MIN_PAIRS, runs);
  yield* againstYargs(folder, pairs);
  const own = await bundleScript(path.join(folder, 'own'), benchFile('yargs-only.mjs'), {
    alias: { 'yargs/yargs': path.join(ROOT, 'node_modules/yargs/yargs.mjs') },
  });
  for (const [name, script, ...args] of [
    ['pstat an 84 kB .prof', PSTAT, SMALL_PROF],
    ['pstat --version', PSTAT, '--version'],
    ['yargs 17 alone, as in pstat', own, SMALL_PROF],
  ]) {
    yield { name: `start: ${name} / node -e 0`, ...compareRuns(node(script, ...args), node('-e', '0'), pairs) };
  }
  yield againstPython(pairs);
}

/** Beside the newest yargs, which is installed for the bench: what pstat's own costs is part of what is measured. */
async function* againstYargs(folder, pairs) {
  const { file } = profileOf(folder, { megabytes: 0.2 });
  const cases = { '--version': ['--version'], 'an 84 kB .prof': [SMALL_PROF], 'a 200 kB .cpuprofile': [file] };
  // An ES module with a `__dirname` of its own.
  const yargsOnly = isInstalled('yargs')
    ? await bundleScript(folder, benchFile('yargs-only.mjs'), { banner: {} })
    : null;
  for (const [each, args] of Object.entries(cases)) {
    const name = `start: pstat ${each} / yargs 18 alone`;
    if (yargsOnly === null) {
      yield { name, failure: NOT_INSTALLED };
      continue;
    }
    const [pstat, parser] = [node(PSTAT, ...args), node(yargsOnly, ...args)];
    for (const one of [pstat, parser]) measureRun(one);
    const figures = compareRuns(pstat, parser, pairs);
    yield { name, ...figures, bars: [atMost(MAX_RATIO, figures)] };
  }
}

function againstPython(pairs) {
  const name = 'start: pstat an 84 kB .prof / Python’s pstats';
  const interpreter = python();
  if (interpreter === null) return { name, failure: 'no python3 here' };
  const figures = compareRuns(node(PSTAT, SMALL_PROF), pythonTop(interpreter, SMALL_PROF), pairs);
  return { name, ...figures, bars: [{ wanted: 'time ≤ 1.00', isMet: figures.time[1] <= 1 }] };
}

/** Sort, and print 20, as `pstat FILE` does. */
export function pythonTop(interpreter, file) {
  const program = 'import pstats, sys; pstats.Stats(sys.argv[1]).sort_stats("tottime").print_stats(20)';
  return command(interpreter, '-c', program, file);
}

/** @param least the ratio of the least times, which a busy machine disturbs less than a median */
function atMost(ratio, { least }) {
  return { wanted: `least ÷ least ≤ ${ratio.toFixed(2)}, was ${least.toFixed(2)}`, isMet: least <= ratio };
}
