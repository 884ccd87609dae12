/** Generated columns and indexes of old tables that are new → which may raise an error for what is written into an older column later, though no row that is there made them. */
import type { RowDifference } from '../../model.js';
import type { Given } from './come-alive.js';
import { pairObjects } from './pair-objects.js';
import { nameOf } from './read-objects.js';
import { readPieces } from './read-pieces.js';

export function findRaising({ before, after, shapes }: Given): RowDifference[] {
  const raised = new Set(before.filter(({ raisesFor }) => raisesFor !== null).map(nameOf));
  const old = new Set(pairObjects(before, after).values());
  return after.flatMap((one): RowDifference[] => {
    if (one.raisesFor === null || raised.has(nameOf(one)) || old.has(one)) return [];
    const names = new Set(readPieces(one.said ?? '').map(({ text }) => text));
    const asked = (shapes.get(one.relation ?? '')?.columns ?? []).filter(({ name }) => names.has(name));
    return asked.length === 0
      ? []
      : [
          {
            word: 'refuses what was taken',
            table: nameOf(one),
            key: null,
            columns: [
              `whatever ${asked.map(({ name }) => name).join(' and ')} may say that it raises an error for: it ${one.raisesFor}`,
            ],
          },
        ];
  });
}
