/**
 * The processed profiles of https://profiler.firefox.com, which samply writes too. The format:
 * https://github.com/firefox-devtools/profiler/blob/main/docs-developer/processed-profile-format.md
 */

import type { Format } from '../format.ts';
import { isObject } from '../json.ts';
import { readFirefox } from './read-firefox.ts';

export const firefox: Format = {
  name: 'firefox',
  title: 'Firefox profiler, samply (processed profiles)',
  extensions: ['.firefox.json', '.firefox.json.gz'],
  reader: {
    detect(content) {
      const value = content.json()?.value;
      return isObject(value) && isObject(value['meta']) && Array.isArray(value['threads']);
    },
    read: (content) => readFirefox(content.json()?.value),
  },
  writer: {
    parts: 'sources',
    isBinary: false,
    load: async () => (await import('./write-firefox.ts')).writeFirefox,
  },
};
