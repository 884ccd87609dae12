/** The bundle's criteria as a list of boxes, each with what shows it or what is missing. */
import type { Report } from '../../model.js';
import { folded, sentence } from '../markdown-text.js';

export function renderCriteria({ criteria = [] }: Pick<Report, 'criteria'>): string | null {
  if (criteria.length === 0) return null;
  const met = criteria.filter(({ outcome }) => outcome === 'met').length;
  const boxes = criteria.map(
    ({ outcome, title, shown }) =>
      `- [${outcome === 'met' ? 'x' : ' '}] ${sentence(title)} (${sentence(shown.join('; '))})`,
  );
  return folded(`Success criteria: ${met} of ${criteria.length}`, boxes.join('\n'));
}
