/** The pages of `pstat help TOPIC`. */

import { FORMATS, WRITABLE_FORMATS } from '../formats/registry.ts';
import { describeSortKey, SORT_KEYS } from '../query/sort-keys.ts';
import { COMMAND_NAMES } from './commands.ts';

export interface Topic {
  readonly describe: string;
  readonly text: string;
}

export const TOPICS: Readonly<Record<string, Topic>> = {
  formats: {
    describe: 'the files pstat reads and writes',
    text: `Reading. The format is detected by content, not by name; gzip is unpacked.

${readableFormats()}

Other profiles (heap, callgrind, perf.data, JS Self-Profiling, …) are named by
the error, with what to do. V8 profiles and traces may be of any size if no part
(a node, an event) exceeds 16 MB; other files up to 512 MB.

Folders are searched with their subfolders, and links to folders are followed;
what several paths lead to is read once. Files that are not profiles are skipped
and counted, and so are HTML reports (of pstat report) beside other files, which
would count their profiles twice. Files that cannot be read are an error that
lists them; with --skip-broken they are left out, as long as others can be read.

Several files are merged: functions with equal name, file, line and column are
one, and so are equal call paths. Profiles of stacks do not merge with profiles
of caller-callee edges, nor samples with calls.

Writing (--format).

  table            for people: 20 rows unless --limit is given, fitted to the
                   terminal or to COLUMNS; nothing is cut in a pipe
  json             one object, schema 2; see pstat help json
  csv              the same columns with units in the titles; notes go to
                   stderr
  markdown         for a pull request
  pstats           for top, callers and callees: the output of Python 3.11, byte
                   for byte, including its mistakes. Unsorted and complete by
                   default; --sort takes the keys of pstats, --paths base is
                   strip_dirs, several files are added. FUNCTION, each
                   --restrict and --limit cut the list one after the other:

                     --restrict 20          the first 20
                     --restrict 0.5         the first half
                     --restrict 'sql|re'    functions that re.search finds

                   FUNCTION is a Python regular expression too; /x/i is (?i)x.
                   Supported are groups, (?P<name>…), classes, look-around, \\A,
                   \\Z, \\b and the flags (?ims) at the start. For samples it
                   prints nsamples: anywhere on the stack/on top of it. Notes go
                   to stderr

Converting (pstat convert FILES… -o FILE).

${writableFormats()}

Every figure is that of pstat top: --focus, --ignore, --from, --to, --thread,
--route, --time, --idle and --merge-lines apply. Whole µs (pprof: ns) are
written by largest remainder, so that sums stay exact. The file is read back and
its sum compared. A Python profile has caller-callee edges: callgrind and prof
hold them exactly, the others hold stacks.

  pprof        with executing lines; requests keep method, route and status as
               labels, which pstat does not read back. go tool pprof shows
               functions of one name as one row (-filefunctions keeps files
               apart)
  speedscope   a profile a file, in order of time
  firefox      a thread a file, for profiler.firefox.com and samply load
  cpuprofile   one thread of a trace, a part of a recording, for DevTools. A
               merged profile has one sample a stack
  folded       names and µs, sorted, for flamegraph.pl and inferno
  callgrind    functions and edges, for KCachegrind and callgrind_annotate;
               calls are samples, and exact for Python profiles
  prof         for python -m pstats, SnakeViz, gprof2dot. Samples take the place
               of calls: nc counts those anywhere on the stack, cc those on top`,
  },
  time: {
    describe: 'how time is counted',
    text: `Sampled profiles (V8). A sample is a stack and a timestamp.

  1. Samples are sorted by time.
  2. A sample lasts until the next one; the last one until the end of the
     recording, but at most 2.5 intervals.
  3. The time before the first sample is the profiler's own start. It belongs to
     no function, nor does the rest after the last sample, nor the time of
     samples whose node is not in the file.
  4. (garbage collector) has its own tottime and counts towards the cumtime of
     the code that it interrupted. (program) is V8's own work.
  5. tottime is time on top of the stack. cumtime is time anywhere on it. A
     stack counts once, however deep the recursion; so it does for edges.

  duration = before the first sample + counted + idle + excluded
             + after the last sample

holds to the microsecond and is the second line of every screen. (idle) is not a
row and not in any share unless --idle is given. --focus, --ignore, --from and
--to move time to excluded; shares refer to counted time.

A table leaves out rows without tottime where it sorts by it; --limit 0 shows
them.

With n samples the error of a time is about 1/√n: that is the column ±%. A row
with fewer than 10 samples is marked ~ and may be noise.

--by owner charges the time of libraries (dependencies, node:, natives, Python's
standard library) and of the garbage collector to the nearest function of your
own code above them; what has none is (no own frame), the last row.

In files without time deltas all samples are equally long; in files without
samples the duration is divided by hitCount. Notes then say "estimated".

Traced profiles (Python). The figures of the file are shown unchanged and equal
those of pstats. A cumtime may then exceed the sum of all tottimes.`,
  },
  compare: {
    describe: 'how a change is tested',
    text: `pstat compare BEFORE AFTER: each a file, a folder or a quoted glob with runs of
one program. Record the sides alternately, ten runs each; 4 is the minimum.

Runs are processes: by the id that pstat writes into its recordings, else by pid
and folder, else by the file names of Node. Requests of one process are one run:
the mean of its requests for functions, the median for the total. Request files
without a process id count as one run each, and the verdict says so.

Which time (--time; the header names it)
  undisturbed  counted time minus the time in which the thread was ready but had
               no processor (Linux, recorded by pstat). Default if all files
               have it: other programs on the machine do not change it
  busy         the time that the thread worked for a request. Default for
               requests of the request profiler, minus time without a processor
  counted      the sum of all tottimes. Default for all other files
  cpu          CPU time of the process, helper threads included
  elapsed      from start to end
The other totals are below the first. No time is divided by the speed of the
machine: all verdicts are about the times shown.

The test
  1. Functions are matched: exactly; by name and file; by the path without
     query, hash, version and root; by name in a renamed file; by a unique name.
     The rest is new or removed, and tested as 0 before or after.
  2. Mann-Whitney, two-sided: exact with ties up to 40 runs. Hodges-Lehmann
     shift with its 95% interval. The total is tested by itself; in pairs, by
     the signed-rank test, where pstat ab ran 6 blocks or more.
  3. Functions with 0.3% of the time or more on either side (or those that
     --filter selects) are one family: Benjamini-Hochberg at 5%, and p beside a
     verdict is adjusted so. A function is slower or faster only if the whole
     interval lies beyond 3% of its time (5% if the machine was busier on one
     side).
  4. If only the CPU time of the process is known, a function gets a verdict
     only if its change holds under every explanation of CPU ÷ counted time.
  5. Calls: a change is certain if all runs of a side agree and the sides
     differ; counts that vary are tested like times.

Columns: medians of the total; means of functions, because means add up. change
is after - before as shown. ~ no significant change; ? on one side only and not
significant. With fewer than 4 runs a side there are differences, no verdicts.

The gate: --fail-above 5% or 3ms
  failed     exit 3: a statistically significant regression above the threshold
  passed     the whole 95% interval is below it
  undecided  neither; exit 0, with --strict exit 4
--fail-on function checks every function that was tested, new ones too; a new
function that replaces a removed one is judged by the sum of both.

Two folders of several routes: one row a route; --route selects one.`,
  },
  patterns: {
    describe: 'FUNCTION, --filter, --exclude, --focus, --ignore',
    text: `A pattern matches text in file:line(name), with the path as written or as shown;
with --by, in the name of the group.

  serialize        text, anywhere, case-sensitive
  ''               every function
  handlers/        a folder or a file
  rp.py:33(        a line
  '/^node:/'       a regular expression: it ends in a slash and valid flags
  '/serialize/i'   ignores case
  '/\\(get /'       a name that begins with "get "
  /srv/app/x.js    text, because x.js is not a flag
  --filter=-x      a pattern that begins with a dash needs the =

  FUNCTION         selects the functions of callers and callees; functions of
                   exactly this name, if there are any
  --filter         keeps rows that match all patterns; --exclude drops rows that
                   match any. In callers and callees: the inner rows
  --focus          keeps stacks that contain a match; --ignore drops them. The
                   rows are all functions on the stacks that are left`,
  },
  sort: {
    describe: 'the keys of --sort',
    text: `Give several keys with commas or by repeating --sort. Ties are sorted by
cumtime, then by name, file and line. Every word and abbreviation of pstats works and means the same:
time, tot, cumulative, cu, calls, module, s …; so do V8's self, flat and total.

${formatSortKeys()}

Figures are sorted from high to low, names from low to high; --reverse reverses
both. A key that the profile does not have (ncalls of samples) is an error that
names another. compare sorts by evidence, then by the change of tottime or
cumtime; by ncalls or samples, by the change of their number; by name, filename
and line.`,
  },
  profiler: {
    describe: 'one profile per request of a server',
    text: `One .cpuprofile per request, named after its method and path. Without changes to
the program, for any server of node:http or node:https:

  PSTAT_PROFILE_DIR=profiles node --import pstat-cli/register server.js

Or in the program, as a middleware of Express and Connect, or around a listener:

  import { profiler } from 'pstat-cli/profiler';
  app.use(profiler({ dir: 'profiles' }));
  http.createServer(profiler(handler, { dir: 'profiles' }));
  http.createServer(profiler(koa.callback(), { dir: 'profiles' }));
  fastify({ serverFactory: (h) => createServer(profiler(h, { dir: '…' })) });

Options and variables, with defaults in parentheses:

  dir          PSTAT_PROFILE_DIR           folder of the files; pstat creates it
  filter       PSTAT_PROFILE_FILTER        a function of the request, or a
                                           pattern of GET /path?query
  sampleEvery  PSTAT_PROFILE_SAMPLE_EVERY  every Nth of these (1)
  minDuration  PSTAT_PROFILE_MIN_DURATION  ms; faster requests leave no file (0)
  maxDuration  PSTAT_PROFILE_MAX_DURATION  s; longer profiles are cut (600)
  concurrency  PSTAT_PROFILE_CONCURRENCY   single: one at a time (default)
                                           all: all, each with its own samples
  interval     PSTAT_PROFILE_INTERVAL      µs between samples (1000)
  sources      PSTAT_PROFILE_SOURCES       true: files hold scripts and maps;
                                           listing them stops the thread once,
                                           for 60 to 160 ms (false)
  maxFiles     PSTAT_PROFILE_MAX_FILES     files in the folder (100000) and
  maxBytes     PSTAT_PROFILE_MAX_BYTES     bytes (2000000000); beyond, requests
                                           are not profiled until some are gone
  name         PSTAT_PROFILE_NAME          a format of {method} {path} {elapsed}
                                           {time} {status} {pid}, or a function

A file holds the samples of its own request; other time is (idle). The key pstat
holds: method, url, route (the framework's pattern), status (null: no headers
were sent), aborted (the response was not sent completely), cut (the profile
ended first), start, elapsed, busy (time on the thread), profiler (pstat's own
work in it, which is (idle) here), skipped (requests not profiled since the file
before), others and unattributed (samples of other and of no known requests),
interval, pid, thread, number (in the thread) and run. Times are µs.

The route is known of Express, Fastify and Koa's routers. Any program can set it
on Node's request: \`request.route = { path: '/users/:id' }\`; in Hono
\`c.env.incoming.route = { path: routePath(c) }\` after \`await next()\`.

Callbacks of a connection that another request opened are attributed to that
request, unless the driver returns promises, as fetch and most databases do.

A process that ends, also by SIGTERM, SIGINT or SIGHUP without a listener, first
writes its files, for 0.8 s at most.

The first request after 30 s without one is delayed by 10 to 100 ms while V8's
profiler starts.`,
  },
  json: {
    describe: 'the JSON, field by field',
    text: `{ "schema": 2,
  "pstat",                 the version that wrote it
  "view": "functions" | "callers" | "callees" | "tree" | "list" | "compare" |
          "requests" | "requests-tail" | "processes",
  "profile": {
    "sources": [..],       the files, as named
    "unit": "us",
    "counts": "samples" | "calls",
    "stacks": true | false, false for a profile of caller-callee edges
    "by": "function" | "file" | "package" | "category" | "line" | "owner",
    "duration", "counted", "idle", "excluded", "beforeFirstSample",
    "afterLastSample", "samples", "interval", "ncalls", "pcalls",
    "queued",              if known: the thread was ready, without a processor
    "request" },           of a profile of one request: what the file says of it
  "rows": [ {
    "name",                as written; "" for an anonymous function
    "file",                as written; "~" for Python's built-ins
    "line", "column",      1-based
    "tottime", "cumtime",
    "samples", "cumsamples"  or  "ncalls", "pcalls",
    "functions"            with --by: how many are in the group
    } ],
  "matched": N,            rows that match, before --limit
  "notes": [ { "code", "text", .. } ] }

Times are µs, unrounded. What is absent or unknown is null. A note has the facts
of its code, such as "count"; of several files, "source" is the one that it is
about. schema.json, in the package, lists the codes.

duration = beforeFirstSample + counted + idle + excluded + afterLastSample. In
callers and callees a row also has "matchedEdges" and "callers" or "callees", a
list of such rows with the figures of that edge alone. Counts beyond 2^53 are
written in full.

With --by line a row is a line, with the name of its hottest function; without
"line" it is time of no line. list has "functions" in place of "rows", each with
"source", "lines" [ { line, text, tottime, samples, calls } ], "noLine",
"notPlaced" and "notPlacedCalls". Lines and noLine add up to tottime; calls,
each once, and notPlaced to cumtime less tottime. A call has "placement":
"one-line" | "several". "estimated": true is of times scaled to a window.

compare has "measure", "counts", "basis", "functionBasis", "verdict": "slower" |
"faster" | "no-change" | "inconclusive", "paired" (totals were tested in pairs),
"before" and "after" { label, sources, runs, requests, processKnown, totals },
"total": F, "otherTotals": { basis: F }, "parts", "alike", "work", "family",
"gate": { passed: true | false | null, outcome, failures: [ { name, file, line,
delta, percent } ], .. } | null, and rows { name, file, line, column, status,
movedFrom, hint, verdict, tottime: F, cumtime: F, ncalls or samples: { before,
after, delta, changed } }. F = { before, after, delta, ratio, min: { before,
after }, shift, low, high, p, adjustedP, significant }: medians of the total,
means of functions. Verdicts of rows: "slower" | "faster" | "new" | "removed" |
"calls-changed" | "no-change" | "inconclusive" | "untested". Several routes:
"view": "compare-routes", "routes": [ { route, requests, processes, verdict,
total: F } ], and "verdict" may be "mixed". ab --bisect adds "bisect": { commit:
{ hash, subject } | null, text }.

tree has "inverted", "estimated", "omitted", and rows in depth-first order with
"parent" (index of a row, or null), "omitted": { rows, cumtime } of the rows cut
below it, or null, and where frames were joined or folded "chain": [ { name,
file, line, column } ] or "folded": { frames, packages }. cumtime = tottime +
the cumtimes of the rows below + omitted.cumtime.

requests has "folder", "requests", "failed", "skipped", "total",
"unrecognized" (profiles of no request), "broken" [ { file, fact } ] (skipped),
"coldStarts" (of each process: file, route, elapsed, ratioToMedian, others,
confirmed), and rows { route, status, requests, failed, median, p95, slowest,
total, slowestFile, medianFile, hottest and slowestHottest (in slowestFile):
{ name, file, line, tottime, samples, share } | null }; p95 is null for fewer
than 20 requests. With --tail: "view": "requests-tail", "route", "share",
"median", "slowest" and "typical" { requests, elapsed, waiting },
"slowestFiles", rows { name, file, line, slowest, typical, samples }, all means.

attach without a target: "view": "processes", rows { pid, cpu, ports, command };
cpu 1 is one processor.`,
  },
};

/** The formats with a reader, by extension. */
function readableFormats(): string {
  const readable = FORMATS.filter(({ reader }) => reader !== undefined);
  return readable
    .map(
      ({ extensions, title }) =>
        `  ${padExtensions(extensions.join(' '))}${title.replaceAll('\n', `\n${' '.repeat(19)}`)}`,
    )
    .join('\n')
    .replace(/ +$/gm, '');
}

/** Long lists have a line of their own. */
function padExtensions(extensions: string): string {
  return extensions.length > 15 ? `${extensions}\n${' '.repeat(19)}` : `${extensions.padEnd(15)}  `;
}

/** The formats with a writer, by name. */
function writableFormats(): string {
  return WRITABLE_FORMATS.map(({ name, extensions }) => `  ${name.padEnd(12)} ${extensions.join(' ')}`).join('\n');
}

function formatSortKeys(): string {
  const widest = Math.max(...SORT_KEYS.map((key) => key.length));
  return SORT_KEYS.map((key) => `  ${key.padEnd(widest)}  ${describeSortKey(key)}`).join('\n');
}

/** Topics and commands; some names are of both. */
export const HELP_WORDS: readonly string[] = [...new Set([...Object.keys(TOPICS), ...COMMAND_NAMES])];

/** Lists `pstat help formats`, `pstat help time`, … with their descriptions, one per line. */
export function formatTopics(): string {
  return Object.entries(TOPICS)
    .map(([name, { describe }]) => `  pstat help ${name.padEnd(9)} ${describe}`)
    .join('\n');
}
