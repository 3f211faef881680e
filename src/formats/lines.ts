/** Parts of a long text one by one: `split` of half a gigabyte of separators takes many times its memory. */

/** Yields what `text.split(separator)` returns. */
export function* partsOf(text: string, separator: string): Generator<string> {
  let start = 0;
  for (let end = text.indexOf(separator); end !== -1; end = text.indexOf(separator, start)) {
    yield text.slice(start, end);
    start = end + separator.length;
  }
  yield text.slice(start);
}
