/** pstat ab: command lines that cannot work are answered before anything runs. */

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const used = temporaryFolder('ab-test');
writeFileSync(path.join(used, 'notes.txt'), 'mine');

test.each([
  ['', "nothing to compare; write `pstat ab HEAD -- node bench.js`, or --before 'node old.js' --after 'node new.js'"],
  ['HEAD', 'no command to run; it stands after --, as in `pstat ab HEAD -- node bench.js`'],
  [
    'HEAD node bench.js',
    'no command to run; it stands after --, as in `pstat ab HEAD -- node bench.js`; did you mean `pstat ab HEAD -- node bench.js`?',
  ],
  ['a b c -- node x.js', 'ab takes one or two revisions, and 3 are given; a command stands after --'],
  ['--before x', '--after is missing: --before and --after go together'],
  ['--after x', '--before is missing: --before and --after go together'],
  ['--before x --after y z', "--before and --after name both versions, so 'z' is too much; a command stands after --"],
  ['--before x --after y --setup z', '--setup prepares worktrees of revisions; prepare folders and commands yourself'],
  [
    '--before nowhere --after nowhere -- node x.js',
    'nowhere: not a folder; --before and --after with a command after -- name two folders',
  ],
  ['--bisect HEAD -- node x.js', '--bisect takes two revisions: `pstat ab --bisect GOOD BAD -- node bench.js`'],
  [
    '--bisect a b --fail-above 5% -- node x.js',
    '--bisect has exit codes of its own, so it does not go with --fail-above',
  ],
  ['--load x HEAD -- node x.js', "--load is the load on a server: add --requests '/path', the requests to compare"],
  ['--requests /x HEAD -- node x.js', "--requests needs --load 'node load.js', the command that sends them"],
  [
    '--profiler cprofile --load x HEAD -- python x.py',
    '--load does not go with --profiler cprofile: servers are recorded by v8 alone',
  ],
  [
    '--profiler cprofile --interval 1ms HEAD -- python x.py',
    '--interval does not go with --profiler cprofile: cProfile traces every call',
  ],
  [
    '--profiler cprofile --before x --after y',
    "cProfile records python SCRIPT and python -m MODULE, and 'x' is neither",
  ],
  ['--until 5 --before x --after y', "--until '5' is not a percentage above 0% and up to 100%, such as 5%"],
  [
    '--until 5% -n 4 --before x --after y',
    '--until runs as many blocks as it takes: --max N in place of -n limits them',
  ],
  ['--max 4 --before x --after y', '--max limits --until, which is missing: --until 5%; -n N runs N blocks'],
  ['--until 5% --max 5 --before x --after y', "--max '5' is not a number from 6 to 1000"],
  ['--exit-code x --before x --after y', "--exit-code 'x' is not a number from 0 to 255"],
  [
    '--exit-code 1 --requests /x --load y HEAD -- node x.js',
    '--exit-code does not go with --requests: pstat ends the server by a signal',
  ],
  ['-n 0 --before x --after y', "--blocks '0' is not a number from 1 to 1000"],
  ['-nfew --before x --after y', "--blocks 'few' is not a number from 1 to 1000"],
  ['--before x --after y --interval 1', "--interval '1' is not a time between 50us and 1s"],
  ['--before x --after y --fail-on total', '--fail-on needs --fail-above, the threshold: --fail-above 5%'],
  ['--before x --after y -x /(/', "the regular expression '/(/' does not parse: unterminated group"],
  [`--before x --after y --dir ${used}`, `${used}: holds other files; name a new folder with --dir`],
])('pstat ab %s: %s', async (line, message) => {
  const { stdout, stderr, code } = await pstat(['ab', ...line.split(' ').filter((word) => word !== '')]);
  expect({ stdout, stderr, code }).toEqual({ stdout: '', stderr: `pstat: ${message}\n`, code: 2 });
});

test('-n stands for blocks only with ab', async () => {
  expect((await pstat(['ab', '--help'])).stdout).toMatch(/ -n, --blocks N[\s\S]* {6}--limit N/);
  expect((await pstat(['compare', '--help'])).stdout).toMatch(/ -n, --limit N/);
});
