/** The bundle's criteria as a block of a page. */
import type { WatchedCriterion } from '../../watched.js';
import type { Block } from './page.js';

export function criteriaBlock(criteria: readonly WatchedCriterion[]): Block | null {
  if (criteria.length === 0) return null;
  return {
    kind: 'lines',
    title: 'Success criteria',
    lines: criteria.map(
      ({ outcome, title, shown }) => `[${outcome === 'met' ? 'x' : ' '}] ${title} (${shown.join('; ')})`,
    ),
  };
}
