/** Keys before and after → which rows one that is new or changed now deletes or changes, along with those that it points at. */
import type { Bundle } from '../../model.js';
import type { DatabaseObject } from './read-objects.js';

interface Compared {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
}

/** Gives `ON DELETE CASCADE with rows of public.people`. */
export function judgeKeys(
  { preserve }: Pick<Bundle, 'preserve'>,
  { before, after }: Compared,
): (key: DatabaseObject) => string[] {
  const names = new Map([...after, ...before].map(({ relid, relation }) => [relid, relation ?? '']));
  const pointsAt = ({ references }: DatabaseObject) => names.get(references) ?? '';
  const keys = before.filter(({ references }) => references !== null);
  /** Rows of the one are rows of the other, and who may delete and change them the proof of access compares. */
  const moves = (then: string, now: string) =>
    preserve.filter(({ from, to }) => from.includes(then) && to.includes(now));
  const isContinued = (then: string, now: string) => then === now || moves(then, now).length > 0;
  const hasItsColumns = (one: DatabaseObject, key: DatabaseObject) => {
    const [then, now] = [columnsOf(one), columnsOf(key)];
    if (one.relid === key.relid || one.relation === key.relation)
      return one.place === key.place || then === now;
    return moves(one.relation ?? '', key.relation ?? '').some(
      ({ facts }) =>
        then === now || facts.some(({ columns }) => columns.includes(then) && columns.includes(now)),
    );
  };
  return (key) => {
    if (key.references === null) return [];
    const then = keys
      .filter(
        (one) =>
          hasItsColumns(one, key) &&
          (one.references === key.references || isContinued(pointsAt(one), pointsAt(key))),
      )
      .flatMap(actionsOf);
    return actionsOf(key)
      .filter((action) => !then.includes(action))
      .map((action) => `${action} with rows of ${pointsAt(key)}`);
  };
}

const columnsOf = ({ said }: DatabaseObject): string =>
  /^FOREIGN KEY \((.*?)\) REFERENCES /.exec(said ?? '')?.[1]?.replaceAll('"', '') ?? '';

function actionsOf({ said }: DatabaseObject): string[] {
  return said?.match(/\bON (DELETE|UPDATE) (CASCADE|SET NULL|SET DEFAULT)(?: \([^)]*\))?/g) ?? [];
}
