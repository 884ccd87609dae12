/** Privileges before and after → which of roles that nobody is tried as reach other rows by the policies that are there now. */
import type { RowDifference } from '../../model.js';
import { type DatabaseObject, nameOf } from './read-objects.js';

interface Compared {
  readonly before: readonly DatabaseObject[];
  readonly after: readonly DatabaseObject[];
  /** Roles of the API: what they reach is tried. */
  readonly tried: readonly string[];
  readonly isDeclared: (object: DatabaseObject) => boolean;
}

/** Which of the rows a policy decides about it lets through is not known: nobody asks it as that role. */
export function judgeReach({ before, after, tried, isDeclared }: Compared): RowDifference[] {
  const isUntried = ({ kind, role, place }: DatabaseObject) =>
    kind === 'privilege' && place !== null && role !== null && !['public', ...tried].includes(role);
  const then = new Map(
    before.filter(isUntried).flatMap((one) => [
      [nameOf(one), one],
      [partsOf(one), one],
    ]),
  );
  return after.filter(isUntried).flatMap((one) => {
    const was = then.get(partsOf(one)) ?? then.get(nameOf(one));
    if (was === undefined || was.place === one.place || isDeclared(one)) return [];
    return [
      {
        word: 'means something else',
        table: nameOf(one),
        key: null,
        columns: [`${one.place}, where it was ${was.place}`],
      },
    ];
  });
}

/** Of a table under whatever name. */
const partsOf = ({ relid, parts }: DatabaseObject): string => `${relid} ${parts}`;
