/** Command lines that cannot work are answered with what they were probably meant to be. */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { COMMAND_NAMES, COMMANDS } from '../../src/cli/commands.ts';
import { optionNames } from '../../src/cli/options.ts';
import { SYNONYMS } from '../../src/cli/synonyms.ts';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILE = 'samples/resource-providers.cpuprofile';
const PROF = 'samples/GET.resource_providers.prof';

test.each([
  ['callrs F', 'callrs: no such file or folder; did you mean `pstat callers F`?'],
  ['callrs handler F -n 3', 'callrs: no such file or folder; did you mean `pstat callers handler F -n 3`?'],
  ['Compare F F', 'Compare: no such file or folder; did you mean `pstat compare F F`?'],
  ['F top', 'top: no such file or folder; did you mean `pstat top F`?'],
  ['F top --sort cumtime', 'top: no such file or folder; did you mean `pstat top F --sort cumtime`?'],
  ['--sort cumtime F top', 'top: no such file or folder; did you mean `pstat top F --sort cumtime`?'],
  ['F callers handler', 'callers: no such file or folder; did you mean `pstat callers handler F`?'],
  ['handler callers F', 'handler: no such file or folder; did you mean `pstat callers handler F`?'],
  ['callers F wantsVersion', 'wantsVersion: no such file or folder; did you mean `pstat callers wantsVersion F`?'],
  ['callers F F wantsVersion', 'wantsVersion: no such file or folder; did you mean `pstat callers wantsVersion F F`?'],
  [
    'callers F',
    "no file given after the function 'F'; write `pstat callers FUNCTION FILES…`; F is a file, and the function comes before it",
  ],
  [
    'list F --sort tottime',
    '--sort does not go with list, but with top, callers, callees, compare, ab, record, attach and requests',
  ],
  ['stats 10 F', 'stats: no such file or folder; did you mean `pstat top --limit 10 F`?'],
  ['top10 F', 'top10: no such file or folder; did you mean `pstat top --limit 10 F`?'],
  ['sort tottime F', 'sort: no such file or folder; did you mean `pstat top --sort tottime F`?'],
  ['diff F F', 'diff: no such file or folder; did you mean `pstat compare F F`?'],
  ['peek handler F', 'peek: no such file or folder; did you mean `pstat callers handler F`?'],
  ['F main', 'main: no such file or folder; for a function of that name, `pstat callers main FILES…`'],
  ['flame main F', 'main: no such file or folder; for a function of that name, `pstat callers main FILES…`'],
  ['compare F nope', 'nope: no such file or folder'],
  ['list main', 'main: no such file or folder; for a function of that name, `pstat list main FILES…`'],
  ['hepl', 'hepl: no such file or folder; did you mean `pstat help`?'],
  ['F -- --limit', '--limit: no such file or folder; options stand before --'],
  [
    'http://localhost/a.cpuprofile',
    'http://localhost/a.cpuprofile: no such file or folder; pstat reads files: `curl -s http://localhost/a.cpuprofile | pstat -`',
  ],
  [
    'convert F out.pb.gz',
    'neither -o FILE nor --to FORMAT is given; choose with --to: prof, cpuprofile, speedscope, firefox, pprof, folded, callgrind; did you mean `pstat convert F -o out.pb.gz`?',
  ],
  [
    'convert F --to pprff -o out',
    "--to 'pprff' is neither a format (prof, cpuprofile, speedscope, firefox, pprof, folded, callgrind) nor a time such as 1.2s; did you mean pprof?",
  ],
  ['F --value space', "F: has one value a sample, so no value 'space'; read it without naming one"],
  ['list main F --source-path no-folder', 'no-folder: no such file or folder'],
  ['list main F --source-path F', "--source-path 'F' is not a folder"],
  [
    'attach --for 1s',
    'attach takes one PID, :PORT or URL, and none is given; `pstat attach` alone lists the Node processes',
  ],
  [
    'ab -n 3 HEAD node app.js',
    'no command to run; it stands after --, as in `pstat ab HEAD -- node bench.js`; did you mean `pstat ab -n 3 HEAD -- node app.js`?',
  ],
  [
    'ab node app.js',
    'no command to run; it stands after --, as in `pstat ab HEAD -- node bench.js`; did you mean `pstat ab HEAD -- node app.js`?',
  ],
  [
    'record src/index.ts',
    "cannot run 'src/index.ts': not a program that may be run; to run it with Node, `pstat record -- node src/index.ts`",
  ],
  ['record nodee app.js', "cannot run 'nodee': no such program; did you mean node?"],
  ['completion basg', "no completion for 'basg'; there is bash, zsh, fish; did you mean bash?"],
  ['F 10', '10: no such file or folder; did you mean --limit 10?'],
  ['F -10', '-10: no such file or folder; did you mean --limit 10?'],
  ['--sort tottime cumtime F', 'cumtime: no such file or folder; did you mean --sort tottime,cumtime?'],
  [
    '--filter F',
    'no file given; name a profile, a folder of them, or - for standard input; F was read as the value of --filter',
  ],
  [
    'callers handler --filter F',
    "no file given after the function 'handler'; write `pstat callers FUNCTION FILES…`; F was read as the value of --filter",
  ],
  ['requests F', 'F: a file where a folder was expected; `pstat F` shows a file'],
  ['version', 'version: no such file or folder; did you mean --version?'],
  ['node app.js', 'node: no such file or folder; to profile a program, `pstat record -- node app.js`'],
  [
    'samples/resource-provider.cpuprofile',
    'samples/resource-provider.cpuprofile: no such file or folder; did you mean F?',
  ],
  ['--srot tottime F', 'unknown option --srot; did you mean --sort?'],
  ['--top 5 F', 'unknown option --top; did you mean --limit?'],
  ['--top=5 F', 'unknown option --top; did you mean --limit=5?'],
  ['--colour F', 'unknown option --colour; did you mean --color?'],
  ['--colour=never F', 'unknown option --colour; did you mean --color=never?'],
  ['-sort=cum F', 'unknown option -sort; did you mean --sort=cum?'],
  ['-sort cum F', 'unknown option -sort; did you mean --sort?'],
  ['-filter handler F', 'unknown option -filter; did you mean --filter?'],
  ['-format json F', 'unknown option -format; did you mean --format?'],
  ['-top F', 'unknown option -top; did you mean `pstat [top] FILES…`?'],
  ['-cum F', 'unknown option -cum; did you mean --sort cumtime?'],
  ['-flat F', 'unknown option -flat; did you mean --sort tottime?'],
  ['-nodecount=10 F', 'unknown option -nodecount; did you mean --limit=10?'],
  ['-peek handler F', 'unknown option -peek; did you mean `pstat callers FUNCTION FILES…`?'],
  ['-version', 'unknown option -version; did you mean --version?'],
  ['-help', 'unknown option -help; did you mean --help?'],
  ['--fail_above 5% F', 'unknown option --fail_above; did you mean --fail-above?'],
  ['--csv F', 'unknown option --csv; did you mean --format csv?'],
  ['--fail-above 5% F', '--fail-above does not go with top, but with compare and ab'],
  ['compare F F --fail-on total', '--fail-on needs --fail-above, the threshold: --fail-above 5%'],
  ['compare F F --strict', '--strict needs --fail-above, the threshold: --fail-above 5%'],
])('pstat %s: %s', async (command, message) => {
  const named = (text: string) => text.replaceAll(/\bF\b/g, FILE);
  const { stdout, stderr, code } = await pstat(command.split(' ').map(named));
  expect(stderr).toBe(`pstat: ${named(message)}\n`);
  expect([stdout, code]).toEqual(['', 2]);
});

test('words of other tools stand for commands and options that exist', () => {
  const known = new Set([...COMMAND_NAMES, ...optionNames().map((name) => `--${name}`)]);
  for (const [word, meaning] of Object.entries(SYNONYMS)) {
    for (const part of meaning.split(' ')) expect(known, word).toContain(part);
  }
});

test.each(['top', 'tree', 'callers', 'requests'])(
  'where a file is named %s, it is said how to name it',
  async (name) => {
    const home = process.cwd();
    const folder = temporaryFolder('named-as-command');
    await writeFile(path.join(folder, name), '');
    process.chdir(folder);
    const { stderr, code } = await pstat([name]).finally(() => process.chdir(home));
    expect(stderr).toMatch(new RegExp(`; for the file of that name, write \\./${name}\n$`));
    expect(code).toBe(2);
  },
);

test.each(['-x.cpuprofile', '--sorted'])(
  'the file %s, read as an option, is named as it must be written',
  async (name) => {
    const home = process.cwd();
    const folder = temporaryFolder('named-as-option');
    await writeFile(path.join(folder, name), '');
    process.chdir(folder);
    const { stderr } = await pstat([name]).finally(() => process.chdir(home));
    expect(stderr).toBe(`pstat: unknown option ${name}; for the file of that name, write ./${name}\n`);
  },
);

test('of a broken report, which requests reads, nothing is said about folders', async () => {
  const file = path.join(temporaryFolder('broken-report'), 'report.html');
  for (const text of ['', 'x']) {
    await writeFile(file, text);
    const { stderr } = await pstat(['requests', file]);
    expect(stderr).toMatch(text === '' ? /: the file is empty;/ : /: not a profile pstat knows;/);
    expect(stderr).not.toContain('shows a file');
  }
});

test('words that are quoted for the shell stay quoted', async () => {
  const { stderr } = await pstat(['calers', '/(get /', "it's", '*.prof', FILE]);
  expect(stderr).toContain(`did you mean \`pstat callers '/(get /' 'it'\\''s' '*.prof' ${FILE}\`?`);
});

test('letters of options may stand together', async () => {
  const plain = await pstat([FILE, '--reverse', '--limit', '5']);
  expect(await pstat([FILE, '-rn5'])).toEqual(plain);
  expect(await pstat([FILE, '-rn', '5'])).toEqual(plain);
  expect((await pstat(['-vh'])).code).toBe(0);
});

test('pstat alone prints the commands on stderr and exits with 2', async () => {
  const { stdout, stderr, code } = await pstat([]);
  for (const { usage } of COMMANDS) expect(stderr).toContain(`  pstat ${usage} `);
  expect([stdout, code]).toEqual(['', 2]);
});

test.each(['-v', '-V', '--version'])('%s prints the version', async (option) => {
  expect(await pstat([option])).toMatchObject({ stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), code: 0 });
});

test('a file as standard input is read where no file is named, and a pipe only for -', async () => {
  const { readFile } = await import('node:fs/promises');
  const stdin = await readFile(PROF);
  for (const args of [[], ['--limit', '3'], ['top'], ['callers', 'append'], ['--format', 'pstats']]) {
    const { stdout, code } = await pstat(args, { stdin, stdinIsFile: true });
    expect(stdout).toMatch(/^standard input: Python profile|^ +54663 function calls/);
    expect(code).toBe(0);
    expect((await pstat(args, { stdin })).code).toBe(2);
  }
});

test('help explains an option, whichever way it is written', async () => {
  for (const word of ['limit', '--limit']) {
    const { stdout, code } = await pstat(['help', word]);
    expect(stdout).toMatch(/^-n, --limit N\|N%\n {2}Show at most N rows;/);
    expect(code).toBe(0);
  }
});

test('the help of compare offers no format that it rejects and does not end in the page on statistics', async () => {
  const { stdout } = await pstat(['compare', '--help']);
  expect(stdout).not.toMatch(/\bprof\b|pstats/);
  expect(stdout).not.toContain('Mann-Whitney');
  expect((await pstat(['help', 'compare'])).stdout).toContain('Mann-Whitney');
});
