/** requests: a folder of per-request profiles as a list of routes. */

import { oneFolder } from '../../errors.ts';
import { profilesBelow } from '../../load.ts';
import { indexRequests } from '../../requests/request-index.ts';
import { parseRequestSort, REQUEST_SORT_KEYS, requestsView } from '../../view/requests-view.ts';
import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS, queryFrom } from '../options.ts';
import { withProgress } from '../progress.ts';

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
    const [folder, ...others] = words;
    if (folder === undefined || others.length > 0) throw oneFolder('requests', words.length);
    const { filter = [], exclude = [], sort = [], reverse = false, limit = 0 } = queryFrom(args);
    const query = { sort: parseRequestSort(sort), reverse, limit, filter, exclude };
    const index = await withProgress(io, (onProgress) => indexRequests(profilesBelow(folder, { onProgress })));
    return requestsView(folder, index, query);
  },
};
