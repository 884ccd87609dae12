/** Policies, functions, triggers and the like that are others after the fix, folded away: what a reviewer of the fix reads. */
import type { ObjectDifference, Report } from '../../model.js';
import { codeCell, prose } from '../markdown-text.js';
import { actsLater } from '../say-objects.js';
import { renderSharedTable } from './folded-table.js';

export function renderActing(report: Report): string | null {
  return render(report, 'What will act later, and what that sets going', actsLater);
}

export function renderObjects(report: Report): string | null {
  const title = 'Policies, functions and other objects that the fix made, changed or took away';
  return render(report, title, (object) => !actsLater(object));
}

function render(
  { subjects }: Report,
  title: string,
  isTold: (object: ObjectDifference) => boolean,
): string | null {
  const rows = subjects.flatMap(({ preservation }) =>
    preservation.outcome === 'skipped'
      ? []
      : preservation.comparison.declared
          .filter(isTold)
          .map(({ word, table, does, text }) => [
            codeCell(table),
            word,
            text === null ? '' : codeCell(text),
            prose(does.join(', ')),
          ]),
  );
  return renderSharedTable(
    { title, head: ['Object', '', 'As it is written', 'What it does and asks'], rows },
    subjects.length,
  );
}
