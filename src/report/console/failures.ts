/** What failed: file, line, column, the line itself with its caret, what Postgres said, what to do. */
import type { SqlProblem } from '../../model.js';
import { makeLinesVisible, shorten } from '../escape.js';
import type { Mismatch } from '../failure.js';
import type { SharedFailure } from '../failures.js';
import { count, listed } from '../words.js';
import { wrap } from './align.js';
import { type Colors, printable } from './style.js';

/** Lines of one failure's lists. */
const most = 20;

/** `columns` is what the terminal has; prose is wrapped to it, SQL is not. */
export function failureLines(failure: SharedFailure, colors: Colors, columns: number): string[] {
  const inner = [
    ...(failure.reason === null ? [] : wrap(printable(failure.reason), columns - 4)),
    ...(failure.problem === null
      ? place(failure, colors)
      : problemLines(failure.problem, colors, columns - 4)),
    ...limited(failure.mismatches.map((mismatch) => mismatchLine(mismatch))),
    ...limited(failure.items.map((item) => `- ${printable(item)}`)),
  ];
  const title = `${colors.red('FAIL')}  ${colors.bold(printable(failure.title))}`;
  return [
    `${title}  ${colors.dim(listed(failure.subjects.map(printable), 4))}`,
    ...inner.map((line) => `    ${line}`),
  ];
}

function problemLines(problem: SqlProblem, colors: Colors, columns: number): string[] {
  const { path, line, column, snippet, sqlstate, message, detail, hint, advice } = problem;
  const where = [path, line, column].filter((part) => part !== null).join(':');
  const said = [
    message,
    ...(detail === null ? [] : [`Detail: ${detail}`]),
    ...(hint === null ? [] : [`Hint: ${hint}`]),
  ];
  return [
    `${colors.cyan(printable(where))}  SQLSTATE ${printable(sqlstate)}`,
    ...(snippet === null
      ? []
      : makeLinesVisible(snippet).map((text) => `${colors.dim('│')} ${shorten(text, 400)}`)),
    ...said
      .flatMap((text) => makeLinesVisible(text).slice(0, most))
      .flatMap((text) => wrap(shorten(text, 2000), columns)),
    ...(advice === null
      ? []
      : wrap(`What to do: ${printable(advice)}`, columns).map((text) => colors.yellow(text))),
  ];
}

function place({ path, line }: SharedFailure, colors: Colors): string[] {
  if (path === null) return [];
  return [colors.cyan(printable(line === null ? path : `${path}:${line}`))];
}

function mismatchLine({ object, expected, actual }: Mismatch): string {
  return `- ${printable(object)}: expected ${printable(expected)}, found ${printable(actual)}`;
}

function limited(lines: readonly string[]): string[] {
  if (lines.length <= most) return [...lines];
  return [...lines.slice(0, most), `… and ${count(lines.length - most)} more`];
}
