/**
 * Text as GitHub's markdown. Whatever a database said goes into code, where GitHub reads neither markup nor mentions;
 * only titles, which a bundle's author wrote, are set as prose.
 */
import { markdownTable } from 'markdown-table';
import { longestSentence, makeLinesVisible, shorten, showDecision, tame } from './escape.js';

/** Long enough for any name or value that helps, short enough for ten thousand emoji. Graphemes. */
const longestInline = 160;
/** Of a code block, and of a line of a list that is code. */
export const longestLine = 400;
const mostLines = 40;

/** Breaks a word where GitHub would make it a link, a mention or a reference. Seen by nobody, and the usual way. */
const breaker = '&#8203;';

/** Prose within a line; never at the start of one, where `-`, `#` or `1.` would begin a block. */
export function prose(text: string): string {
  return asMarkdown(tame(text, longestInline));
}

/** The same for a sentence of ours: advice that ends in the middle is none. */
export function sentence(text: string): string {
  return asMarkdown(tame(text, longestSentence));
}

/** What somebody has to decide, whole. */
export function decision(text: string): string {
  return asMarkdown(showDecision(text));
}

function asMarkdown(text: string): string {
  return text.replace(meaningful, (sign) => escapeSign(sign) ?? `\\${sign}`);
}

/** Text between tags, where GitHub reads no markup but still makes links and mentions. */
export function tagText(text: string): string {
  return tame(text, longestInline).replace(meaningful, (sign) => escapeSign(sign) ?? sign);
}

/** null: a sign that only markup gives a meaning. */
function escapeSign(sign: string): string | null {
  const entity = entities[sign];
  if (entity !== undefined) return entity;
  if (sign === '://') return `:${breaker}//`;
  return /^[@#a-z]/i.test(sign) ? sign + breaker : null;
}

/** In one pass, so that what is put in is not looked at again. Wherever in a word: GitHub begins a link behind `_`, too. */
const meaningful = /[&<>$]|:\/\/|@|#(?=\d)|GH-(?=\d)|www(?=\.)|[\\`*_[\]~|]/gi;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // GitHub's own way to keep a dollar from beginning a formula.
  $: '<span>$</span>',
};

/** Inline code. In a table use `codeCell`: there a pipe ends the cell even in code. */
export function code(text: string, most: number = longestInline): string {
  const content = hideMarkers(tame(text, most));
  if (content.trim() === '') return content === '' ? '_empty_' : '_blank_';
  const fence = '`'.repeat(longestRun(content) + 1);
  const padding = content.startsWith('`') || content.endsWith('`') || /^ .* $/.test(content) ? ' ' : '';
  return `${fence}${padding}${content}${padding}${fence}`;
}

/**
 * Inline code in a table. A pipe needs a backslash, and an odd run of backslashes before it one more, lest the last of
 * them escape ours.
 */
export function codeCell(text: string): string {
  return code(text).replace(
    /(\\*)\|/g,
    (_, slashes: string) => `${slashes}${slashes.length % 2 ? '\\' : ''}\\|`,
  );
}

/** A code block, cut to 40 lines; what is too long for one goes on in the next. */
export function codeBlock(text: string): string {
  const lines = makeLinesVisible(text.slice(0, mostLines * longestLine)).flatMap(fold);
  const shown = lines.slice(0, mostLines).map((line) => hideMarkers(shorten(line, longestLine)));
  if (lines.length > mostLines || text.length > mostLines * longestLine) shown.push('… and more');
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${fence}text`, ...shown, fence].join('\n');
}

/** At spaces, where there are some: a hint that ends in the middle is none. */
function fold(line: string): string[] {
  if (line.length <= longestLine) return [line];
  const at = line.lastIndexOf(' ', longestLine);
  if (at <= 0) return [line];
  return [line.slice(0, at), ...fold(line.slice(at + 1))];
}

/** A table of cells that are markdown already; numbers look best in `rightColumns`, counted from 0. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  rightColumns: readonly number[] = [],
): string {
  const align = head.map((_, column) => (rightColumns.includes(column) ? 'right' : 'left'));
  return markdownTable([head, ...rows], { align, alignDelimiters: false });
}

/** Folded away until somebody clicks. `summary` is words of our own; the blank lines let markdown begin again. */
export function folded(summary: string, body: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** A link, or only its text where the address is not one that a browser should open. */
export function link(text: string, url: string): string {
  if (!/^https?:\/\/[^\s<>()\\"'|]+$/.test(url)) return text;
  return `[${text}](${url})`;
}

/** `<!--` inside code is only text, yet a search for a comment's hidden marker would find it. */
function hideMarkers(text: string): string {
  return text.replaceAll('<!--', '<\u200B!--');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
