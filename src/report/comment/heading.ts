/** The first line is the answer; the reasons beside what failed stand under it. */
import type { Report } from '../../model.js';
import { findAnswer } from '../answer.js';
import { prose, sentence } from '../markdown-text.js';
import { appliedSubjects } from '../totals.js';
import { count, counted } from '../words.js';
import { signedWord, unbroken } from './signs.js';

/** Many only where a merge misses many reports. */
const mostReasons = 10;

export function renderHeading(report: Report): string {
  const { word, rest } = findAnswer(report);
  return `## ${signedWord(word)}${sentence(`${rest}${whatWasDone(report)}`)}${whichFix(report)}`;
}

/** Two fixes of one pull request have a comment each; whoever deploys one has named it. */
function whichFix({ command, bundle }: Report): string {
  if (command !== 'rehearse') return '';
  const title = prose(bundle.title);
  return ` <sub>${title.length > longestUnbroken ? title : unbroken(title)}</sub>`;
}

/** Broken in the middle it reads as if it went on from the answer. */
const longestUnbroken = 60;

/** Of a rehearsal that passed; a plan and a deployment say it already. */
function whatWasDone(report: Report): string {
  const { states } = report;
  // On how many it was tried is said already.
  const isPart = states !== undefined && states.chosen < states.ofBundle;
  if (report.verdict !== 'pass' || report.command !== 'rehearse' || isPart) return '';
  const applied = appliedSubjects(report).length;
  const refused = report.subjects.length - applied;
  const [only] = report.subjects;
  // `before` names no state.
  if (report.subjects.length === 1 && only !== undefined && refused === 0)
    return only.name === 'before' ? '' : `: repairs ${only.name}`;
  // What it must refuse is counted below, too: with it the line would be two.
  return applied > 0 ? `: repairs ${counted(applied, 'database')}` : `: refuses ${count(refused)} as it must`;
}

/** One short sentence is in the heading already, unless something failed, too. null: there is nothing to add; what passed has no reasons. */
export function renderReasons({ reasons, subjects }: Report): string | null {
  const isFailed = subjects.some(({ outcome }) => outcome === 'fail');
  const [first] = reasons;
  if (first === undefined || (!isFailed && reasons.length === 1 && !/\.\s/.test(first))) return null;
  const shown = reasons.slice(0, mostReasons).map((reason) => `- ${sentence(reason)}`);
  const left = reasons.length - shown.length;
  if (left > 0) shown.push(`- … and ${counted(left, 'more reason')}`);
  return shown.join('\n');
}
