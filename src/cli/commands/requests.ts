/** The command `requests`: lists a folder of per-request profiles by route. */

import { REQUEST_SORT_KEYS } from '../../view/sort-keys.ts';
import type { Command } from '../command.ts';
import { OUTPUT_OPTIONS, ROW_OPTIONS } from '../options.ts';

export const requests: Command = {
  name: 'requests',
  usage: 'requests DIR',
  describe: 'per-request profiles of a folder, by route',
  examples: [
    ['pstat requests profiles/', 'which route is slow, and which file to open'],
    ['pstat requests profiles/ --sort p95 --filter "POST "', 'only POST requests'],
    ['pstat requests profiles/ --route "GET /users/{id}" --tail 5%', 'what slow ones do'],
  ],
  options: [...ROW_OPTIONS, ...(['tail', 'route', 'route-pattern', 'source-map'] as const), ...OUTPUT_OPTIONS],
  choices: { sort: REQUEST_SORT_KEYS },
  describes: {
    sort: `Sort by ${REQUEST_SORT_KEYS.join(', ')}; several with commas. Default: total`,
  },
  about: `DIR is searched with its subfolders; a report of requests is read as a folder. A
row is a route and a status. The route is that of the framework where the file has
it (Express, Fastify, Koa); else paths that differ only in ids, dates or mail
addresses are one route. --route-pattern says what pstat cannot know:
/files/{name}, /tenants/{t}/*, GET /{page}.

PATTERN is text to find in "GET /path 200", or a regular expression such as
/5\\d\\d$/.`,
  answer: async (...asked) => (await import('./requests-answer.ts')).requestsAnswer(...asked),
};
