/** What the user decided about the fix, where it lets them decide anything. */
import type { Report } from '../../model.js';
import { codeCell, table } from '../markdown-text.js';
import { saySettings } from '../say-settings.js';
import { counted } from '../words.js';
import type { Detail } from './detail.js';

/** Only what somebody gave: a reviewer has to agree with it. The JSON report has the defaults too. */
export function renderSettings(report: Report, detail: Detail): string | null {
  const given = saySettings({ settings: report.settings.filter(({ isGiven }) => isGiven) });
  if (given.length === 0) return null;
  const shown = given.slice(0, detail.rows);
  const left = given.length - shown.length;
  return [
    table(
      ['Setting', 'Value'],
      shown.map(({ name, value }) => [codeCell(name), codeCell(value)]),
    ),
    ...(left > 0 ? [`… and ${counted(left, 'more value')}`] : []),
  ].join('\n\n');
}
