/** Objects before and after → which is which: under the same name where it says the same, else whatever says the same under another. */
import { groupBy } from '../../group-by.js';
import { actsAgain } from './kinds-of-objects.js';
import { type DatabaseObject, nameOf } from './read-objects.js';

/**
 * Each before → the one after. One after may be that of several before that say the same, but for what acts once for each of them: of two triggers
 * that do the same one is missed.
 */
export function pairObjects(
  before: readonly DatabaseObject[],
  after: readonly DatabaseObject[],
): Map<DatabaseObject, DatabaseObject> {
  const alike = groupBy(
    after.flatMap((object) => waysToSay(object).map((key) => ({ key, object }))),
    ({ key }) => key,
  );
  const pairs = new Map<DatabaseObject, DatabaseObject>();
  const taken = new Set<DatabaseObject>();
  const pair = (object: DatabaseObject, isTheOne: (one: DatabaseObject) => boolean) => {
    if (pairs.has(object)) return;
    const one = waysToSay(object)
      .flatMap((key) => alike.get(key) ?? [])
      .map(({ object: one }) => one)
      .find(isTheOne);
    if (one === undefined) return;
    pairs.set(object, one);
    taken.add(one);
  };
  for (const object of before) pair(object, (one) => nameOf(one) === nameOf(object));
  for (const object of before) pair(object, (one) => !taken.has(one));
  for (const object of before) pair(object, (one) => !actsAgain(one));
  return pairs;
}

/** Of what a table or column of another name is part of, it says the same by its parts. */
export const waysToSay = ({ kind, relation, relid, written, parts }: DatabaseObject): string[] => [
  JSON.stringify(['parts', kind, relid, parts]),
  JSON.stringify(['written', kind, relation, written]),
];
