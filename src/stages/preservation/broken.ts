/** Functions that stayed as they were → which name a table, a view, a type or a function that is gone: they answer with an error now. */
import type { RowDifference } from '../../model.js';
import { type Given, namedIn, namesOf, readBody } from './come-alive.js';
import { bareOf, nameOf } from './read-objects.js';

export function findBroken({ before, after, shapes, shapesNow }: Given): RowDifference[] {
  const gone = new Set(namesOf(before, shapes));
  for (const name of namesOf(after, shapesNow)) gone.delete(name);
  if (gone.size === 0) return [];
  const bare = new Map([...gone].map((name) => [bareOf(name), name]));
  for (const name of namesOf(after, shapesNow)) bare.delete(bareOf(name));
  const then = new Set(before.filter(({ kind }) => kind === 'function').map(({ written }) => written));
  return after.flatMap((one): RowDifference[] => {
    if (one.kind !== 'function' || !then.has(one.written)) return [];
    if (!/\n LANGUAGE (sql|plpgsql)\b/.test(one.said ?? '')) return [];
    const found = new Set(namedIn(readBody(one), gone, bare));
    const columns = [...found].map((name) => `${name}, which is gone`);
    return columns.length === 0
      ? []
      : [{ word: 'means something else', table: nameOf(one), key: null, columns }];
  });
}
