/** What becomes of a target's catalog, folded away: each object with its definition. */
import type { DefinitionChange, Report } from '../../model.js';
import { code, codeBlock, folded } from '../markdown-text.js';
import { signOf } from '../say-changes.js';
import { count } from '../words.js';

const most = 120;

export function renderChanges({ subjects }: Report): string | null {
  const changes = subjects.flatMap(({ kind, changes }) =>
    kind === 'state' || changes.outcome === 'skipped' ? [] : changes.changes,
  );
  if (changes.length === 0) return null;
  const left = changes.length - most;
  const more = left > 0 ? [`… and ${count(left)} more`] : [];
  return folded(
    'What changes, with definitions',
    [...changes.slice(0, most).map(renderChange), ...more].join('\n\n'),
  );
}

export function renderChange(change: DefinitionChange): string {
  const { object, before, after } = change;
  const heading = `**${signOf(change)}** ${code(object)}`;
  if (before !== null && after !== null) {
    return `${heading}\n\nwas\n\n${codeBlock(before)}\n\nis\n\n${codeBlock(after)}`;
  }
  return after === null ? heading : `${heading}\n\n${codeBlock(after)}`;
}
