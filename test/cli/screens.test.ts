/** Whole screens. The name of a golden is its command; `npm run test:update` rewrites them. */

import { expect, test } from 'vitest';
import { pstat, type World } from '../support/cli.ts';

const env = { NO_COLOR: '1' };
const NARROW: World = { columns: 60, env };
const USUAL: World = { columns: 80, env };
const WIDE: World = { columns: 120, env };
const PIPED: World = {};
/** A terminal that supports links. */
const LINKS: World = { columns: 80, env: { FORCE_COLOR: '1' }, links: true };

/** Where the sources of the sample are. */
const SOURCES = '--source-path samples/resource-providers';

const SCREENS: readonly (readonly [command: string, world: World])[] = [
  ['samples/GET.resource_providers.prof --sort tottime --limit 20', USUAL],
  ['samples/GET.resource_providers.prof --limit 8', NARROW],
  ['samples/GET.resource_providers.prof --limit 8', WIDE],
  ['samples/GET.resource_providers.prof --limit 3', PIPED],
  ['samples/GET.resource_providers.prof --sort calls,name --limit 1%', USUAL],
  ['samples/GET.resource_providers.prof --sort percall --limit 5', WIDE],
  ['samples/GET.resource_providers.prof --filter sqlalchemy --exclude sql/ --limit 5', USUAL],
  ['samples/GET.resource_providers.prof --filter nothing-like-it', USUAL],
  ['samples/GET.resource_providers.prof --paths full --limit 3', WIDE],
  ['samples/GET.resource_providers.prof --paths base --limit 3', WIDE],
  ['samples/GET.resource_providers.prof --json --limit 2', PIPED],
  ['callers _serialize_links samples/GET.resource_providers.prof', USUAL],
  ['callers append samples/GET.resource_providers.prof --limit 4', USUAL],
  ['callees _serialize_links samples/GET.resource_providers.prof --json', PIPED],
  ['callees /serialize/i samples/GET.resource_providers.prof --sort ncalls --limit 3', WIDE],
  ['samples/resource-providers.cpuprofile', USUAL],
  ['samples/resource-providers.cpuprofile --limit 8', NARROW],
  ['samples/resource-providers.cpuprofile --sort cumtime --limit 8', WIDE],
  ['samples/resource-providers.cpuprofile --idle --sort name --reverse --limit 4', USUAL],
  ['callers serializeLinks samples/resource-providers.cpuprofile', USUAL],
  ['callees handler samples/resource-providers.cpuprofile --sort cumtime --limit 3', USUAL],
  ['callees handler samples/resource-providers.cpuprofile --filter cache', USUAL],
  ['callees handler samples/resource-providers.cpuprofile --filter nothing-like-it', USUAL],
  ['callers listener samples/resource-providers.cpuprofile', USUAL],
  ['samples/before --limit 4', USUAL],
  ['samples/odd/hostile-names.cpuprofile --limit 0', USUAL],
  ['samples/odd/hostile-names.cpuprofile --json --limit 0', PIPED],
  ['callers serializeLinks samples/resource-providers.cpuprofile --color always', USUAL],
  ['samples/odd/empty-profile.prof', USUAL],
  ['samples/odd/nodes-empty.cpuprofile --json', PIPED],
  ['samples/odd/no-samples.cpuprofile', USUAL],
  ['samples/odd/no-deltas.cpuprofile', USUAL],
  ['samples/odd/no-end-time.cpuprofile', USUAL],
  ['samples/odd/negative-deltas.cpuprofile', USUAL],
  ['samples/odd/huge-gap.cpuprofile', USUAL],
  ['samples/odd/unknown-sample-id.cpuprofile', USUAL],
  ['samples/odd/long-tail.cpuprofile', USUAL],
  ['samples/odd/python2.prof --limit 5', USUAL],
  ['samples/odd/big-integers.prof', WIDE],
  ['callers loads samples/odd/profile-module.prof', USUAL],
  ['samples/node-trace.json.gz --limit 6', USUAL],
  ['samples/node-trace.json.gz --thread worker', USUAL],
  ['samples/odd/plain.cpuprofile --thread main', USUAL],
  ['samples/odd/unclosed-trace.json --thread JavaScriptMainThread', USUAL],
  ['samples/odd/old-head-tree.cpuprofile', USUAL],
  ['samples/odd/hermes-trace.cpuprofile', USUAL],
  ['samples/odd/sampled-3.15.pstats', USUAL],
  ['samples/odd/sampled-3.15.pstats --merge-lines', USUAL],
  ['samples/odd/sampled-3.15.pstats --json', PIPED],
  ['callers handle samples/odd/sampled-3.15.pstats', USUAL],
  ['callees main samples/odd/sampled-3.15.pstats --merge-lines', USUAL],
  ['samples/odd/sampled-3.15.pstats --focus main', USUAL],
  ['samples/resource-providers.cpuprofile --focus serializeLinks --limit 5', USUAL],
  ['samples/resource-providers.cpuprofile --focus serializeLinks --ignore parseVersion --limit 5', WIDE],
  ['samples/resource-providers.cpuprofile --ignore handler --limit 5', USUAL],
  ['samples/resource-providers.cpuprofile --from 1s --to 1500ms --limit 5', USUAL],
  ['samples/resource-providers.cpuprofile --from 1s --to 2s --json --limit 1', PIPED],
  ['samples/resource-providers.cpuprofile --from 10s', USUAL],
  ['callers serializeLinks samples/resource-providers.cpuprofile --to 1s', USUAL],
  ['samples/GET.resource_providers.prof --from 1s', USUAL],
  ['samples/odd/no-deltas.cpuprofile --to 1ms', USUAL],
  ['samples/resource-providers.cpuprofile --by file --limit 6', USUAL],
  ['samples/resource-providers.cpuprofile --by line --limit 8', USUAL],
  ['samples/resource-providers.cpuprofile --by line --from 1s --to 1500ms --limit 4', USUAL],
  ['samples/resource-providers.cpuprofile --by line --limit 2 --json', PIPED],
  ['samples/resource-providers.cpuprofile --by line --limit 2 --format csv', PIPED],
  ['samples/GET.resource_providers.prof --by line', USUAL],
  [`list serializeProvider samples/resource-providers.cpuprofile ${SOURCES}`, NARROW],
  [`list serializeProvider samples/resource-providers.cpuprofile ${SOURCES}`, USUAL],
  [`list serializeProvider samples/resource-providers.cpuprofile ${SOURCES}`, WIDE],
  [`list serializeProvider samples/resource-providers.cpuprofile ${SOURCES} --format markdown`, PIPED],
  [`list encodeJson samples/resource-providers.cpuprofile ${SOURCES} --format csv`, PIPED],
  [`list encodeJson samples/resource-providers.cpuprofile ${SOURCES} --json`, PIPED],
  [`list encodeJson samples/resource-providers.cpuprofile ${SOURCES} --from 1s --to 1500ms`, USUAL],
  [`list samples/resource-providers.cpuprofile ${SOURCES} --limit 2`, USUAL],
  ['list _serialize_links samples/GET.resource_providers.prof', USUAL],
  ['list handle samples/odd/sampled-3.15.pstats', USUAL],
  ['list nothing-like-it samples/resource-providers.cpuprofile', USUAL],
  ['list --help', USUAL],
  ['samples/resource-providers.cpuprofile --by package', USUAL],
  ['samples/resource-providers.cpuprofile --by category --idle', USUAL],
  ['samples/resource-providers.cpuprofile --by category --sort cumtime', NARROW],
  ['samples/resource-providers.cpuprofile --by owner --limit 5', USUAL],
  ['samples/GET.resource_providers.prof --by owner', USUAL],
  ['samples/resource-providers.cpuprofile --by package --filter nothing-like-it', USUAL],
  ['samples/GET.resource_providers.prof --by package --limit 6', USUAL],
  ['samples/GET.resource_providers.prof --by category --json', PIPED],
  ['samples/GET.resource_providers.prof --format csv --limit 4', PIPED],
  ['callers append samples/GET.resource_providers.prof --format csv --limit 2', PIPED],
  ['samples/GET.resource_providers.prof --by package --format csv --limit 3', PIPED],
  ['samples/odd/hostile-names.cpuprofile --format csv', PIPED],
  ['samples/resource-providers.cpuprofile --format markdown --limit 5', PIPED],
  ['callees handler samples/resource-providers.cpuprofile --format markdown --limit 3', PIPED],
  ['samples/odd/hostile-names.cpuprofile --format markdown --limit 0', PIPED],
  ['samples/resource-providers.cpuprofile --limit 3', LINKS],
  ['tree samples/resource-providers.cpuprofile', USUAL],
  ['tree samples/resource-providers.cpuprofile', NARROW],
  ['tree samples/resource-providers.cpuprofile --limit 12', WIDE],
  ['tree samples/resource-providers.cpuprofile --inverted --limit 12', USUAL],
  ['tree samples/resource-providers.cpuprofile --root serializeLinks --depth 2', USUAL],
  ['tree samples/resource-providers.cpuprofile --root nothing-like-it', USUAL],
  ['tree samples/resource-providers.cpuprofile --fold none --min 10%', USUAL],
  ['tree samples/resource-providers.cpuprofile --fold handlers/ --limit 10', USUAL],
  ['tree samples/resource-providers.cpuprofile --by package', USUAL],
  ['tree samples/resource-providers.cpuprofile --by file --min 20ms', USUAL],
  ['tree samples/resource-providers.cpuprofile --limit 8 --json', PIPED],
  ['tree samples/resource-providers.cpuprofile --limit 8 --format csv', PIPED],
  ['tree samples/resource-providers.cpuprofile --limit 8 --format markdown', PIPED],
  ['tree samples/GET.resource_providers.prof', USUAL],
  ['tree samples/GET.resource_providers.prof --estimate --limit 20', USUAL],
  ['tree samples/GET.resource_providers.prof --estimate --inverted --limit 10', USUAL],
  ['tree samples/odd/sampled-3.15.pstats --estimate', USUAL],
  ['tree samples/odd/hostile-names.cpuprofile', USUAL],
  ['tree samples/odd/recursion.cpuprofile', USUAL],
  ['tree samples/odd/no-deltas.cpuprofile', USUAL],
  ['tree samples/odd/nodes-empty.cpuprofile', USUAL],
  ['tree --help', USUAL],
  ['flame samples/resource-providers.cpuprofile', USUAL],
  ['flame samples/resource-providers.cpuprofile', NARROW],
  ['flame samples/resource-providers.cpuprofile', PIPED],
  ['flame samples/resource-providers.cpuprofile --upward', WIDE],
  ['flame samples/resource-providers.cpuprofile --inverted --depth 6', USUAL],
  ['flame samples/resource-providers.cpuprofile --root serializeLinks --width 60', USUAL],
  ['flame samples/resource-providers.cpuprofile --by package', USUAL],
  ['flame samples/resource-providers.cpuprofile --fold none --min 10%', USUAL],
  ['flame samples/resource-providers.cpuprofile --depth 4 --color always', USUAL],
  ['flame samples/resource-providers.cpuprofile --root nothing-like-it', USUAL],
  ['flame samples/resource-providers.cpuprofile --time-order --depth 6', USUAL],
  ['flame samples/resource-providers.cpuprofile --time-order --from 1s --to 1100ms', USUAL],
  ['flame samples/resource-providers.cpuprofile --time-order --by package', USUAL],
  ['flame samples/GET.resource_providers.prof --time-order', USUAL],
  ['flame samples/GET.resource_providers.prof', USUAL],
  ['flame samples/GET.resource_providers.prof --estimate --depth 12', USUAL],
  ['flame samples/odd/hostile-names.cpuprofile', WIDE],
  ['flame samples/odd/nodes-empty.cpuprofile', USUAL],
  ['flame --help', USUAL],
  ['explore --help', USUAL],
  ['requests samples/before', USUAL],
  ['requests samples/before', NARROW],
  ['requests samples/before --json', PIPED],
  ['requests samples/before --format csv', PIPED],
  ['requests samples/before --format markdown', PIPED],
  ['requests samples/before --filter nothing-like-it', USUAL],
  ['requests samples/before --route-pattern /{page}', USUAL],
  ['requests samples/before --tail 5%', USUAL],
  ['report --help', USUAL],
  ['report samples/resource-providers.cpuprofile --format markdown --budget 800', PIPED],
  ['requests --help', USUAL],
  ['help', USUAL],
  ['help formats', USUAL],
  ['help profiler', USUAL],
  ['help time', USUAL],
  ['help patterns', USUAL],
  ['help json', USUAL],
  ['help callees', USUAL],
  ['help nothing-like-it', USUAL],
  ['completion', USUAL],
  ['completion tcsh', USUAL],
  ['completion bash', PIPED],
  ['completion zsh', PIPED],
  ['completion fish', PIPED],
  ['--help', USUAL],
  ['callers --help', USUAL],
  ['record --help', USUAL],
  ['attach --help', USUAL],
  ['attach server.js', USUAL],
  ['attach 4711 --requests', USUAL],
  ['detach --help', USUAL],
  ['detach', USUAL],
  ['attach 4711 4712', USUAL],
  ['attach 4711 --for 10', USUAL],
  ['shell --help', USUAL],
  ['--version', USUAL],
];

const widthName = ({ columns, links }: World) =>
  columns === undefined ? 'piped' : `${columns}${links === true ? ', links' : ''}`;

test.each(SCREENS)('pstat %s', async (command, world) => {
  const { stdout, stderr, code } = await pstat(command.split(' '), world);
  const name = `${command.replaceAll('/', '_')} (${widthName(world)})`;
  const screen = `$ pstat ${command}\n${stdout}${stderr === '' ? '' : `stderr: ${stderr}`}exit ${code}\n`;
  await expect(screen).toMatchFileSnapshot(`goldens/${name}.txt`);
});

test.each(SCREENS.filter(([, world]) => world.columns !== undefined))(
  'fits the terminal: pstat %s',
  async (command, world) => {
    const { stdout } = await pstat(command.split(' '), { ...world, env, links: false });
    // Examples on pages of options are not wrapped, so that they can be copied.
    if (/^--|--help$|^help$|^help call|^help time$/.test(command)) return;
    const { default: width } = await import('string-width');
    const tooWide = stdout.split('\n').filter((line) => width(line) > (world.columns ?? 0));
    expect(tooWide).toEqual([]);
  },
);

test('fits the terminal: pstat help time', async () => {
  const { stdout } = await pstat(['help', 'time'], USUAL);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('why a listing has no source is readable at 60 columns', async () => {
  const { stdout } = await pstat(['list', 'requestedVersion', 'samples/resource-providers.cpuprofile'], {
    columns: 60,
    env: { NO_COLOR: '1' },
  });
  expect(stdout).toMatch(/^ +several files fit; see --source-path$/m);
});
