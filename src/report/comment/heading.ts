/** The first line is the answer; what it rests on, or the reasons beside what failed, stands under it. */
import type { Report } from '../../model.js';
import { findAnswer, placeOf } from '../answer.js';
import { code, prose, sentence } from '../markdown-text.js';
import { appliedSubjects } from '../totals.js';
import { counted, listed } from '../words.js';
import { signedWord } from './signs.js';

/** Many only where a merge misses many reports. */
const mostReasons = 10;

export function renderHeading(report: Report): string {
  const { word, rest } = findAnswer(report);
  return `## ${signedWord(word)}${sentence(rest)}`;
}

/** null: what failed says it all. */
export function renderSummary(report: Report): string | null {
  return report.verdict === 'pass' ? `${whatWasDone(report)}.` : renderReasons(report);
}

function whatWasDone(report: Report): string {
  const applied = appliedSubjects(report);
  const refused = report.subjects.length - applied.length;
  const [only] = report.subjects;
  const title = `**${prose(report.bundle.title)}**`;
  if (report.command === 'deploy' && only !== undefined) return `${title} is on ${code(placeOf(only))}`;
  if (report.command === 'plan' && only !== undefined)
    return `${title} was tried on ${code(placeOf(only))} and rolled back: nothing of it remains`;
  if (report.subjects.length === 1 && only !== undefined && refused === 0) {
    return `${title} repairs ${code(only.name)}`;
  }
  const done = [
    ...(applied.length > 0 ? [`repairs ${counted(applied.length, 'broken database')}`] : []),
    ...(refused > 0 ? [`refuses ${counted(refused, 'database')} that it must not touch`] : []),
  ];
  return `${title} ${listed(done)}`;
}

/** One short sentence is in the heading already, unless something failed, too. */
function renderReasons({ reasons, subjects }: Report): string | null {
  const isFailed = subjects.some(({ outcome }) => outcome === 'fail');
  const [first] = reasons;
  if (first === undefined || (!isFailed && reasons.length === 1 && !/\.\s/.test(first))) return null;
  const shown = reasons.slice(0, mostReasons).map((reason) => `- ${sentence(reason)}`);
  const left = reasons.length - shown.length;
  if (left > 0) shown.push(`- … and ${counted(left, 'more reason')}`);
  return shown.join('\n');
}
