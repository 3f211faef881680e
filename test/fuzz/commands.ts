/** Runs commands on folders of mutated files, as a user would: with other files beside the broken ones. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pstat } from '../support/cli.ts';
import type { Random } from '../support/seeded.ts';
import { problemOfMessage, UNSHOWN } from './check.ts';
import { mutate, pickSeed, type Seeds } from './mutate.ts';

/** `D` is a folder, `F` a file in it, `E` another folder, `O` a path to write to. */
const COMMANDS = [
  'D --skip-broken',
  'D --skip-broken --by line',
  'D --skip-broken --by owner --json',
  'F --by package --format csv',
  'F --format pstats',
  'F --idle --paths full --merge-lines',
  'F --from 1ms --to 2ms',
  'F --focus /a/ --ignore b',
  'callers a D --skip-broken',
  'callees /./ F --format markdown',
  'tree F --estimate --min 0%',
  'tree F --inverted --by package --json',
  'list /./ F',
  'list F',
  'flame F --estimate --width 60',
  'requests D',
  'requests D --json',
  'requests D --route /a --tail 5%',
  'compare D E --skip-broken',
  'compare D E --skip-broken --json --limit 0',
  'compare F F --format folded',
  'compare D E --skip-broken --fail-above 5% --fail-on function --strict',
  'report F --format markdown --budget 300',
  'report F -o O.html',
  'convert F --to cpuprofile',
  'convert D --skip-broken --to firefox',
  'convert F --to callgrind --by package',
  'convert D --skip-broken --to folded --split route -o O',
  'convert F --estimate --to speedscope',
  'F --thread a',
  'F --value space',
  'F --time undisturbed',
];

const NAMES = ['a.cpuprofile', 'GET.a.1.000001ms.1552408596.prof', 'b\u001b\u202e.json', 'c.pb.gz', 'd', 'e.html'];

/** Writes the files of two folders, and runs one command on them. */
export async function problemOfCommand(seeds: Seeds, random: Random): Promise<CommandProblem | null> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pstat-fuzz-'));
  const written: Uint8Array[] = [];
  try {
    for (const name of ['D', 'E']) {
      mkdirSync(path.join(folder, name));
      for (let i = random(4); i >= 0; i--) {
        const bytes = random(2) === 0 ? pickSeed(seeds, random) : mutate(seeds, random);
        writeFileSync(path.join(folder, name, `${i}${NAMES[random(NAMES.length)]}`), bytes);
        written.push(bytes);
      }
    }
    writeFileSync(path.join(folder, 'F'), written[0] ?? '');
    const command = COMMANDS[random(COMMANDS.length)] ?? '';
    const args = command
      .split(' ')
      .map((word) => word.replace(/^[DEFO](?=$|\.html$)/, (name) => path.join(folder, name)));
    const problem = await problemOfRun(args, random(2) === 0 ? 80 : 40);
    return problem === null
      ? null
      : { command, files: written.map((bytes) => Buffer.from(bytes).toString('base64')), problem };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface CommandProblem {
  readonly command: string;
  /** In base64. */
  readonly files: readonly string[];
  readonly problem: string;
}

async function problemOfRun(args: readonly string[], columns: number): Promise<string | null> {
  try {
    const { code, stdout, stderr } = await pstat(args, { columns, env: { NO_COLOR: '1' } });
    if (![0, 1, 2, 3, 4].includes(Number(code))) return `exit code ${code}`;
    if (UNSHOWN.test(stdout + stderr))
      return `unescaped: ${JSON.stringify(UNSHOWN.exec(stdout + stderr)?.[0])} in ${JSON.stringify(stdout + stderr).slice(0, 400)}`;
    if (code === 2 && !/^pstat: /m.test(stderr)) return `exit code 2 without a message: ${stderr}`;
    // `list` prints source text, in which the words are right, and notes on broken files quote what they hold.
    const nonsense = /.{0,80}(?:\bNaN\b(?!, not )|\bundefined\b|\[object).{0,80}/.exec(stdout);
    if (args[0] !== 'list' && nonsense !== null) return `nonsense: ${nonsense[0]}`;
    const lines = stderr.split('\n').filter((line) => line.startsWith('pstat:'));
    return lines.map(problemOfMessage).find((problem) => problem !== null) ?? null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}
