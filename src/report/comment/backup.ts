/** How somebody can go back, where something of theirs was to be changed. */
import type { Report } from '../../model.js';
import { wasCommitted } from '../answer.js';
import { sentence } from '../markdown-text.js';
import { sayBackup } from '../say-backup.js';

export function renderBackup(report: Report): string | null {
  const [first, ...others] = sayBackup(report);
  if (first === undefined) return null;
  return [`Backup: ${sentence(first)}`, ...others.map((line) => `- ${sentence(line)}`)].join('\n');
}

/** Whoever's database is as it was has nothing to go back from: it is folded. */
export function needsBackup(report: Report): boolean {
  return wasCommitted(report) !== false;
}
