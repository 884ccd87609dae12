/** What is folded away, for whoever wants to see for himself. */
import type { Report } from '../../model.js';
import type { Detail } from './detail.js';
import { renderAssertions, renderNotices, renderSteps } from './evidence.js';
import {
  renderAccess,
  renderLeftOut,
  renderLocks,
  renderMatrix,
  renderRows,
  renderTimes,
} from './numbers.js';

export function renderDetails(report: Report, detail: Detail): string | null {
  if (!detail.folds) return null;
  const evidence = [renderAssertions, renderSteps, renderNotices];
  const numbers = [renderLeftOut, renderMatrix, renderRows, renderAccess, renderLocks, renderTimes];
  const parts = [...(detail.passing ? evidence : []), ...numbers]
    .map((render) => render(report))
    .filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join('\n\n');
}
