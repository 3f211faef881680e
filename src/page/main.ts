/** Starts the page of a report. */

import { readReportData } from './data.ts';
import { element } from './dom.ts';
import { ReportPage } from './report-page.ts';

async function start(): Promise<void> {
  const data = await readReportData(document.getElementById('profile')?.textContent ?? '');
  const { element: page } = new ReportPage(data);
  document.querySelector('.waiting')?.replaceWith(page);
}

start().catch((error: unknown) => {
  const fact = error instanceof Error ? error.message : String(error);
  document.querySelector('.waiting')?.remove();
  document.body.append(element('p', { class: 'error' }, `This report cannot be shown: ${fact}`));
  document.body.dataset['state'] = 'failed';
});
