/** Defaults after the fix → those of columns that were there, had none and may say nothing still: who leaves the column out said nothing, and says something from now on. */
import type { Bundle } from '../../model.js';
import type { DatabaseObject } from './read-objects.js';

interface Known {
  readonly has: (object: DatabaseObject) => boolean;
  readonly find: (object: DatabaseObject) => DatabaseObject | undefined;
}

/** Not where `fill` says what stands for nothing, nor of a partition, of which the whole tells it. */
export function judgeDefaults(
  preserve: Bundle['preserve'],
  { then, now }: Readonly<Record<'then' | 'now', Known>>,
): (object: DatabaseObject) => boolean {
  const isFilled = ({ name, relation }: DatabaseObject) =>
    preserve.some(
      ({ to, facts }) =>
        to.includes(relation ?? '') &&
        facts.some(({ columns, fill }) => fill !== null && columns.includes(name)),
    );
  const isOfTheWhole = (object: DatabaseObject) => {
    const parents = now.find({ ...object, kind: 'property', name: 'parents' })?.said;
    const all: readonly string[] = parents ? JSON.parse(parents) : [];
    return all.some((relation) => now.find({ ...object, relation })?.said === object.said);
  };
  return (object) =>
    object.kind === 'default' &&
    then.has({ ...object, kind: 'type of' }) &&
    !then.has(object) &&
    !now.has({ ...object, kind: 'not null' }) &&
    !isFilled(object) &&
    !isOfTheWhole(object);
}
