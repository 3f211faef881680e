/** The command `requests`: lists a folder of per-request profiles by route. */

import { REQUEST_SORT_KEYS } from '../../view/request-sort-keys.ts';
import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS } from '../options.ts';

export const requests: Command = {
  name: 'requests',
  usage: 'requests DIR',
  describe: 'per-request profiles of a folder, by route',
  examples: [
    ['pstat requests profiles/', 'which route is slow, and which file to open'],
    ['pstat requests profiles/ --sort p95 --filter "POST "', 'only POST requests'],
  ],
  options: ['sort', 'reverse', 'limit', 'filter', 'exclude', ...OUTPUT_OPTIONS.filter((name) => name !== 'paths')],
  describes: { sort: `Sort by ${REQUEST_SORT_KEYS.join(', ')}; several with commas. Default: total` },
  about: `DIR is searched with its subfolders. A row is a route and a status; paths that
differ only in ids, UUIDs or hashes are one route.

PATTERN is text to find in "GET /path 200", or a regular expression such as
/5\\d\\d$/.`,
  async answer(words, args, io) {
    const { requestsAnswer } = await import('./requests-answer.ts');
    return requestsAnswer(words, args, io);
  },
};
