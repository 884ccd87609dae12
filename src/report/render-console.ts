/** Takes a report and gives the closing text of the command line; its last line is the verdict. */
import type { Report } from '../model.js';
import { findAnswer } from './answer.js';
import { checkVerdict, sayChange } from './check-words.js';
import { alignColumns, cutToWidth } from './console/align.js';
import { changeLines } from './console/changes.js';
import { groupLines, type Page } from './console/failures.js';
import { type Colors, createColors, paintVerdict, printable, sentence } from './console/style.js';
import { subjectRows } from './console/subjects.js';
import { defuseWorkflowCommands } from './escape.js';
import { groupFailures } from './failures.js';
import { answerQuestions } from './questions.js';
import { renderTallies } from './render-headline.js';
import { sayBackup } from './say-backup.js';
import { saySections } from './say-sections.js';
import { sayServers } from './say-servers.js';
import { saySettings } from './say-settings.js';
import { sayTrust } from './say-trust.js';
import { appliedSubjects, checkTotals } from './totals.js';
import { counted, duration } from './words.js';

export interface ConsoleStyle {
  readonly isColored: boolean;
  readonly columns: number;
  /** Whether each database was told as it was finished; nobody reads its line twice. */
  readonly areSubjectsTold?: boolean;
}

/** Things that failed, told in full. */
const most = 30;
const longestTitle = 50;

/** What an answer rests on, where it is added up over many databases: the comment and the page fold it away, a terminal cannot. */
const mostDetails = 6;

/** Longer lines of prose are tiring to read. */
const proseColumns = 110;

export function renderConsole(
  report: Report,
  { isColored, columns, areSubjectsTold = false }: ConsoleStyle,
): string {
  const colors = createColors(isColored);
  const blocks = [
    partLines(report),
    titled(colors, 'Settings', settingLines(report)),
    titled(colors, 'Backup', sayBackup(report).map(sentence)),
    titled(
      colors,
      report.subjects.length === 1 ? 'Database' : 'Databases',
      areSubjectsTold ? [] : subjectRows(report, { colors, columns }),
    ),
    titled(colors, checksTitle(report), checkLines(report, colors)),
    titled(colors, 'Questions', questionLines(report, colors)),
    titled(colors, 'Success criteria', criterionLines(report, colors)),
    titled(colors, 'What changes', changeLines(report, colors)),
    titled(
      colors,
      'What failed',
      failureLines(report, { colors, columns: Math.min(columns - 2, proseColumns) }),
    ),
    report.reasons.map((reason) => colors.red(sentence(reason))),
    [verdictLine(report, colors)],
  ].filter((lines) => lines.length > 0);
  return defuseWorkflowCommands(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function titled(colors: Colors, title: string, lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : [colors.bold(title), ...lines.map((line) => (line === '' ? '' : `  ${line}`))];
}

/** Who chose a part of the fix is told what came along with it. */
function partLines({ sections }: Report): string[] {
  return sections.isWholeFix ? [] : [`Only a part of the fix: ${saySections(sections)}`];
}

function settingLines(report: Report): string[] {
  const rows = saySettings(report).map(({ name, value, remark }) => [name, printable(value), remark]);
  return alignColumns(rows);
}

function checkLines(report: Report, colors: Colors): string[] {
  const rows = checkTotals(report).map((total) => [
    paintVerdict(colors, checkVerdict(total)),
    String(total.number),
    cutToWidth(printable(total.title), longestTitle),
    sayChange(total),
  ]);
  return alignColumns(rows, [1]);
}

function checksTitle(report: Report): string {
  return appliedSubjects(report).length === 1
    ? 'Checks, before the fix → after it'
    : 'Checks, and on how many databases they pass, before the fix → after it';
}

function questionLines(report: Report, colors: Colors): string[] {
  const rows = answerQuestions(report).flatMap(({ word, question, answer, details }) =>
    [answer, ...fewDetails(report, details)].map((line, index) => [
      index === 0 ? paintVerdict(colors, word) : '',
      index === 0 ? question : '',
      sentence(line),
    ]),
  );
  return alignColumns(rows);
}

/** Of one database, somebody's own above all, everything is told. */
function fewDetails({ subjects }: Report, details: readonly string[]): readonly string[] {
  const left = details.length - mostDetails;
  if (subjects.length === 1 || left <= 1) return details;
  return [...details.slice(0, mostDetails), `… and ${counted(left, 'more line')}: --markdown FILE has all`];
}

/** A box is ticked by what shows it. */
function criterionLines({ criteria = [] }: Report, colors: Colors): string[] {
  const rows = criteria.map(({ outcome, title, shown }) => [
    outcome === 'met' ? colors.green('[x]') : colors.yellow('[ ]'),
    printable(title),
    sentence(shown.join('; ')),
  ]);
  return alignColumns(rows);
}

function failureLines(report: Report, page: Page): string[] {
  const groups = groupFailures(report);
  const told = groups
    .slice(0, most)
    .flatMap((group, index) => [...(index > 0 ? [''] : []), ...groupLines(group, page)]);
  const left = groups.length - most;
  return left > 0 ? [...told, '', `… and ${counted(left, 'more failure')}`] : told;
}

function verdictLine(report: Report, colors: Colors): string {
  const { bundle, postgres, milliseconds } = report;
  const { word, rest } = findAnswer(report);
  const answer = colors.bold(paintVerdict(colors, word) + sentence(rest));
  const where = colors.dim(
    printable(
      `${[sayServers(postgres), duration(milliseconds), ...(bundle.isTrusted ? [sayTrust] : [])].join(', ')}`,
    ),
  );
  return `${answer}  ${printable(bundle.title)}: ${renderTallies(report)}. ${where}`;
}
