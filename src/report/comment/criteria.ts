/** The bundle's criteria as a list of boxes, each with what shows it or what is missing. */
import type { Report } from '../../model.js';
import { folded, sentence } from '../markdown-text.js';
import { capitalized } from '../words.js';

export function renderCriteria(report: Pick<Report, 'criteria'>): string | null {
  const { criteria = [] } = report;
  const [summary] = sayCriteria(report);
  if (summary === undefined) return null;
  const boxes = criteria.map(
    ({ outcome, title, shown }) =>
      `- [${outcome === 'met' ? 'x' : ' '}] ${sentence(title)} (${sentence(shown.join('; '))})`,
  );
  return folded(capitalized(summary), boxes.join('\n'));
}

/** `success criteria: 6 of 8`; none where the bundle has none. */
export function sayCriteria({ criteria = [] }: Pick<Report, 'criteria'>): string[] {
  if (criteria.length === 0) return [];
  const met = criteria.filter(({ outcome }) => outcome === 'met').length;
  return [`success criteria: ${met} of ${criteria.length}`];
}
