/** What failed, open: where, what Postgres said, what to do about it. */
import type { Report, SqlProblem } from '../../model.js';
import { spread } from '../answer.js';
import type { AskedFirst, Mismatch } from '../failure.js';
import { type FailureGroup, isRefused, type SharedFailure } from '../failures.js';
import { code, codeBlock, folded, link, longestLine, sentence, tagText } from '../markdown-text.js';
import { appliedSubjects } from '../totals.js';
import { capitalized, count, counted, listed } from '../words.js';
import type { Detail } from './detail.js';
import type { ReportContext } from './footer.js';

/** The first in full, since it is what the heading says; the others folded, each with its name. */
export function renderFailures(told: ToldFailures, groups: readonly FailureGroup[]): string | null {
  const { detail } = told;
  const [first, ...others] = groups;
  if (first === undefined) return null;
  const shown = others.slice(0, Math.max(0, detail.failures - 1)).map((group) => renderOther(group, told));
  const parts = [
    ...(detail.failures > 0 ? renderVariants(first, told) : []),
    ...shown,
    ...andMore(others.length - shown.length, 'more failure'),
  ];
  return parts.length === 0 ? null : parts.join('\n\n');
}

export interface ToldFailures {
  readonly report: Report;
  readonly context: ReportContext | null;
  readonly detail: Detail;
}

function renderOther(group: FailureGroup, told: ToldFailures): string {
  const sign = isRefused(group) ? '✋' : '❌';
  const summary = `${sign} ${tagText(group.title)}${spread(group, told.report)}`;
  return folded(summary, renderVariants(group, told).join('\n\n'));
}

function renderVariants(group: FailureGroup, told: ToldFailures): string[] {
  const { variants } = group;
  const shown = variants.slice(0, told.detail.variants);
  const more = andMore(variants.length - shown.length, 'more way', 'in which it failed');
  return [
    ...shown.flatMap((variant) => renderFailure(variant, namesOf(variant, group, told), told)),
    ...more,
  ];
}

/** Where the heading or the summary of a fold has said that it is everywhere, no database is named again. */
function namesOf(
  { subjects }: SharedFailure,
  { variants }: FailureGroup,
  { report }: ToldFailures,
): readonly string[] {
  const isEverywhere = subjects.length === appliedSubjects(report).length;
  return report.subjects.length < 2 || (isEverywhere && variants.length === 1) ? [] : subjects;
}

function renderFailure(failure: SharedFailure, names: readonly string[], told: ToldFailures): string[] {
  return [
    place(failure, names, told),
    failure.asked === null ? null : renderAsked(failure.asked, told.detail.lines),
    failure.reason === null ? null : sentence(failure.reason),
    failure.problem === null ? null : renderProblem(failure.problem),
    failure.mismatches.length > 0 ? mismatches(failure.mismatches, told.detail.lines) : null,
    failure.items.length > 0 ? list(failure.items, told.detail.lines) : null,
  ].filter((part) => part !== null);
}

/** `On STATE, in FILE:LINE:COLUMN`, as far as it is known and not said already. */
function place(failure: SharedFailure, names: readonly string[], told: ToldFailures): string | null {
  const file = renderFile(failure, told);
  const databases = names.map((name) => code(name));
  const parts = [
    ...(databases.length > 0 ? [`on ${listed(databases, 3)}`] : []),
    ...(file === null ? [] : [`${failure.about === null ? 'in' : 'look at'} ${file}`]),
  ].join(', ');
  return parts === '' ? null : `${capitalized(parts)}:`;
}

/** A link to the line, where it is one of the repository. */
function renderFile(
  { path, line, problem }: SharedFailure,
  { report, context }: ToldFailures,
): string | null {
  if (path === null) return null;
  const found = context?.linkTo?.({ folder: report.bundle.folder, path, line }) ?? null;
  const place = [found?.path ?? path, line, problem?.column ?? null].filter((part) => part !== null);
  const shown = code(place.join(':'));
  return found === null ? shown : link(shown, found.url);
}

/** A decision is made by its name, which stands at its end: none is cut. */
function renderAsked({ what, decisions, how }: AskedFirst, most: number): string {
  const shown = decisions.slice(0, most).map((decision) => `- ${sentence(decision)}`);
  return [
    `**What to decide:** ${what === '' ? '' : `${sentence(what)}; `}nothing is changed before.`,
    [...shown, ...andMore(decisions.length - shown.length).map((text) => `- ${text}`)].join('\n'),
    ...(how === null ? [] : [`**How to decide:** ${sentence(how)}`]),
  ].join('\n\n');
}

function renderProblem(problem: SqlProblem): string {
  const { snippet, inner, sqlstate, message, detail, hint, advice } = problem;
  const parts = [
    codeBlock(
      [
        ...(snippet === null ? [] : [snippet, '']),
        ...(inner ? ['run by it:', inner, ''] : []),
        `ERROR: ${message} (SQLSTATE ${sqlstate})`,
        ...(detail === null ? [] : [`Detail: ${detail}`]),
        ...(hint === null ? [] : [`Hint: ${hint}`]),
      ].join('\n'),
    ),
    ...(advice === null ? [] : [`**What to do:** ${sentence(advice)}`]),
  ];
  return parts.join('\n\n');
}

function mismatches(all: readonly Mismatch[], most: number): string {
  const shown = all
    .slice(0, most)
    .map(
      ({ object, expected, actual }) =>
        `- ${code(object)}: expected ${code(expected)}, found ${code(actual)}`,
    );
  return [...shown, ...andMore(all.length - shown.length).map((text) => `- ${text}`)].join('\n');
}

function list(all: readonly string[], most: number): string {
  const shown = all.slice(0, most).map((item) => `- ${code(item, longestLine)}`);
  return [...shown, ...andMore(all.length - shown.length).map((text) => `- ${text}`)].join('\n');
}

function andMore(left: number, noun?: string, rest?: string): string[] {
  if (left <= 0) return [];
  const what = noun === undefined ? `${count(left)} more` : counted(left, noun);
  return [`… and ${rest === undefined ? what : `${what} ${rest}`}`];
}
