/** What failed: file, line, column, the line itself with its caret, what Postgres said, what to do. */
import type { SqlProblem } from '../../model.js';
import { makeLinesVisible, shorten, showDecision } from '../escape.js';
import { type AskedFirst, introduceAsked, type Mismatch } from '../failure.js';
import { type FailureGroup, isRefused, type SharedFailure } from '../failures.js';
import { count, counted, listed } from '../words.js';
import { wrap } from './align.js';
import { type Colors, printable, sentence } from './style.js';

/** Ways in which one thing failed, and lines of a list. */
const mostVariants = 3;
const mostLines = 20;

export interface Page {
  readonly colors: Colors;
  /** Prose is wrapped to this width; SQL is not. */
  readonly columns: number;
}

export function groupLines(group: FailureGroup, { colors, columns }: Page): string[] {
  const { title, subjects, variants } = group;
  const left = variants.length - mostVariants;
  const inner = variants
    .slice(0, mostVariants)
    .flatMap((variant) => [
      ...(variant.subjects.length < subjects.length ? [colors.dim(`on ${names(variant.subjects)}`)] : []),
      ...failureLines(variant, { colors, columns: columns - 6 }),
    ]);
  const more = left > 0 ? [`… and ${counted(left, 'more way')} in which it failed`] : [];
  return [
    `${isRefused(group) ? colors.yellow('REFUSED') : colors.red('FAIL')}  ${colors.bold(printable(title))}  ${colors.dim(names(subjects))}`,
    ...[...inner, ...more].map((line) => `      ${line}`),
  ];
}

function names(subjects: readonly string[]): string {
  return listed(subjects.map(printable), 4);
}

function failureLines(
  { path, line, reason, problem, asked, mismatches, items, advice }: SharedFailure,
  page: Page,
): string[] {
  const where = [path, line, problem?.column ?? null].filter((part) => part !== null).join(':');
  return [
    ...(path === null ? [] : [page.colors.cyan(printable(where))]),
    ...(asked === null ? [] : askedLines(asked, page)),
    ...(reason === null ? [] : wrap(sentence(reason), page.columns)),
    ...(problem === null ? [] : problemLines(problem, page)),
    ...limited(mismatches, mismatchLines),
    ...limited(items, (item) => [`- ${printable(item)}`]),
    ...adviceLines(advice, page),
  ];
}

function askedLines(asked: AskedFirst, { colors, columns }: Page): string[] {
  const { decisions, how } = asked;
  return [
    printable(introduceAsked(asked)),
    ...decisions.flatMap((decision) =>
      wrap(showDecision(decision), columns - 2).map((text, index) => `${index === 0 ? '-' : ' '} ${text}`),
    ),
    ...(how === null
      ? []
      : wrap(`How to decide: ${showDecision(how)}`, columns).map((text) => colors.yellow(text))),
  ];
}

function problemLines(problem: SqlProblem, { colors, columns }: Page): string[] {
  const { snippet, inner, sqlstate, message, detail, hint, advice } = problem;
  const said = [
    `ERROR: ${message} (SQLSTATE ${sqlstate})`,
    ...(detail === null ? [] : [`Detail: ${detail}`]),
    ...(hint === null ? [] : [`Hint: ${hint}`]),
  ];
  return [
    ...(snippet === null ? [] : snippetLines(snippet).map((text) => `${colors.dim('│')} ${text}`)),
    ...(inner ? snippetLines(`run by it:\n${inner}`).map((text) => `${colors.dim('│')} ${text}`) : []),
    ...said.flatMap(makeLinesVisible).flatMap((text) => wrap(shorten(text, 2000), columns)),
    ...adviceLines(advice, { colors, columns }),
  ];
}

function adviceLines(advice: string | null, { colors, columns }: Page): string[] {
  if (advice === null) return [];
  return wrap(`What to do: ${sentence(advice)}`, columns).map((text) => colors.yellow(text));
}

function snippetLines(snippet: string): string[] {
  return makeLinesVisible(snippet).map((text) => shorten(text, 400));
}

function mismatchLines({ object, expected, actual }: Mismatch): string[] {
  return [
    `- ${printable(object)}`,
    `    expected  ${printable(expected)}`,
    `    found     ${printable(actual)}`,
  ];
}

function limited<Item>(items: readonly Item[], linesOf: (item: Item) => string[]): string[] {
  const left = items.length - mostLines;
  return [...items.slice(0, mostLines).flatMap(linesOf), ...(left > 0 ? [`… and ${count(left)} more`] : [])];
}
