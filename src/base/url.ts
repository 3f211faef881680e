/** The path of a request's URL as it was sent: a proxy's request names the host as well, which is left out. */
export function urlPath(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
}
