/** The shell's help, page by page. */

const RESTRICTIONS = [
  'What may follow, any number of them, each acting on what the one before it left:',
  '  20       so many',
  '  0.25     that share',
  '  REGEX    those whose file:line(name) it finds; no blanks in it',
];

const PATTERNS = [
  'PATTERN is text, or a regular expression as /name$/i; "quotes" hold blanks together. New ones',
  'take the place of old ones. Alone it tells what is set; with off, it sets none.',
];

const SORTED = ['A table also sorts by samples, cumsamples, percall, cumpercall, self and total.'];

/** Python's own commands, and theirs alone, in Python's order. */
const PSTATS_TOPICS: Readonly<Record<string, readonly string[]>> = {
  EOF: ['Leaves the shell, as Ctrl-D does.'],
  add: ['add FILE', 'Adds a profile to those that were read: figures add up, and the order is lost.'],
  callees: ['callees [WHAT…]', 'Lists functions with those that they call.', ...RESTRICTIONS],
  callers: ['callers [WHAT…]', 'Lists functions with those that call them.', ...RESTRICTIONS],
  help: ['help [TOPIC]', 'Lists the commands, or tells of one. ?TOPIC is short for it.'],
  quit: ['Leaves the shell.'],
  read: [
    'read [FILE]',
    'Reads a profile, a folder or a glob in the place of what was read before.',
    'Alone it reads the same once more, without what was added.',
  ],
  reverse: ['Turns the order round.'],
  sort: [
    'sort KEY…',
    'Orders what stats, callers and callees list; the first key counts most. Alone it lists the keys.',
    ...SORTED,
  ],
  stats: ['stats [WHAT…]', 'Lists functions with their figures.', ...RESTRICTIONS],
  strip: ['Leaves file names of paths. Functions that then are equal become one, and the order is lost.'],
};

const OWN_TOPICS: Readonly<Record<string, readonly string[]>> = {
  by: [
    'by file|package|category [WHAT…]',
    'A table of files, packages or categories in the place of functions.',
    ...RESTRICTIONS,
  ],
  compare: [
    'compare [N] PATH',
    'What was read is before, PATH is after: what changed, and is it real? N is how many rows, 0 all of them.',
  ],
  exclude: [
    'exclude [PATTERN…|off]',
    'Drops rows that match one of them. In callers and callees, inner rows.',
    ...PATTERNS,
  ],
  filter: [
    'filter [PATTERN…|off]',
    'Keeps rows that match all of them. In callers and callees, inner rows.',
    ...PATTERNS,
  ],
  focus: ['focus [PATTERN…|off]', 'Keeps stacks on which a match of each stands; sampled profiles only.', ...PATTERNS],
  format: [
    'format [table|json|csv|markdown|pstats]',
    'How answers are written. Until told, Python profiles are written as pstats writes them, and',
    'others as tables. A table shows 20 rows, unless a number is given; 0 shows all.',
  ],
  ignore: ['ignore [PATTERN…|off]', 'Drops stacks on which a match of one stands; sampled profiles only.', ...PATTERNS],
  output: [
    'stats 20 > FILE     writes to a file; >> adds to it',
    'stats | less        hands over to a command; stats | alone, to $PAGER',
    'In scripts too. A blank stands before the sign: a|b and <module> are regular expressions.',
  ],
};

/** The topics there are. */
export const SHELL_TOPICS: readonly string[] = [...Object.keys(PSTATS_TOPICS), ...Object.keys(OWN_TOPICS)];

/** As Python's `cmd` lays it out. */
export function helpPage(): string[] {
  return [
    '',
    ...titled('Documented commands (type help <topic>):', PSTATS_TOPICS),
    '',
    ...titled('Beyond pstats:', OWN_TOPICS),
    '',
  ];
}

function titled(title: string, topics: Readonly<Record<string, unknown>>): string[] {
  return [title, '='.repeat(title.length), Object.keys(topics).join('  ')];
}

export function topicPage(topic: string): readonly string[] {
  const page = Object.entries({ ...PSTATS_TOPICS, ...OWN_TOPICS }).find(([name]) => name === topic);
  return page?.[1] ?? [`*** No help on ${topic}`];
}
