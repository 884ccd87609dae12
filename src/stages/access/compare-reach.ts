/** Who reached what before a deployment, and who does once it was rolled back → where that differs: nobody more, and nobody less. */
import type { Session } from '../../database/with-session.js';
import { type AccessNotes, observeAgain } from './access.js';
import { isUnknown, type Observation, type Sight } from './observation.js';
import { verbs } from './relation.js';

/** Within the open transaction; what is tried is undone. A sentence for each table and verb. */
export async function compareReach(session: Session, notes: AccessNotes): Promise<string[]> {
  return findOthers(notes.before, await observeAgain(session, notes.before.people, notes));
}

function findOthers(before: Observation, after: Observation): string[] {
  const tables = [...new Set([...before.sights.keys(), ...after.sights.keys()])].sort();
  return tables.flatMap((table) => {
    const [then, now] = [before.sights.get(table), after.sights.get(table)];
    if (then === undefined || now === undefined)
      return [`${table}, which ${then === undefined ? 'nobody' : 'somebody'} reached before`];
    const privileges = sayPrivileges(then) === sayPrivileges(now) ? [] : [`what roles may do with ${table}`];
    // One that is made again is filled with what there is by then.
    return then.kind === 'm' ? privileges : [...privileges, ...findPeople(table, then, now)];
  });
}

/** Policies are compared as definitions; here what they are for counts. */
function sayPrivileges({ roles }: Sight): string {
  const sorted = [...roles]
    // Of tables that are asked for by name there are roles that may do nothing.
    .filter(
      ([, { reads, changes, adds, deletes }]) => deletes || reads.length + changes.length + adds.length > 0,
    )
    .map(
      ([role, { reads, changes, adds, deletes }]) =>
        [role, [...reads].sort(), [...changes].sort(), [...adds].sort(), deletes] as const,
    );
  return JSON.stringify(sorted.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function findPeople(table: string, then: Sight, now: Sight): string[] {
  const columns = [...then.columns].sort();
  return verbs.flatMap((verb) => {
    const people = [...then.abilities.keys()].filter((person) => {
      const told = (sight: Sight, other: Sight) => {
        const ability = sight.abilities[person]?.[verb];
        if (ability === undefined) return null;
        if (isUnknown(ability)) return ability.sqlstate;
        const rows = [...ability].map((row) => contentOf(sight, row, columns));
        // Of many rows some were copied, and not always the same.
        const tried = verb === 'add' ? copiesOf(other, person, columns) : null;
        return rows
          .filter((row) => tried === null || tried.has(row))
          .sort()
          .join('\n');
      };
      return told(then, now) !== told(now, then);
    });
    return people.length === 0
      ? []
      : [`rows of ${table} that ${people.length} of the people tried ${past[verb]} before`];
  });
}

const past = {
  read: 'could read',
  change: 'could change',
  delete: 'could delete',
  add: 'could add',
} as const;

function contentOf({ rows }: Sight, row: number, columns: readonly string[]): string {
  const values = rows[row]?.values;
  return JSON.stringify(columns.map((column) => values?.get(column) ?? null));
}

function copiesOf(sight: Sight, person: number, columns: readonly string[]): ReadonlySet<string> {
  return new Set([...(sight.copied[person] ?? [])].map((row) => contentOf(sight, row, columns)));
}
