/** What a reader asks before they merge, a row each; what was not found out stands in one row. A head would say nothing. */
import type { Report } from '../../model.js';
import { wasCommitted } from '../answer.js';
import { sentence, table } from '../markdown-text.js';
import { answerQuestions, type Question } from '../questions.js';
import { sayBackup } from '../say-backup.js';
import type { Open } from './detail.js';
import { unbroken, wordCell } from './signs.js';

export function renderQuestions(report: Report, open: Open): string | null {
  const questions = answerQuestions(report);
  const rows = [
    ...questions.filter((question) => question.isAnswered && !isFolded(question, open)).map(row),
    ...passed(questions.filter((question) => question.word === 'PASS' && isFolded(question, open))),
    ...backupRow(report),
    ...unanswered(questions.filter(({ isAnswered }) => !isAnswered)),
  ];
  return rows.length === 0 ? null : table(['', '', ''], rows);
}

/** Its answer: that by which nobody decides, and, where there is no room, what is not wrong. */
export function isFolded(
  { word, isAside = false, isAlwaysTold = false }: Question,
  { passedQuestions }: Open,
): boolean {
  if (isAlwaysTold) return false;
  return isAside || (!passedQuestions && ['PASS', 'INFO'].includes(word));
}

function row({ word, question, answer }: Question): string[] {
  const text = sentence(answer);
  return [wordCell(word), unbroken(question), word === 'FAIL' ? `**${text}**` : text];
}

/** Whoever's database is as it was has nothing to go back from. */
function backupRow(report: Report): string[][] {
  const [backup] = sayBackup(report);
  if (backup === undefined || wasCommitted(report) === false) return [];
  return [[wordCell('INFO'), unbroken('Is there a backup?'), sentence(backup)]];
}

/** Where there is no room for a row each; what they rest on is below. */
function passed(questions: readonly Question[]): string[][] {
  if (questions.length === 0) return [];
  return [[wordCell('PASS'), unbroken('The others'), questions.map(({ question }) => question).join(' ')]];
}

function unanswered(questions: readonly Question[]): string[][] {
  if (questions.length === 0) return [];
  const asked = questions.map(({ question }) => unbroken(question)).join(' ');
  const reasons = [...new Set(questions.map(({ answer }) => answer))].filter((reason) => reason !== '');
  return [[wordCell('NOT RUN'), asked, sentence(reasons.join('; '))]];
}
