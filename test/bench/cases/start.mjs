/** Until the first answer: what a user waits for who asks about little. */

import { bundled, own, PSTAT, profileOf, SMALL_PROF } from '../inputs.mjs';
import { command, compared, node, python } from '../processes.mjs';

const LONGEST = 1.25;

export async function* start({ folder, runs }) {
  const parse = await bundled(folder, own('yargs-only.mjs'));
  const { file } = profileOf(folder, { megabytes: 0.2 });
  const cases = { '--version': ['--version'], 'an 84 kB .prof': [SMALL_PROF], 'a 200 kB .cpuprofile': [file] };
  // These are short: more of them, in the same time, give a steadier median.
  const pairs = 3 * runs;
  for (const [name, args] of Object.entries(cases)) {
    const figures = compared(node(PSTAT, ...args), node(parse, ...args), pairs);
    yield { name: `start: pstat ${name} / yargs alone`, ...figures, bars: [within(LONGEST, figures)] };
  }
  yield { name: 'start: yargs alone / node -e 0', ...compared(node(parse, '--version'), node('-e', '0'), pairs) };
  yield { name: 'start: pstat --version / node -e 0', ...compared(node(PSTAT, '--version'), node('-e', '0'), pairs) };
  yield againstPython(pairs);
}

function againstPython(pairs) {
  const name = 'start: pstat an 84 kB .prof / Python’s pstats';
  const interpreter = python();
  if (interpreter === null) return { name, failure: 'no python3 here' };
  const figures = compared(node(PSTAT, SMALL_PROF), pythonTop(interpreter, SMALL_PROF), pairs);
  return { name, ...figures, bars: [within(1, figures)] };
}

/** Sort, and print 20, as `pstat FILE` does. */
export function pythonTop(interpreter, file) {
  const program = 'import pstats, sys; pstats.Stats(sys.argv[1]).sort_stats("tottime").print_stats(20)';
  return command(interpreter, '-c', program, file);
}

function within(most, { time }) {
  return { wanted: `time ≤ ${most.toFixed(2)}`, isMet: time[1] <= most };
}
