/** Privileges before and after the fix, of what is no table → whether one that is new lets somebody do what they could not. */
import { type DatabaseObject, nameOf } from './read-objects.js';

interface Compared {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
}

export function judgeGiven({ before, after }: Compared) {
  const known = new Set(before.map(nameOf));
  const numbering = (objects: readonly DatabaseObject[]) =>
    new Map(objects.flatMap((one) => (one.kind === 'numbering' ? [[one.place, one.relation]] : [])));
  const [counted, counting] = [numbering(before), numbering(after)];
  const adders = new Set(
    after.flatMap(({ kind, name, relation, role }) =>
      kind === 'privilege' && name.startsWith('INSERT ') ? [`${role} ${relation}`] : [],
    ),
  );
  const defaults = after.filter(({ kind }) => kind === 'default');
  const countedBy = (sequence: string | null) => [
    counting.get(sequence),
    ...defaults
      .filter(({ said }) => said?.includes(`nextval('${sequence?.replace(/^sequence /, '')}'`))
      .map(({ relation }) => relation),
  ];
  // Whoever adds a row takes the next number.
  const isToCount = ({ name, relation, role }: DatabaseObject) =>
    name.startsWith('USAGE ') && countedBy(relation).some((table) => adders.has(`${role} ${table}`));
  const wasEverybodys = (object: DatabaseObject) =>
    known.has(nameOf({ ...object, name: object.name.replace(/ of .*$/s, ' of public') }));
  return {
    /** Of a sequence that counts for a column, which is told of as the numbering of that. */
    wasThere: ({ kind, relation }: DatabaseObject): boolean => kind === 'privilege' && counted.has(relation),
    isGiven: (object: DatabaseObject): boolean =>
      object.kind !== 'privilege' || (!isToCount(object) && !wasEverybodys(object)),
  };
}
