/** Where the report comes from: Postgres, time, commit, run. */
import type { Report } from '../../model.js';
import { code, link, prose } from '../markdown-text.js';
import { sayServers } from '../say-servers.js';
import { counted, duration, listed, ranges } from '../words.js';

/** What the report cannot know of itself. */
export interface ReportContext {
  /** The commit that was rehearsed, a full SHA. */
  readonly commit: string | null;
  readonly runUrl: string | null;
}

export function renderFooter(report: Report, context: ReportContext | null, isShortened: boolean): string {
  const { postgres, tallies, sections } = report;
  const facts = [
    prose(sayServers(postgres)),
    `sections ${ranges(sections.numbers)}${added(report)}`,
    `${counted(tallies.subjects.executed, 'database')} of ${tallies.subjects.planned} planned`,
    duration(report.milliseconds),
    ...(context?.commit ? [`commit ${code(context.commit.slice(0, 7))}`] : []),
    ...(context?.runUrl ? [link('the run', context.runUrl)] : []),
  ];
  const note = isShortened ? ['Shortened to fit; the JSON report has everything.'] : [];
  return ['---', `<sub>${[...note, facts.join(' · ')].join('<br>')}</sub>`].join('\n\n');
}

function added({ sections }: Report): string {
  if (sections.added.length === 0) return '';
  return ` (${listed(sections.added.map(({ number, neededBy }) => `${number} because ${neededBy} needs it`))})`;
}
