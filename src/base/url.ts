/** Returns the path of a request's URL. Requests through a proxy have the host, too; it is removed. */
export function urlPath(url: string): string {
  return url.replace(/^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
}

/**
 * Returns a module's file URL without its query and fragment: Node evaluates `x.mjs?update=2` and `x.mjs#2` anew, but their
 * file is x.mjs. Other files stay as they are; a page's query may name the script.
 */
export function moduleFile(file: string): string {
  return file.startsWith('file://') ? file.replace(/[?#].*$/s, '') : file;
}

/** Returns the decoded path of a file URL, with its query, and any other file as it is. */
export function decodeFileUrl(file: string): string {
  if (!file.startsWith('file://')) return file;
  const path = file.slice('file://'.length).replace(/^\/(?=[A-Za-z]:\/)/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
