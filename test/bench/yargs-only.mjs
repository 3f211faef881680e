/** pstat's arguments parsed by yargs, and no more: the least that a command with these options can cost. */

import { enableCompileCache } from '../../src/cli/compile-cache.ts';

enableCompileCache();
const [{ default: yargs }, { optionNames, parserOptions }] = await Promise.all([
  import('yargs/yargs'),
  import('../../src/cli/options.ts'),
]);
const parser = yargs(process.argv.slice(2))
  .locale('en')
  .parserConfiguration({ 'parse-numbers': false, 'greedy-arrays': false, 'dot-notation': false, 'populate--': true })
  .help(false)
  .version(false)
  .strictOptions();
for (const name of optionNames()) parser.option(name, parserOptions(name));
const { _: words } = await parser.parse();
process.stdout.write(`${words.join(' ')}\n`);
