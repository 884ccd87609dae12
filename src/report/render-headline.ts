/** Takes a report and gives its answer and counts as one line of plain text, where there is room for no more. */
import type { Report, Tally } from '../model.js';
import { sayAnswer } from './answer.js';
import { makeVisible, shorten } from './escape.js';
import { count, counted } from './words.js';

const longestTitle = 60;
const longestAnswer = 120;

export function renderHeadline(report: Report): string {
  const title = shorten(makeVisible(report.bundle.title), longestTitle);
  return `${shorten(makeVisible(sayAnswer(report)), longestAnswer)} (${title}: ${renderTallies(report)})`;
}

/** `11 of 12 databases, 88 of 96 checks, 20 of 20 scenarios`, those that passed of those that were planned. */
export function renderTallies({ tallies }: Pick<Report, 'tallies'>): string {
  const of = (noun: string, { passed, planned }: Tally) => `${count(passed)} of ${counted(planned, noun)}`;
  return [
    of('database', tallies.subjects),
    of('check', tallies.checks),
    ...(tallies.scenarios.planned > 0 ? [of('scenario', tallies.scenarios)] : []),
  ].join(', ');
}
