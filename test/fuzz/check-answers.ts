/** What holds for the answers about any profile: groups, reports, and what the explorer shows after any keys. */

import { PstatError } from '../../src/base/errors.ts';
import { Explorer } from '../../src/cli/explore/explorer.ts';
import { initialState } from '../../src/cli/explore/run-explore.ts';
import { type Input, reduce } from '../../src/cli/explore/state.ts';
import { exploreView } from '../../src/cli/explore/view.ts';
import { writeReport } from '../../src/formats/report/write-report.ts';
import { readProfile, Stats } from '../../src/index.ts';
import { readRecordings } from '../../src/input/read-recordings.ts';
import { at } from '../../src/model/columns.ts';
import type { Profile } from '../../src/model/profile.ts';
import { exploreScreen } from '../../src/render/explore/screen.ts';
import { loadTheme } from '../../src/render/theme.ts';
import { pageView } from '../../src/view/page-view.ts';
import { groupsView, ownersView } from '../../src/view/views.ts';
import type { Random } from '../support/seeded.ts';
import { countedTime, type Draw, problemOfMessage, problemOfView, UNSHOWN } from './check.ts';

/** Null for a file that cannot be read. */
export async function problemOfAnswers(bytes: Uint8Array, random: Random, draw: Draw): Promise<string | null> {
  try {
    const profile = readProfile(bytes, 'fuzz');
    const checks = [
      () => problemOfGroups(profile, draw),
      () => problemOfReport(profile),
      () => problemOfKeys(profile, random),
    ];
    for (const check of draw(checks)) {
      const problem = await check();
      if (problem !== null) return problem;
    }
    return null;
  } catch (error) {
    return error instanceof PstatError ? problemOfMessage(error.message) : String((error as Error).stack);
  }
}

async function problemOfGroups(profile: Profile, draw: Draw): Promise<string | null> {
  const theme = await loadTheme(0);
  const stats = new Stats(profile);
  for (const by of draw(['file', 'package', 'category'] as const)) {
    const view = groupsView(by, stats, { limit: 0 }, { hideZeros: false });
    const sum = view.rows.reduce((total, { tottime }) => total + (tottime ?? Number.NaN), 0);
    const counted = countedTime(profile);
    if (Math.abs(sum - counted) > 1 + 1e-6 * Math.abs(counted)) return `--by ${by}: rows of ${sum}, counted ${counted}`;
    const problem = await problemOfView(view, theme, draw);
    if (problem !== null) return problem;
  }
  return 'callTree' in profile ? problemOfView(ownersView(stats, { limit: 0 }), theme, draw) : null;
}

/** The page's data end nowhere but at their end, and are read back as the profile. */
function problemOfReport(profile: Profile): string | null {
  const title = profile.functions.name.join(' ').slice(0, 200);
  const view = pageView(new Stats(profile), {
    title,
    heading: [title],
    notes: [],
    arguments: title,
    requests: null,
    comparison: null,
  });
  const html = writeReport(
    { title, profile, parts: [], scripts: null, columns: new Map(), ...view },
    { start: 'start()', script: 'draw()', style: 'a{}' },
  );
  const tags = html.match(/<(?!\/)[a-z!]+/gi)?.join(' ');
  if (tags !== TAGS) return `a report with other tags: ${tags}`;
  if (readRecordings(Buffer.from(html), {}).length !== 1) return 'a report with several profiles';
  const [before, after] = [countedTime(profile), countedTime(readProfile(Buffer.from(html), 'report'))];
  return before === after || (Number.isNaN(before) && Number.isNaN(after))
    ? null
    : `a report of ${before} was read as ${after}`;
}

const TAGS =
  '<!doctype <html <head <meta <meta <meta <meta <meta <title <style <body <noscript <p <script <script <script';

const KEYS = [
  ...['1', '2', '3', '4', '5', '6', 'tab', 'shift-tab', 'up', 'down', 'left', 'right', 'enter', 'escape', 'pageup'],
  ...[
    'pagedown',
    'home',
    'end',
    'f',
    'x',
    'F',
    'i',
    'g',
    'r',
    'd',
    'h',
    's',
    'S',
    '0',
    '/',
    'n',
    'N',
    '?',
    'backspace',
  ],
  ...['t', 'a', '(', '\u001b', 'm'],
];

/** Types random keys. Each screen has as many lines as the terminal, none of which acts on it. */
async function problemOfKeys(profile: Profile, random: Random): Promise<string | null> {
  const theme = await loadTheme(0);
  const explorer = new Explorer({ stats: new Stats(profile), options: {}, estimates: random(2) === 0 });
  const size = { columns: 1 + random(120), rows: 1 + random(30) };
  let state = initialState(explorer);
  const typed: string[] = [];
  for (let i = random(20); i >= 0; i--) {
    const name = at(KEYS, random(KEYS.length));
    typed.push(name);
    const input: Input = random(5) === 0 ? { kind: 'row', row: random(30), isDouble: random(2) === 0 } : keyOf(name);
    ({ state } = reduce(state, input, explorer, size));
    const view = exploreView(state, explorer, {
      words: 'a.prof',
      comparedWords: null,
      windowWords: [],
      sourceWords: [],
      source: null,
    });
    const { lines } = exploreScreen(view, size, { theme, links: false });
    const wrong = lines.find((line) => UNSHOWN.test(line) || /\bNaN\b|undefined|\[object/.test(line));
    const where = `after ${typed.join(' ')} at ${size.columns} × ${size.rows}`;
    if (wrong !== undefined) return `a line of the explorer ${where}: ${JSON.stringify(wrong)}`;
    if (lines.length > size.rows) return `${lines.length} lines of the explorer ${where}`;
  }
  return null;
}

function keyOf(name: string): Input {
  return { kind: 'key', name, text: name.length === 1 ? name : '' };
}
