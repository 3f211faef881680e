/** Completion scripts. bash's is sourced and called as Tab would; the others are checked if their shell is installed. */

import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { SORT_KEYS } from '../../src/query/sort-keys.ts';
import { COMPARE_SORT_KEYS } from '../../src/view/sort-keys.ts';
import { pstat } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
let folder = '';
let script = '';

beforeAll(async () => {
  script = (await pstat(['completion', 'bash'])).stdout;
  folder = temporaryFolder('complete');
  for (const name of ['call.prof', 'b.cpuprofile', 'my profile.prof', 'a[1].prof', 'a1.prof', '$(touch pwned).prof']) {
    await writeFile(path.join(folder, name), '');
  }
  await mkdir(path.join(folder, 'profiles'));
});

/** Sources the script and completes the last of these words, as bash does on Tab. */
const PRESS_TAB = `
eval "$SCRIPT"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_pstat
printf '%s\\0' "\${COMPREPLY[@]}"
`;

async function complete(...words: readonly string[]): Promise<string[]> {
  const args = ['--norc', '--noprofile', '-c', PRESS_TAB, 'bash', 'pstat', ...words];
  const { stdout, stderr } = await run('bash', args, { cwd: folder, env: { ...process.env, SCRIPT: script } });
  expect(stderr).toBe('');
  return stdout.split('\0').filter((word) => word !== '');
}

describe('bash', () => {
  test('has a valid script', async () => {
    await run('bash', ['-n', '-c', script]);
    const { stdout } = await run('bash', ['--norc', '-eu', '-c', `${script}\n${script}\ncomplete -p pstat`]);
    expect(stdout).toMatch(/-F _pstat pstat\n$/);
  });

  test('completes the first word with commands and files', async () => {
    expect(await complete('cal')).toEqual(['call.prof', 'callers', 'callees']);
    expect(await complete('to')).toEqual(['top']);
    expect(await complete('b')).toEqual(['b.cpuprofile']);
    expect(await complete('')).toEqual(
      expect.arrayContaining(['top', 'help', 'completion', 'b.cpuprofile', 'profiles']),
    );
  });

  test('completes later words with files', async () => {
    expect(await complete('callers', 'f', 'cal')).toEqual(['call.prof']);
    expect(await complete('b.cpuprofile', 'pro')).toEqual(['profiles']);
    expect(await complete('top', 'nothing-like-it')).toEqual([]);
  });

  test.each<[string, string[], string[]]>([
    ['top', ['--by', '--sort', '--focus', '--thread', '--format', '--json', '--help'], []],
    ['callers', ['--sort', '--focus', '--from', '--help'], ['--by']],
    ['callees', ['--sort', '--merge-lines', '--version'], ['--by']],
    ['compare', ['--sort', '--fail-above', '--strict'], ['--by', '--idle']],
    ['b.cpuprofile', ['--by', '--sort'], []],
  ])('completes the options of %s and no others', async (word, wanted, unwanted) => {
    const options = await complete(word, '--');
    expect(options).toEqual(expect.arrayContaining(wanted));
    for (const option of unwanted) expect(options).not.toContain(option);
    expect(new Set(options).size).toBe(options.length);
  });

  test('offers only options that the help lists', async () => {
    for (const command of ['top', 'callers', 'callees']) {
      const { stdout } = await pstat([command, '--help']);
      for (const option of await complete(command, '--')) expect(stdout).toContain(option);
    }
  });

  test('offers only options of compare that its help lists', async () => {
    const { stdout } = await pstat(['compare', '--help']);
    for (const option of await complete('compare', '--')) expect(stdout).toContain(option);
  });

  test('completes topics and commands after help, and shells after completion', async () => {
    expect(await complete('help', '')).toEqual(
      expect.arrayContaining(['formats', 'time', 'patterns', 'json', 'callers']),
    );
    expect(await complete('help', 'pat')).toEqual(['patterns']);
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  test('completes a started option', async () => {
    expect(await complete('top', '--f')).toEqual(['--filter', '--focus', '--from', '--format']);
    expect(await complete('--js')).toEqual(['--json']);
    expect(await complete('callers', 'f', 'x.prof', '--li')).toEqual(['--limit']);
  });

  test.each<[string, string[]]>([
    ['--by', ['function', 'file', 'package', 'category', 'line', 'owner']],
    ['--format', ['table', 'json', 'csv', 'markdown', 'pstats']],
    ['--paths', ['short', 'full', 'base']],
    ['--color', ['auto', 'always', 'never']],
    ['--sort', [...SORT_KEYS]],
  ])('completes the values of %s', async (option, values) => {
    expect(await complete('top', option, '')).toEqual(values);
    expect(await complete(option, values[0]?.slice(0, 2) ?? '')).toContain(values[0]);
  });

  test.each<[string, string, string[]]>([
    ['compare', '--format', ['table', 'json', 'csv', 'markdown', 'folded', 'html']],
    ['report', '--format', ['html', 'markdown']],
    ['requests', '--format', ['table', 'json', 'csv', 'markdown']],
    ['tree', '--by', ['function', 'file', 'package']],
    ['tree', '--time', ['auto', 'counted', 'undisturbed']],
    ['compare', '--time', ['auto', 'undisturbed', 'counted', 'cpu', 'elapsed', 'busy']],
    ['ab', '--sort', [...COMPARE_SORT_KEYS]],
    ['flame', '--format', []],
  ])('completes the values that %s has for %s', async (command, option, values) => {
    expect(await complete(command, option, '')).toEqual(
      values.length === 0 ? await complete(command, 'x', '') : values,
    );
  });

  test('completes the values of a short option', async () => {
    expect(await complete('top', '-s', '')).toEqual([...SORT_KEYS]);
    expect(await complete('-s', 'tott')).toEqual(['tottime']);
  });

  // Bash splits words at = unless COMP_WORDBREAKS was changed.
  test('completes the values of an option after =', async () => {
    expect(await complete('top', '--format', '=')).toEqual(['table', 'json', 'csv', 'markdown', 'pstats']);
    expect(await complete('top', '--format', '=', 'c')).toEqual(['csv']);
    expect(await complete('top', '--format=c')).toEqual(['--format=csv']);
    expect(await complete('--format=')).toContain('--format=table');
  });

  test('completes files after = and after an option with a value', async () => {
    expect(await complete('--format', '=', 'csv', 'b')).toEqual(['b.cpuprofile']);
    expect(await complete('--format=csv', 'b')).toEqual(['b.cpuprofile']);
    expect(await complete('top', '=')).toContain('b.cpuprofile');
  });

  test('completes a file after the value of an option', async () => {
    expect(await complete('--sort', 'tottime', 'b')).toEqual(['b.cpuprofile']);
    expect(await complete('--filter', 'x', 'b')).toEqual(['b.cpuprofile']);
  });

  test('does not run commands in file names or typed words', async () => {
    await complete('');
    await complete('$(touch pwned)');
    await complete('top', '--sort', '`touch pwned`');
    await complete('top', '; touch pwned');
    expect(await complete('pwn')).toEqual([]);
  });

  test('completes a file name with a blank as one word', async () => {
    expect(await complete('my')).toEqual(['my profile.prof']);
  });
  test('does not read a file name with brackets as a pattern', async () => {
    expect(await complete('a[')).toEqual(['a[1].prof']);
  });
});

/** Sources the script and completes what is typed: fish by itself, zsh with what would show candidates replaced. */
const COMPLETE: Readonly<Record<string, (file: string, typed: string) => string[]>> = {
  zsh: (file, typed) => [
    '-fc',
    'compadd() { print -rl -- "$@" }; _arguments() { print files }; compdef() { :; }; words=($=1 ""); CURRENT=$#words; source $2; _pstat',
    'zsh',
    typed,
    file,
  ],
  fish: (file, typed) => ['--no-config', '-c', `source ${file}; complete -C '${typed} '`],
};

describe('zsh', () => {
  const isThere = spawnSync('zsh', ['--version']).error === undefined;

  test.skipIf(!isThere)('takes the script as a file that it sources and as a file of $fpath', async () => {
    await writeFile(path.join(folder, '_pstat'), (await pstat(['completion', 'zsh'])).stdout);
    const inZsh = (commands: string) => run('zsh', ['-fc', `autoload -Uz compinit; ${commands}`], { cwd: folder });
    const sourced = await inZsh('compinit -D -u; source ./_pstat; print $_comps[pstat]');
    expect(sourced).toMatchObject({ stdout: '_pstat\n', stderr: '' });
    // compinit finds the first line of the file; the first completion runs the file.
    const completing =
      'compadd() { print -r -- "$@" }; _arguments() { :; }; words=(pstat ""); CURRENT=2; $_comps[pstat]';
    const found = await inZsh(`fpath=($PWD $fpath); compinit -D -u; ${completing}`);
    expect(found).toMatchObject({ stdout: expect.stringMatching(/^top callers /), stderr: '' });
  });
});

describe.each(['zsh', 'fish'])('%s', (shell) => {
  const isThere = spawnSync(shell, ['--version']).error === undefined;

  test.skipIf(!isThere)('completes topics after help, shells after completion, and files after others', async () => {
    const file = path.join(folder, `words.${shell}`);
    await writeFile(file, (await pstat(['completion', shell])).stdout);
    const candidates = async (typed: string) => {
      const { stdout, stderr } = await run(shell, COMPLETE[shell]?.(file, typed) ?? [], { cwd: folder });
      expect(stderr).toBe('');
      return stdout.trim().split('\n');
    };
    expect(await candidates('pstat help')).toEqual(expect.arrayContaining(['patterns', 'compare', 'callers']));
    expect(await candidates('pstat help')).not.toContain('b.cpuprofile');
    expect((await candidates('pstat completion')).sort()).toEqual(['bash', 'fish', 'zsh']);
    expect(await candidates('pstat top')).toContain(shell === 'zsh' ? 'files' : 'b.cpuprofile');
  });

  test.skipIf(!isThere)('the script is sound', async () => {
    const { stdout } = await pstat(['completion', shell]);
    const file = path.join(folder, `script.${shell}`);
    await writeFile(file, stdout);
    const { stderr } = await run(shell, ['-n', file]);
    expect(stderr).toBe('');
  });

  test('names every command and every option of the help', async () => {
    const { stdout } = await pstat(['completion', shell]);
    const help = (await pstat(['--help'])).stdout;
    for (const [, option = ''] of help.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)) {
      expect(stdout).toMatch(new RegExp(shell === 'zsh' ? `'\\*--${option}\\[` : `-l ${option} `));
    }
    for (const command of ['top', 'callers', 'callees', 'compare', 'help', 'completion'])
      expect(stdout).toMatch(command);
  });
});
