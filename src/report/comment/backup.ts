/** How somebody can go back, where something of theirs was to be changed: all of it, folded away. */
import type { Report } from '../../model.js';
import { sentence } from '../markdown-text.js';
import { sayBackup } from '../say-backup.js';

export function renderBackup(report: Report): string | null {
  const [first, ...others] = sayBackup(report);
  if (first === undefined) return null;
  return [`Backup: ${sentence(first)}`, ...others.map((line) => `- ${sentence(line)}`)].join('\n');
}
