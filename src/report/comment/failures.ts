/** What failed, open: where, what Postgres said, what to do about it. */
import type { Report, SqlProblem } from '../../model.js';
import { spread } from '../answer.js';
import type { AskedFirst, Mismatch } from '../failure.js';
import { type FailureGroup, isRefused, type SharedFailure } from '../failures.js';
import { code, codeBlock, decision, folded, link, longestLine, sentence, tagText } from '../markdown-text.js';
import { appliedSubjects } from '../totals.js';
import { capitalized, count, counted, listed } from '../words.js';
import { type Detail, type Open, openLevels } from './detail.js';
import type { ReportContext } from './footer.js';

/** The first in full, since it is what the heading says; the others folded, each with its name. */
export function renderFailures(told: ToldFailures, groups: readonly FailureGroup[]): string | null {
  const { detail, open } = told;
  const [first, ...others] = groups;
  if (first === undefined) return null;
  const shown = others.slice(0, Math.max(0, detail.failures - 1)).map((group) => renderOther(group, told));
  const more = [...shown, ...andMore(others.length - shown.length, 'more failure')];
  const isTogether = !open.eachOther && shown.length > 1;
  const parts = [
    ...(detail.failures > 0 ? renderVariants(first, told) : []),
    ...(isTogether ? [folded(nameOthers(others), more.join('\n\n'))] : more),
  ];
  return parts.length === 0 ? null : parts.join('\n\n');
}

export interface ToldFailures {
  readonly report: Report;
  readonly context: ReportContext | null;
  readonly detail: Detail;
  readonly open: Open;
}

const [openAll] = openLevels as [Open, ...Open[]];

function nameOthers(others: readonly FailureGroup[]): string {
  const names = others.map(({ title }) => tagText(title));
  return `❌ ${counted(others.length, 'more failure')}: ${listed(names, 2)}`;
}

/** Whoever unfolds it wants all that there is. */
function renderOther(group: FailureGroup, given: ToldFailures): string {
  const told = { ...given, open: openAll };
  const sign = isRefused(group) ? '✋' : '❌';
  const summary = `${sign} ${tagText(group.title)}${spread(group, told.report)}`;
  return folded(summary, renderVariants(group, told).join('\n\n'));
}

function renderVariants(group: FailureGroup, told: ToldFailures): string[] {
  const { variants } = group;
  const shown = variants
    .slice(0, told.detail.variants)
    .map((variant, index) => ({
      variant,
      told: index < told.open.variants ? told : { ...told, open: openAll },
    }))
    .map((one) => renderFailure(one.variant, namesOf(one.variant, group, told), one.told));
  const more = andMore(variants.length - shown.length, 'more way', 'in which it failed');
  const folds = shown.slice(told.open.variants).flat();
  const others = Math.min(variants.length, told.detail.variants) - told.open.variants;
  return [
    ...shown.slice(0, told.open.variants).flat(),
    ...(folds.length === 0
      ? []
      : [folded(`${counted(others, 'more way')} in which it failed`, folds.join('\n\n'))]),
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
  const where = place(failure, names, told);
  const reason = failure.reason === null ? null : sentence(failure.reason);
  const begin = failure.asked === null ? [where, reason] : [where];
  return [
    begin.filter((part) => part !== null).join('\n') || null,
    ...(failure.asked === null ? [] : [renderAsked(failure.asked, told), reason]),
    failure.problem === null ? null : renderProblem(failure.problem),
    ...list(failure.mismatches.map(sayMismatch), told),
    ...list(failure.items.map(sayItem), told),
    failure.advice === null ? null : `**What to do:** ${sentence(failure.advice)}`,
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
function renderAsked({ what, decisions, how }: AskedFirst, told: ToldFailures): string {
  const { detail } = told;
  const most = detail.folds ? decisions.length : detail.lines;
  return [
    `**What to decide:** ${what === '' ? '' : `${sentence(what)}; `}nothing is changed before.`,
    ...list(decisions.map(decision), { ...told, detail: { ...detail, lines: most } }),
    ...(how === null ? [] : [`**How to decide:** ${decision(how)}`]),
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

function sayMismatch({ object, expected, actual }: Mismatch): string {
  return `${code(object)}: expected ${code(expected)}, found ${code(actual)}`;
}

function sayItem(item: string): string {
  return code(item, longestLine);
}

/** The first few are open, the others unfold. */
function list(all: readonly string[], { detail, open }: Pick<ToldFailures, 'detail' | 'open'>): string[] {
  if (all.length === 0) return [];
  const shown = all.slice(0, detail.lines).map((text) => `- ${text}`);
  const more = andMore(all.length - shown.length).map((text) => `- ${text}`);
  const lines = [...shown, ...more];
  const others = lines.slice(open.lines);
  return [
    ...(open.lines === 0 || lines.length === 0 ? [] : [lines.slice(0, open.lines).join('\n')]),
    ...(others.length === 0
      ? []
      : [folded(`… and ${count(all.length - open.lines)} more`, others.join('\n'))]),
  ];
}

function andMore(left: number, noun?: string, rest?: string): string[] {
  if (left <= 0) return [];
  const what = noun === undefined ? `${count(left)} more` : counted(left, noun);
  return [`… and ${rest === undefined ? what : `${what} ${rest}`}`];
}
