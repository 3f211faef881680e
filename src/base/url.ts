/** Returns the path of a request's URL. Requests through a proxy have the host, too; it is removed. */
export function urlPath(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
}
