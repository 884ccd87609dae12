/** Takes a report and gives the closing text of the command line; its last line is the verdict. */
import type { Report } from '../model.js';
import { checkVerdict, sayAfter, sayBefore } from './check-words.js';
import { alignColumns } from './console/align.js';
import { failureLines } from './console/failures.js';
import { type Colors, createColors, paintVerdict, printable } from './console/style.js';
import { subjectCells } from './console/subject-line.js';
import { defuseWorkflowCommands } from './escape.js';
import { collectFailures } from './failures.js';
import { renderTallies } from './render-headline.js';
import { sayServers } from './say-servers.js';
import { checkTotals, longestLocks, preservedTotals } from './totals.js';
import { count, counted, duration } from './words.js';

export interface ConsoleStyle {
  readonly isColored: boolean;
  /** Of the terminal; a log has none and is given 120. */
  readonly columns: number;
}

/** Failures told in full. */
const most = 30;

export function renderConsole(report: Report, { isColored, columns }: ConsoleStyle): string {
  const colors = createColors(isColored);
  const blocks = [
    titled(colors, 'Checks', checkLines(report, colors)),
    titled(colors, report.command === 'rehearse' ? 'States' : 'Database', subjectLines(report, colors)),
    titled(colors, 'What failed', failures(report, colors, columns)),
    [...proofLines(report), ...report.reasons.map((reason) => colors.red(printable(reason)))],
    [verdictLine(report, colors)],
  ].filter((lines) => lines.length > 0);
  return defuseWorkflowCommands(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function titled(colors: Colors, title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [colors.bold(title), ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}

function checkLines(report: Report, colors: Colors): string[] {
  const rows = checkTotals(report).map((total) => [
    paintVerdict(colors, checkVerdict(total)),
    String(total.number),
    printable(total.title),
    `${sayBefore(total.before)} →`,
    sayAfter(total.after),
  ]);
  return alignColumns(rows, [1]);
}

function subjectLines(report: Report, colors: Colors): string[] {
  return alignColumns(
    report.subjects.map((subject) => subjectCells(subject, colors)),
    [3],
  );
}

function failures(report: Report, colors: Colors, columns: number): string[] {
  const all = collectFailures(report);
  const told = all
    .slice(0, most)
    .flatMap((failure, index) => [...(index > 0 ? [''] : []), ...failureLines(failure, colors, columns - 2)]);
  return all.length > most ? [...told, '', `… and ${counted(all.length - most, 'more failure')}`] : told;
}

function proofLines(report: Report): string[] {
  const [lock] = longestLocks(report).sort((one, other) => other.milliseconds - one.milliseconds);
  return [
    ...preservedTotals(report).map(
      ({ name, before, found }) => `${count(before)} ${printable(name)}, ${count(found)} accounted for`,
    ),
    ...(lock === undefined
      ? []
      : [
          `Longest lock: ${printable(lock.mode)} on ${printable(lock.relation)}, held for ${duration(lock.milliseconds)}`,
        ]),
  ];
}

function verdictLine(report: Report, colors: Colors): string {
  const { verdict, bundle, postgres, milliseconds } = report;
  const word = verdict === 'pass' ? 'PASS' : 'FAIL';
  const where = colors.dim(printable(`${sayServers(postgres)}, ${duration(milliseconds)}`));
  return `${colors.bold(paintVerdict(colors, word))}  ${printable(bundle.title)}: ${renderTallies(report)}. ${where}`;
}
