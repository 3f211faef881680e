/** The help of the shell. */

const RESTRICTIONS = [
  'Restrictions, applied one after the other:',
  '  20       the first 20',
  '  0.25     the first quarter',
  '  REGEX    functions whose file:line(name) matches; no blanks in it',
];

const PATTERNS = [
  'PATTERN is text or a regular expression such as /name$/i; quote it if it has blanks. New patterns',
  'replace the old ones. Without arguments it lists the patterns; off removes them.',
];

const SORTED = ['A table also sorts by samples, cumsamples, percall, cumpercall, self and total.'];

/** The commands of Python's pstats, in its order. */
const PSTATS_TOPICS: Readonly<Record<string, readonly string[]>> = {
  EOF: ['Exits the shell, like Ctrl-D.'],
  add: ['add FILE', 'Adds a profile to those that were read. The figures add up; the order is reset.'],
  callees: ['callees [RESTRICTION…]', 'Lists functions, each with the functions it calls.', ...RESTRICTIONS],
  callers: ['callers [RESTRICTION…]', 'Lists functions, each with its callers.', ...RESTRICTIONS],
  help: ['help [TOPIC]', 'Lists the commands or explains one. ?TOPIC is short for it.'],
  quit: ['Exits the shell.'],
  read: [
    'read [FILE]',
    'Reads a profile, a folder or a glob and drops what was read before.',
    'Without an argument it reads the same file again and drops what was added.',
  ],
  reverse: ['Reverses the order.'],
  sort: [
    'sort KEY…',
    'Sets the order of stats, callers and callees; later keys break ties. Without arguments it lists the keys.',
    ...SORTED,
  ],
  stats: ['stats [RESTRICTION…]', 'Lists functions with their figures.', ...RESTRICTIONS],
  strip: ['Cuts paths to file names. Functions that become equal are merged; the order is reset.'],
};

const EXTRA_TOPICS: Readonly<Record<string, readonly string[]>> = {
  by: [
    'by file|package|category|line|owner [RESTRICTION…]',
    'Lists files, packages, categories or executing lines instead of functions, or own functions with library time.',
    ...RESTRICTIONS,
  ],
  compare: ['compare [N] PATH', 'Compares what was read (before) with PATH (after). N limits the rows; 0 shows all.'],
  exclude: [
    'exclude [PATTERN…|off]',
    'Drops rows that match one of the patterns; in callers and callees, inner rows.',
    ...PATTERNS,
  ],
  explore: [
    'explore [estimate]',
    'Opens flame graph, table, tree and source on what was read, with focus and ignore. q comes back.',
    'estimate draws the likely tree of a Python profile, which has no stacks.',
  ],
  filter: [
    'filter [PATTERN…|off]',
    'Keeps rows that match all patterns; in callers and callees, inner rows.',
    ...PATTERNS,
  ],
  focus: ['focus [PATTERN…|off]', 'Keeps stacks with a match of every pattern; sampled profiles only.', ...PATTERNS],
  format: [
    'format [table|json|csv|markdown|pstats]',
    'Sets the output format. The default is pstats for Python profiles and table for others.',
    'A table shows 20 rows unless a number is given; 0 shows all.',
  ],
  ignore: ['ignore [PATTERN…|off]', 'Drops stacks with a match of any pattern; sampled profiles only.', ...PATTERNS],
  list: [
    'list FUNCTION',
    'Prints the source of FUNCTION with the time of each line and of its calls, from below the working directory.',
  ],
  tree: [
    'tree [inverted] [estimate] [N] [PATTERN]',
    'Shows the call tree, hottest rows first; N limits the lines, 0 shows all of 1% of the time or more.',
    'PATTERN selects the functions to start at. inverted starts at hot functions and shows their callers.',
    'estimate draws the likely tree of a Python profile, which has no stacks.',
  ],
  output: [
    'stats 20 > FILE     writes the answer to a file; >> appends to it',
    'stats | less        pipes it to a command; a lone | pipes it to $PAGER',
    'Works in scripts too. Put a blank before the sign: a|b and <module> are regular expressions.',
  ],
};

/** All topics. */
export const SHELL_TOPICS: readonly string[] = [...Object.keys(PSTATS_TOPICS), ...Object.keys(EXTRA_TOPICS)];

/** Lays out the list of topics as Python's `cmd` does. */
export function formatHelp(): string[] {
  return [
    '',
    ...formatTopicList('Documented commands (type help <topic>):', PSTATS_TOPICS),
    '',
    ...formatTopicList('Beyond pstats:', EXTRA_TOPICS),
    '',
  ];
}

function formatTopicList(title: string, topics: Readonly<Record<string, unknown>>): string[] {
  return [title, '='.repeat(title.length), Object.keys(topics).join('  ')];
}

/** The lines on a topic; null for a word that is none. */
export function topicPage(topic: string): readonly string[] | null {
  const page = Object.entries({ ...PSTATS_TOPICS, ...EXTRA_TOPICS }).find(([name]) => name === topic);
  return page?.[1] ?? null;
}
