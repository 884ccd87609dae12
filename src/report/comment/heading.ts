/** The first line is the verdict; the sentences under it say what it rests on, or what failed. */
import type { Report } from '../../model.js';
import { collectFailures, failedSubjects } from '../failures.js';
import { code, prose } from '../markdown-text.js';
import { preservedTotals } from '../totals.js';
import { count, counted, listed, verdictWord } from '../words.js';

export function renderHeading({ verdict, bundle }: Report): string {
  return `## ${verdictWord(verdict)} — ${prose(bundle.title)}`;
}

export function renderSummary(report: Report): string {
  return report.verdict === 'pass' ? passSummary(report) : failSummary(report);
}

function passSummary(report: Report): string {
  const { checks, scenarios } = report.tallies;
  const facts = [
    `${count(checks.passed)} of ${counted(checks.planned, 'check')} pass`,
    ...(scenarios.planned > 0
      ? [`${count(scenarios.passed)} of ${counted(scenarios.planned, 'scenario')} hold`]
      : []),
    ...(report.subjects.some(({ rerun }) => rerun.outcome === 'pass')
      ? ['applied again, nothing changed']
      : []),
    ...preservedTotals(report).map(
      ({ name, before, found }) => `${count(before)} ${name}, ${count(found)} accounted for`,
    ),
  ].map((fact) => prose(fact));
  return `${where(report)}: ${facts.join('; ')}.`;
}

function where(report: Report): string {
  const [first] = report.subjects;
  if (report.command === 'deploy')
    return first === undefined ? 'Deployed' : `Deployed to ${code(first.name)}`;
  if (report.subjects.length === 1 && first !== undefined) return `Rehearsed on ${code(first.name)}`;
  return `Rehearsed on ${counted(report.subjects.length, 'broken database')}`;
}

function failSummary(report: Report): string {
  const failed = failedSubjects(report);
  const titles = [...new Set(collectFailures(report).map(({ title }) => title))];
  const sentences = [
    ...(failed.length > 0
      ? [
          `**${who(report, failed.length)}.** ${listed(
            titles.map((title) => prose(title)),
            3,
          )}.`,
        ]
      : []),
    ...report.reasons.map((reason) => `**${prose(reason)}**`),
  ];
  return sentences.join(' ');
}

function who(report: Report, failed: number): string {
  const [first] = report.subjects;
  if (report.subjects.length === 1 && first !== undefined) {
    return report.command === 'deploy'
      ? `The deployment to ${code(first.name)} failed`
      : `${code(first.name)} failed`;
  }
  return `${count(failed)} of ${counted(report.subjects.length, 'state')} failed`;
}
