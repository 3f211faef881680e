/** Returns the path of a request's URL. Requests through a proxy have the host, too; it is removed. */
export function urlPath(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
}

/** The parts of a path between its slashes, without empty ones. */
export function pathSegments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/**
 * Returns a module's file URL without its query and fragment: Node evaluates `x.mjs?update=2` and `x.mjs#2` again, but their
 * file is x.mjs. Other files stay as they are; a page's query may name the script.
 */
export function moduleFile(file: string): string {
  return file.startsWith('file://') ? file.replace(/[?#].*$/s, '') : file;
}

/**
 * Returns the decoded path of a file URL, with its query, and any other file as it is. A host is the server of a Windows
 * share: `//server/share/a.js`.
 */
export function decodeFileUrl(file: string): string {
  const [, host, encoded] = /^file:\/\/([^/]*)(.*)$/s.exec(file) ?? [];
  if (host === undefined || encoded === undefined) return file;
  const path = decodeEscapes(encoded).replace(/^\/(?=[A-Za-z]:[\\/])/, '');
  if (host === '' || host === 'localhost') return path;
  return /^[A-Za-z]:$/.test(host) ? host + path : `//${host}${path}`;
}

/** Decodes `%20` and the like; returns a text whose escapes are not valid UTF-8 as it is. */
export function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns a file below the folder by its path from there, with `/`; any other file as it is. */
export function withoutRoot(file: string, root: string | null): string {
  if (root === null) return file;
  const path = decodeFileUrl(file);
  const [start, end] = [path.slice(0, root.length + 1), path.slice(root.length + 1)];
  return start === `${root}/` || start === `${root}\\` || start === `${root.replaceAll('\\', '/')}/` ? end : file;
}
