/** Foreign keys before and after the fix → which requests of a data API for rows of another table say something else now. */
import type { RowDifference } from '../../model.js';

/** A foreign key, by which a data API puts rows of one table into those of the other. */
export interface Key {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly columns: readonly string[];
  /** Whether all its columns are of the primary key of its table. */
  readonly isOfKey: boolean;
  /** Whether a constraint says that no two rows point at the same. */
  readonly isOfOne: boolean;
}

/** What is between two tables: a key, or a table that is keyed to both by its primary key, as a list of members is. */
interface Relationship {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  readonly key: Key | null;
}

/** A second one between two tables makes the request for the one ambiguous, and a key of one row gives it where a list was. */
export function findOtherRelationships(before: readonly Key[], after: readonly Key[]): RowDifference[] {
  const [all, still] = [relationshipsOf(before), relationshipsOf(after)];
  const between = (found: readonly Relationship[], one: Relationship) =>
    found.filter((other) => endsOf(other) === endsOf(one));
  return all.flatMap((one): RowDifference[] => {
    const [then, now] = [between(all, one), between(still, one)];
    const same = now.find((other) => isSame(one, other));
    const more = now.filter((other) => other !== same);
    const told = [
      ...(then.length === 1 && same !== undefined && more.length > 0
        ? [`a request that names only the table is ambiguous by ${more.map(({ name }) => name).join(', ')}`]
        : []),
      ...(same?.key && one.key && same.key.isOfOne !== one.key.isOfOne
        ? [
            `${one.target} has ${same.key.isOfOne ? 'one row, where it had a list' : 'a list, where it had one row'}`,
          ]
        : []),
    ];
    return told.length === 0
      ? []
      : [
          {
            word: 'means something else',
            table: `relationship of ${one.source} to ${one.target}`,
            key: null,
            columns: told,
          },
        ];
  });
}

function relationshipsOf(keys: readonly Key[]): Relationship[] {
  const direct = keys.map((key) => ({ name: key.name, source: key.source, target: key.target, key }));
  const members = keys.filter(({ isOfKey }) => isOfKey);
  const byMembers = members.flatMap((one, place) =>
    members
      .slice(place + 1)
      .filter(
        (other) =>
          other.source === one.source &&
          other.target !== one.target &&
          // One that the API does not show relates nothing.
          schemaOf(one.source) === schemaOf(one.target) &&
          schemaOf(one.source) === schemaOf(other.target),
      )
      .map((other) => {
        const [source, target] = [one.target, other.target].sort() as [string, string];
        return { name: one.source, source, target, key: null };
      }),
  );
  return [...direct, ...byMembers];
}

const isSame = ({ name, source, key }: Relationship, other: Relationship): boolean =>
  key === null || other.key === null
    ? key === other.key && name === other.name
    : source === other.source && key.columns.join() === other.key.columns.join();

const schemaOf = (table: string): string => table.slice(0, table.indexOf('.'));

/** Whichever of them points at the other. */
const endsOf = ({ source, target }: Relationship): string => JSON.stringify([source, target].sort());
