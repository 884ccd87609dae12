/** Takes a report and gives its verdict and counts as one line of plain text, where there is room for no more. */
import type { Report, Tally } from '../model.js';
import { makeVisible, shorten } from './escape.js';
import { count, counted } from './words.js';

const longestTitle = 120;

export function renderHeadline(report: Report): string {
  const word = report.verdict === 'pass' ? 'PASS' : 'FAIL';
  return `${word}: ${shorten(makeVisible(report.bundle.title), longestTitle)}: ${renderTallies(report)}`;
}

/** `11 of 12 states, 88 of 96 checks, 20 of 20 scenarios`, those that passed of those that were planned. */
export function renderTallies({ command, tallies }: Pick<Report, 'command' | 'tallies'>): string {
  const of = (noun: string, { passed, planned }: Tally) => `${count(passed)} of ${counted(planned, noun)}`;
  return [
    of(command === 'rehearse' ? 'state' : 'database', tallies.subjects),
    of('check', tallies.checks),
    ...(tallies.scenarios.planned > 0 ? [of('scenario', tallies.scenarios)] : []),
  ].join(', ');
}
