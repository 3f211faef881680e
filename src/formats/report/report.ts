/**
 * The HTML file of `pstat report`: a page that draws a profile, and the profile itself, which is read back exactly. The
 * profile is gzipped columns (base/packed-columns.ts) in base64.
 */

import type { Format } from '../format.ts';
import { isReport, readReport } from './read-report.ts';

/** `pstat report` writes it: a page needs more than a profile. */
export const report: Format = {
  name: 'report',
  title: 'pstat report: HTML',
  extensions: ['.html'],
  reader: {
    detect: ({ bytes }) => isReport(bytes),
    read: ({ bytes }) => readReport(bytes),
  },
};
