import { pluralize } from './text.ts';

/** Numbers of a folder's entries that are neither files nor folders that can be searched. */
export interface OtherEntries {
  /** Links that lead nowhere. */
  readonly brokenLinks: number;
  /** Links to the folder itself or to one above it. */
  readonly loops: number;
  /** Names that Node cannot open, because they are not UTF-8. */
  readonly unreadableNames: number;
  /** Pipes, sockets and devices. */
  readonly pipes: number;
  /** HTML reports beside other files. */
  readonly reports: number;
}

/** `2 broken links`, `1 name that is not UTF-8`. Empty for none. */
export function listOthers({ brokenLinks, loops, unreadableNames, pipes, reports }: OtherEntries): string[] {
  return [
    ...(brokenLinks > 0 ? [pluralize(brokenLinks, 'broken link')] : []),
    ...(loops > 0 ? [pluralize(loops, 'link to a folder above', 'links to folders above')] : []),
    ...(unreadableNames > 0 ? [pluralize(unreadableNames, 'name that is not UTF-8', 'names that are not UTF-8')] : []),
    ...(pipes > 0 ? [pluralize(pipes, 'pipe, socket or device', 'pipes, sockets or devices')] : []),
    ...(reports > 0 ? [pluralize(reports, 'HTML report')] : []),
  ];
}
