/** ab: runs two versions of a program in turn, and compares them. */

import { COMPARE_SORT_KEYS } from '../../view/sort-keys.ts';
import type { Command } from '../command.ts';
import { COMPARED_TIME, COMPARED_TIMES, GATE_OPTIONS, OUTPUT_OPTIONS, ROW_OPTIONS } from '../options.ts';

export const ab: Command = {
  name: 'ab',
  usage: 'ab REV [REV] -- COMMAND…',
  describe: 'run two versions in turn, then compare them',
  examples: [
    ['pstat ab HEAD -- node bench.js', 'that revision against the working tree'],
    ['pstat ab --until 5% HEAD -- node bench.js', 'as often as it takes'],
    ["pstat ab -n 20 --setup 'npm ci' v1.2 v1.3 -- node bench.js", 'two revisions'],
    ['pstat ab --bisect v1.2 main -- node bench.js', 'the commit that made it slower'],
    ["pstat ab --requests /users --load 'node load.js' HEAD -- node server.js", 'a server'],
    ['pstat ab --profiler cprofile HEAD -- python bench.py', 'a Python program'],
    ["pstat ab --before 'node old.js' --after 'node new.js'", 'two commands'],
  ],
  options: [
    ...(['before', 'after', 'requests', 'load', 'profiler', 'blocks', 'until', 'max', 'bisect'] as const),
    ...(['setup', 'exit-code', 'interval', 'dir'] as const),
    ...ROW_OPTIONS,
    ...(['time', 'merge-lines', 'source-map', 'focus', 'ignore'] as const),
    ...GATE_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  letters: { n: 'blocks' },
  values: { requests: 'PATTERN' },
  choices: { sort: COMPARE_SORT_KEYS, time: COMPARED_TIMES },
  describes: {
    time: COMPARED_TIME,
    dir: 'Keep the recordings in DIR; the same command with the same DIR goes on where it stopped',
    requests: 'Profile the requests of the server that the command starts; compare those whose route matches',
    interval: 'Set the time between samples. Default: 200us',
    sort: 'Sort by tottime (default) or cumtime: by evidence, then by change; by samples, name, filename or line',
  },
  about: `One REV is compared with the working tree as it is, uncommitted changes
included; two with each other. Each REV is checked out into a git worktree that
is removed at the end; the working tree is not touched. A worktree holds what is
committed: --setup 'npm ci' installs the rest.

With --before DIR --after DIR the command after -- runs in each of two folders;
without a command, --before and --after are command lines of their own.

With --requests the command is a server. Each run starts it, waits until it
listens on a TCP port, runs the --load in the working directory and ends the
server by SIGTERM. A run is one process, however many requests it served: of
functions the mean of its requests counts, of the total the median. PATTERN is
a route as pstat requests prints it, or text in it; several make a row each.

--profiler cprofile runs python SCRIPT as python -m cProfile -o FILE SCRIPT, and
python -m MODULE alike. Elapsed and, on Linux, CPU time stand in runs.json beside
the file, which pstat compare reads. cProfile makes sys.exit(1) an exit with 0.

--bisect runs git bisect in a worktree of its own. Each commit is compared with
GOOD; it is bad if it is slower by more than half of what BAD is. At the end the
commit that is found is compared with its parent: the answer begins with the
commit, its change and the function; JSON has them under bisect.

After a warm-up of each, the versions run in blocks: before, after; after,
before; and so on, one at a time. Both versions must exit alike, with 0 or with
--exit-code N: a version that fails early would look faster. A run that exits
otherwise ends the comparison, with what it printed; so does a signal. All
processes of a run count as one.
The total is tested in pairs by the signed-rank test, functions as pstat compare
tests them: see pstat help compare.

--until 5% looks after each block from the 6th on. It stops when the interval is
narrow enough and the verdict is not open (p at most 0.01, or above 0.05), or
after --max blocks. So versions without a difference are called slower or faster
in no more than 5 % of comparisons, however often it looks.`,
  answer: async (_words, args, io) => (await import('./ab-answer.ts')).abAnswer(args, io),
};
