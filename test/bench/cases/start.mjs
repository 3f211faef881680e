/**
 * From the command to the answer about a small file, for the package as npm installs it, beside a program that parses the
 * same options with yargs. On Node 22.1 and later both have a compile cache, filled by a run that is not measured.
 */

import * as module from 'node:module';
import { benchFile, bundleScript, PSTAT, profileOf, SMALL_PROF } from '../inputs.mjs';
import { command, compareRuns, measureRun, node, python } from '../processes.mjs';

/** What reading, summing and printing may take beside parsing the options. Before 22.1, Node has no compile cache. */
const MAX_RATIO = 'enableCompileCache' in module ? 1.25 : 1.4;
/** Starts are short: so many pairs take no longer than other cases, and the least of them is steady. */
const MIN_PAIRS = 40;

export async function* start({ folder, runs }) {
  const yargsOnly = await bundleScript(folder, benchFile('yargs-only.mjs'));
  const { file } = profileOf(folder, { megabytes: 0.2 });
  const cases = { '--version': ['--version'], 'an 84 kB .prof': [SMALL_PROF], 'a 200 kB .cpuprofile': [file] };
  const pairs = Math.max(MIN_PAIRS, runs);
  for (const [name, args] of Object.entries(cases)) {
    const [pstat, parser] = [node(PSTAT, ...args), node(yargsOnly, ...args)];
    for (const each of [pstat, parser]) measureRun(each);
    const figures = compareRuns(pstat, parser, pairs);
    yield { name: `start: pstat ${name} / yargs alone`, ...figures, bars: [atMost(MAX_RATIO, figures)] };
  }
  yield {
    name: 'start: yargs alone / node -e 0',
    ...compareRuns(node(yargsOnly, '--version'), node('-e', '0'), pairs),
  };
  yield {
    name: 'start: pstat --version / node -e 0',
    ...compareRuns(node(PSTAT, '--version'), node('-e', '0'), pairs),
  };
  yield againstPython(pairs);
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
