/** `pstat help TOPIC`: what a page of options has no room for. */

import { FORMATS } from '../formats/registry.ts';
import { describeSortKey, SORT_KEYS } from '../query/sort-keys.ts';

export interface Topic {
  readonly describe: string;
  readonly text: string;
}

export const TOPICS: Readonly<Record<string, Topic>> = {
  formats: {
    describe: 'the files pstat reads and writes',
    text: `Reading. The format is told by content, never by the name, gzipped or not.

${readableFormats()}

Profiles and traces of V8 may be of any size, if no part of them (a node, an
event) is over 16 MB; other files up to 512 MB.

A folder is searched whole; files that are not profiles are skipped and
counted, broken ones are an error. Several files become one: functions that
agree in name, file, line and column unify, and so do paths of calls. Profiles
of stacks do not merge with profiles of pairs, nor samples with calls.

Writing (--format).

  table            for people: 20 rows unless --limit says otherwise, fitted to
                   the terminal, or to COLUMNS; into a pipe nothing is cut
  json             one object, schema 1; see pstat help json
  csv              the same columns; notes go to stderr
  markdown         for a pull request
  prof             binary, for python -m pstats, SnakeViz and gprof2dot: every
                   function of a profile, whichever wrote it

                     pstat app.cpuprofile --format prof > out.prof

                   A Python profile is written as it was read, figure by figure.
                   Samples stand where calls would: nc counts those anywhere on
                   the stack, cc those on top of it. --focus, --ignore, --from,
                   --to, --idle and --merge-lines act; what chooses rows cannot
  pstats           of top, callers and callees: what Python 3.11 prints, to the
                   byte, its mistakes too. Unsorted and whole unless asked;
                   --sort takes pstats' words, --paths base is strip_dirs,
                   several files are added. FUNCTION, each --restrict and
                   --limit cut the list down in turn:

                     --restrict 20          the first 20
                     --restrict 0.5         the first half
                     --restrict 'sql|re'    what Python's re.search finds

                   FUNCTION is Python's too, /x/i its (?i)x. Of samples it
                   prints nsamples, all on the stack/those on top of it. Notes
                   go to stderr`,
  },
  time: {
    describe: 'how time is counted',
    text: `Sampled profiles (V8). A sample is a stack and a moment.

  1. Samples are put in order of time.
  2. A sample owns the time until the next one; the last one owns the rest of
     the recording, up to 2.5 intervals.
  3. What lies before the first sample is the profiler's own start. It belongs
     to no function, nor does an over-long rest, nor the time of samples whose
     node is not in the file.
  4. (garbage collector) keeps its own time, and counts towards the callers of
     the code that it interrupted. (program) is V8's own work.
  5. tottime is time on top of the stack. cumtime is time anywhere on it, once
     a stack, however deep the recursion. The same holds for edges.

  duration = counted + idle + left out + before the first sample
             + after the last

holds to the microsecond and is the second line of every screen. (idle) is no
row and in no share unless --idle is given. --focus, --ignore, --from and --to
move time to "left out"; shares are then of what remains.

With n samples a time is known to about 1/√n: that is the column ±%. Under 10
samples a row is marked ~, for it may be noise.

Files without deltas share the duration equally among samples, files without
samples by hitCount; notes say "estimated".

Traced profiles (Python). The file's numbers are shown as they are, and equal
what pstats prints. A cumtime may then exceed the sum of all tottimes.`,
  },
  compare: {
    describe: 'how a change is tested',
    text: `pstat compare BEFORE AFTER: each a file, a folder or a quoted glob with runs of
one program. Record the sides in turn, ten runs each; 4 is the least.

Runs are processes: by the id that pstat writes into its recordings, else by pid
and folder, else by the file names of Node. Requests of one process are one run:
the mean of its requests for functions, the median for the total. Files of
requests that name no process count as one each, and the verdict says so.

Which time (--time; the header names it)
  undisturbed  counted time, less the time in which the thread was ready but had
               no processor (Linux, recorded by pstat). Default where all files
               know it: other programs on the machine do not change it
  busy         the time that the thread worked for a request. Default for
               requests of the request profiler, less time without a processor
  counted      what tottimes add up to. Default for all other files
  cpu          CPU time of the process, helper threads included
  elapsed      from start to end
The other totals are below the first. No time is ever divided by a speed of the
machine: all verdicts are about the times shown.

The test
  1. Functions are matched: exactly; by name and file; by the path without
     query, hash, version and root; by name where a file was renamed; by a name
     that is unique. The rest is new or removed, and tested as 0 before or after.
  2. Mann-Whitney, two-sided: exact with ties up to 40 runs. Hodges-Lehmann's
     shift with its 95% interval. The total is tested by itself.
  3. Functions with 0.3% of the time or more on either side (or those that
     --filter names) are one family: Benjamini-Hochberg at 5%. A function is
     called slower or faster only if the whole interval lies beyond 3% of its
     time (5% if the machine was busier on one side).
  4. Where only the CPU time of the process is known, a function is called only
     if its change holds under every explanation of CPU ÷ counted time.
  5. Calls: a change is certain if all runs of a side agree and the sides
     differ; counts that vary are tested like times.

Columns: of the total, medians; of functions, means, for means add up. change is
after - before as shown. ~ no significant change; ? on one side only and not
significant. With fewer than 4 runs a side there are differences, no verdicts.

The gate: --fail-above 5% or 3ms
  failed     exit 3: significantly slower, by more than that
  passed     the whole 95% interval is below it
  undecided  neither; exit 0, with --strict exit 4
--fail-on function checks every function that was tested, new ones too; a new
function that replaces a removed one is judged by the sum of both.

Two folders of several routes: one row a route; --route opens one.`,
  },
  patterns: {
    describe: 'FUNCTION, --filter, --exclude, --focus, --ignore',
    text: `A pattern is looked for in file:line(name), with the path as written and as
shown; for --by in the name of the group.

  serialize        text, anywhere, case-sensitive
  ''               every function
  handlers/        a folder or a file
  rp.py:33(        a line
  '/^node:/'       a regular expression: it ends in a slash and valid flags
  '/serialize/i'   in any case
  '/\\(get /'       a name that begins with "get "
  /srv/app/x.js    text, for x.js is no flag
  --filter=-x      a pattern that begins with a dash needs the =

  FUNCTION         picks the functions that callers and callees are shown of
  --filter         keeps rows that match every one; --exclude drops rows that
                   match any. In callers and callees: the inner rows
  --focus          keeps stacks on which a match stands, --ignore drops them.
                   Rows that remain are all that stood on those stacks`,
  },
  sort: {
    describe: 'the keys of --sort',
    text: `Keys, several with commas or by repeating --sort. Ties break by name, file and
line. Every word and abbreviation of pstats works and means what it does there:
time, tot, cumulative, cu, calls, module, s …; V8's self, flat and total, too.

${sortKeyLines()}

Figures are high first, names low first; --reverse turns all of it round. A key
that a profile cannot answer (ncalls of samples) is refused with what to use.
compare sorts by evidence and by the change, of tottime or cumtime;
by ncalls or samples, how their number changed; by name, filename and line.`,
  },
  profiler: {
    describe: 'one profile per request of a server',
    text: `One .cpuprofile per request, named after its method and path. Without a change
of the program, for any server of node:http or node:https:

  PSTAT_PROFILE_DIR=profiles node --import pstat-cli/register server.js

Or from the program, in Express and Connect, and around any listener:

  import { profiler } from 'pstat-cli/profiler';
  app.use(profiler({ dir: 'profiles' }));
  http.createServer(profiler(handler, { dir: 'profiles' }));

  dir          PSTAT_PROFILE_DIR          the folder; it is made
  when         PSTAT_PROFILE_WHEN         a function of the request, or
                                          a pattern of GET /path?query
  oneIn        PSTAT_PROFILE_ONE_IN       one in so many of these
  slowerThan   PSTAT_PROFILE_SLOWER_THAN  ms; faster ones leave no file
  concurrency  PSTAT_PROFILE_CONCURRENCY  one: others pass meanwhile (default);
                                          split: all, each with its own samples
  interval     PSTAT_PROFILE_INTERVAL     µs between samples; 1000
  name         PSTAT_PROFILE_NAME         a format of {method} {path} {elapsed}
                                          {time} {status} {pid}, or a function
  longest      PSTAT_PROFILE_LONGEST      s; then the profile is cut; 600

A file holds the samples in which its own request ran. Where others ran, or
nobody, it says (idle). Beside the profile, under the key pstat: method, url,
status (null: no head was sent), aborted, cut, start, elapsed, busy (µs on the
thread), skipped (requests that passed since the file before), others and
unattributed (samples left out), interval. Times are µs.

Callbacks of a connection that another request opened run in that one's name,
unless the driver gives promises, as fetch and most databases' do.

The first request after 30 s without one waits 10 to 100 ms for V8's profiler.`,
  },
  json: {
    describe: 'the JSON, field by field',
    text: `{ "schema": 1,
  "view": "functions" | "callers" | "callees" | "compare" | "requests",
  "profile": {
    "sources": [..],       the files, as named
    "counts": "samples" | "calls",
    "paths": true | false, whether stacks are known, or only pairs
    "by": "function" | "file" | "package" | "category",
    "duration", "whole", "idle", "outside", "head", "tail",
    "samples", "interval", "ncalls", "pcalls",
    "request" },           of a profile of one request: what it says of it
  "rows": [ {
    "name",                as written; "" for an anonymous function
    "file",                as written; "~" for Python's built-ins
    "line", "column",      1-based
    "tottime", "cumtime",
    "samples", "cumsamples"  or  "ncalls", "pcalls",
    "functions"            with --by: how many are in the group
    } ],
  "matched": N,            rows that match, before --limit
  "notes": [..] }

Times are µs, unrounded. What is absent or not known is null. The law:
duration = head + whole + idle + outside + tail. In callers and callees a row
also holds "matchedEdges" and "callers" or "callees", a list of such rows with
the figures of that edge alone. Counts beyond 2^53 are written out in full.

compare is schema 2: "measure", "counts", "basis", "functionBasis", "verdict":
"slower" | "faster" | "no-change" | "inconclusive", "before" and "after"
{ sources, runs, requests, processKnown, totals }, "total": F, "otherTotals": {
basis: F }, "parts", "alike", "work", "family", "gate": { passed: true | false |
null, outcome, failures: [ { name, file, line, delta, percent } ], .. } | null,
and rows { name, file, line, column, status, movedFrom, hint, verdict, tottime:
F, cumtime: F, ncalls or samples: { before, after, delta, changed } }; notes are
{ code, text, .. }. F = { before, after, delta, ratio, min: { before, after },
shift, low, high, p, adjustedP, significant }: medians of the total, means of
functions. Verdicts of rows: "slower" | "faster" | "new" | "removed" |
"calls-changed" | "no-change" | "inconclusive" | "untested". Several routes:
"view": "compare-routes", "routes": [ { route, requests, processes, verdict,
total: F } ], and "verdict" may be "mixed".

requests has "folder", "requests", "failed", "skipped", "total", "strangers"
(profiles of no request), "firsts" (of each process: file, route, elapsed,
timesOthers, others, isCertain), and rows { route, status, requests, failed,
median, p95, slowest, total, slowestFile, medianFile, hottest: { name, file,
line, tottime, share } }.`,
  },
};

/** The formats with a reader, by extension. */
function readableFormats(): string {
  const readable = FORMATS.filter(({ reader }) => reader !== undefined);
  return readable
    .map(
      ({ extensions, title }) =>
        `  ${extensions.join(' ').padEnd(15)}  ${title.replaceAll('\n', `\n${' '.repeat(19)}`)}`,
    )
    .join('\n')
    .replace(/ +$/gm, '');
}

function sortKeyLines(): string {
  const widest = Math.max(...SORT_KEYS.map((key) => key.length));
  return SORT_KEYS.map((key) => `  ${key.padEnd(widest)}  ${describeSortKey(key)}`).join('\n');
}

/** `formats`, `time`, … with what each is about, a line each. */
export function topicLines(): string {
  return Object.entries(TOPICS)
    .map(([name, { describe }]) => `  pstat help ${name.padEnd(9)} ${describe}`)
    .join('\n');
}
