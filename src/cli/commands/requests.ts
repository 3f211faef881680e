/** requests: a folder of per-request profiles as a list of routes. */

import { REQUEST_SORT_KEYS } from '../../view/request-sort-keys.ts';
import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS } from '../options.ts';

export const requests: Command = {
  name: 'requests',
  usage: 'requests DIR',
  describe: 'a folder of per-request profiles, route by route',
  examples: [
    ['pstat requests profiles/', 'which route is slow, and which file to open'],
    ['pstat requests profiles/ --sort p95 --filter "POST "', 'some of them'],
  ],
  options: ['sort', 'reverse', 'limit', 'filter', 'exclude', ...OUTPUT_OPTIONS.filter((name) => name !== 'paths')],
  describes: { sort: `Order by ${REQUEST_SORT_KEYS.join(', ')}; several with commas. Default: total` },
  about: `DIR is searched whole. A row is a route and a status; ids, UUIDs and hashes in
paths are one route.

PATTERN is looked for in "GET /path 200": text, or a regular expression as
/5\\d\\d$/.`,
  async answer(words, args, io) {
    const { requestsAnswer } = await import('./requests-answer.ts');
    return requestsAnswer(words, args, io);
  },
};
