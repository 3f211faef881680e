/** Profile → one HTML file, which makes no request and needs no other file. */

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { packColumns } from '../../base/packed-columns.ts';
import { VERSION } from '../../base/version.ts';
import { packEdges } from '../../model/layout/packed-edges.ts';
import { packFunctions, TextList } from '../../model/layout/packed-functions.ts';
import { type Part, packParts } from '../../model/layout/packed-parts.ts';
import { packStacks } from '../../model/layout/packed-stacks.ts';
import type { PageFacts } from '../../model/layout/page-facts.ts';
import type { Profile } from '../../model/profile.ts';
import type { Script } from '../../model/raw-profile.ts';
import { pstatMetadata } from '../v8/write-cpuprofile.ts';
import { DATA_END, DATA_START, GENERATOR } from './markup.ts';

/** The code that draws a profile in a browser. */
export interface PageCode {
  /** Unpacks the script and runs it. */
  readonly start: string;
  readonly script: string;
  readonly style: string;
}

export interface ReportContent {
  readonly title: string;
  readonly profile: Profile;
  /** Texts of scripts; null for none. */
  readonly scripts: readonly Script[] | null;
  /** The profiles that it was merged from, which the page can open; empty for none. */
  readonly parts: readonly Part[];
  /** What the page shows besides the profile. */
  readonly facts: PageFacts;
  /** More columns for the page: numbers, and texts. */
  readonly columns: ReadonlyMap<string, ArrayLike<number>>;
  readonly textColumns: ReadonlyMap<string, readonly string[]>;
}

export function writeReport(content: ReportContent, { start, script, style }: PageCode): string {
  const data = packText(packReport(content));
  // Neither ends its element: both are built from sources that have no such text.
  for (const code of [start, style]) if (/<\/(?:script|style)|<!--/i.test(code)) throw new Error('a tag in the page');
  const policy = `default-src 'none'; script-src ${hashOf(start)} ${hashOf(script)}; style-src ${hashOf(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${GENERATOR}${VERSION}">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(content.title)}</title>
<style>${style}</style>
</head>
<body>
<noscript>This report is drawn by a script, which is switched off. \`pstat FILE.html\` prints it in a terminal.</noscript>
<p class="waiting">The report is not drawn yet. If that stays so, its file was cut short or changed: \`pstat FILE.html\` says more.</p>
${DATA_START}${data}${DATA_END}
<script type="application/octet-stream" id="code">${packText(script)}</script>
<script>${start}</script>
</body>
</html>
`;
}

/** As the page unpacks it. */
function packText(bytes: string | Uint8Array): string {
  return gzipSync(bytes, { level: 9 }).toString('base64');
}

function packReport({ profile, scripts, parts, facts, columns, textColumns }: ReportContent): Uint8Array {
  const texts = new TextList();
  const functions = packFunctions(profile.functions, texts);
  const whole = 'callTree' in profile ? { columns: packStacks(profile), large: [] } : packEdges(profile);
  const opened = packParts(profile, parts);
  const more = [...textColumns].map(([name, list]) => [name, list.map((text) => texts.indexOf(text))] as const);
  const large = [...whole.large, ...opened.large];
  const head = {
    profile: factsOf(profile, scripts),
    parts: parts.map((part) => factsOf(part.profile, null)),
    large,
    texts: texts.list(),
    page: facts,
  };
  return packColumns(head, new Map([...functions, ...whole.columns, ...opened.columns, ...columns, ...more]));
}

/** The fields of a profile that are no columns. JSON writes NaN as null. */
function factsOf(profile: Profile, scripts: readonly Script[] | null) {
  const { format, counts, linesAreSampled, notes, sources } = profile;
  const held = scripts === null ? {} : { scripts };
  const common = { format, counts, linesAreSampled, notes, sources, ...held };
  if (!('callTree' in profile)) return { ...common, ...pstatMetadata(profile) };
  const { unit, duration, beforeFirstSample, afterLastSample, excluded, interval } = profile;
  const { queued, isUndisturbed } = profile;
  return {
    ...common,
    unit,
    duration,
    beforeFirstSample,
    afterLastSample,
    excluded,
    interval,
    queued,
    isUndisturbed,
    ...pstatMetadata(profile),
  };
}

function hashOf(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
