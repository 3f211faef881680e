/** The index of a folder of requests, as the page of a report shows it. */

import type { RequestsFacts } from '../../model/layout/page-facts.ts';
import { requestsReport } from '../../render/views/requests.ts';
import { requestsFacts } from '../../view/requests-page-view.ts';
import { type Arguments, routeNamerFrom, statsOptionsFrom } from '../arguments.ts';
import { argumentsText, lineText, tableColumns, wordsOf } from './report-facts.ts';
import type { RequestFolder } from './report-load.ts';

/** What `pstat requests` says. */
export function requestsIndex(
  { view, parts }: RequestFolder,
  files: readonly string[],
  args: Arguments,
): RequestsFacts {
  const report = requestsReport(view);
  return requestsFacts(
    view,
    parts.map(({ profile }) => profile),
    {
      heading: report.heading.map(lineText).join(' '),
      columns: tableColumns(report),
      lines: [...report.closing.slice(0, -1), ...report.notes].map(lineText),
      linesTitle: 'Slowest requests, cold starts, skipped files',
      idle: statsOptionsFrom(args).idle === true,
      nameRoute: routeNamerFrom(args),
      scopeOf: (stats, selection) => ({
        ...wordsOf(stats),
        arguments:
          'file' in selection
            ? argumentsText([selection.file], { ...args, route: undefined, 'skip-broken': undefined })
            : argumentsText(files, { ...args, ...selection }),
      }),
    },
  );
}
