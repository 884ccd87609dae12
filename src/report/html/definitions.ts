/** What becomes of definitions, word by word. */
import { diffWordsWithSpace } from 'diff';
import type { DefinitionChange, Report, SubjectResult } from '../../model.js';
import { signOf } from '../say-changes.js';
import { counted } from '../words.js';
import { html, lines, type Markup } from './markup.js';

/** Past so many a list of names is read first. */
const mostOpen = 20;

/** Of several databases one tells it. */
export function renderDefinitions({ subjects }: Report): Markup | null {
  const told = subjects.find((subject) => changesOf(subject).length > 0);
  if (told === undefined) return null;
  const changes = changesOf(told);
  const where = subjects.length === 1 ? '' : `, on ${told.name}`;
  const isOpen = changes.length <= mostOpen;
  return html`<section id="definitions"><h2>What changes: ${counted(changes.length, 'definition')}${where}</h2>${changes.map((change) => renderChange(change, isOpen))}</section>`;
}

function changesOf({ changes }: SubjectResult): readonly DefinitionChange[] {
  return changes.outcome === 'skipped' ? [] : changes.changes;
}

export function renderChange(change: DefinitionChange, isOpen = true): Markup {
  return html`<details class="change"${isOpen && html` open`}><summary><b>${signOf(change)}</b> <code>${change.object}</code></summary><pre>${compare(change)}</pre></details>`;
}

/** Past so many characters a comparison word by word is neither quick nor read. */
const longest = 20_000;

function compare({ before, after }: DefinitionChange): Markup {
  if (before === null) return html`<ins>${lines(after ?? '')}</ins>`;
  if (after === null) return html`<del>${lines(before)}</del>`;
  if (before.length + after.length > longest)
    return html`<del>${lines(before)}</del>
<ins>${lines(after)}</ins>`;
  return html`${diffWordsWithSpace(before, after).map(({ added, removed, value }) => {
    if (added) return html`<ins>${lines(value)}</ins>`;
    return removed ? html`<del>${lines(value)}</del>` : lines(value);
  })}`;
}
