/** What roles may do by their privileges, whatever rows there are → what is new about it and not declared, a sentence each. */
import type { AccessVerb, DeclaredDifference } from '../../model.js';
import type { Role } from '../api-roles.js';
import { type Declared, findDeclared, writeDifference } from './declared.js';
import type { Observation, RoleSight, Sight } from './observation.js';
import { areSameRules, isTable, isView } from './relation.js';

interface Both<T> {
  readonly before: readonly T[];
  readonly after: readonly T[];
}

export interface Privileges {
  readonly before: Observation;
  readonly after: Observation;
  readonly declared: Declared;
  readonly tables: readonly string[];
  readonly roles: Both<Role>;
}

export function comparePrivileges(privileges: Privileges): string[] {
  return [...compareRoles(privileges.roles), ...compareTables(privileges)];
}

function compareRoles({ before, after }: Both<Role>): string[] {
  return after.flatMap(({ role, attributes }) => {
    const was = before.find((known) => known.role === role);
    if (was === undefined || was.attributes === attributes) return [];
    return [
      `the role ${role} is now ${attributes || 'nothing in particular'}; it was ${was.attributes || 'nothing in particular'}: leave it as it was`,
    ];
  });
}

function compareTables({ before, after, tables, declared }: Privileges): string[] {
  return [...after.sights.values()].flatMap((sight) => {
    const was = before.sights.get(sight.table);
    return [...sight.roles].flatMap(([role, now]) =>
      compareRole(sight, was, { role, now, tables, declared }),
    );
  });
}

function compareRole(
  sight: Sight,
  was: Sight | undefined,
  {
    role,
    now,
    tables,
    declared,
  }: Pick<Privileges, 'tables' | 'declared'> & { readonly role: string; readonly now: RoleSight },
): string[] {
  const { table } = sight;
  const then = was?.roles.get(role);
  const isOurs = tables.includes(table);
  if (was !== undefined && then !== undefined) {
    const different = compareColumns({ sight, was, then, now, isOurs, declared });
    if (different.length > 0) return different.map((what) => `${role} ${what}`);
  }
  // Of a table without rows nothing can be tried, so what decides about it must be what it was.
  if (sight.rows.length > 0) return [];
  const isOpen = was === undefined && isTable(sight) && !now.isGuarded;
  if (isOurs && !isOpen) return [];
  const isDeclaredNew = verbsOf(now).every(
    (verb) =>
      findDeclared(
        declared,
        (one) => one.table === table && one.verb === verb && one.outcome === 'gained',
      ) !== undefined,
  );
  if (then === undefined && isDeclaredNew) return [];
  const opened = verbsOf(now)
    .map((verb) => writeDifference({ table, verb, outcome: 'gained', columns: null }))
    .join(', ');
  if (isOurs)
    return [
      `${role} may ${verbsOf(now).join(', ')} rows of ${table}, which is new and has no row level security: enable it, revoke that, or declare it under access.differences of bundle.yml: ${opened}`,
    ];
  if (then === undefined)
    return [
      `${role} may touch ${table}, which it could not, and no row is there to try it on: revoke that, or declare what it may do under access.differences of bundle.yml: ${opened}`,
    ];
  const isSame = describe(then) === describe(now) || (sight.kind === 'v' && isNarrower(then, now));
  return isSame && areSameRules(then.rules, now.rules)
    ? []
    : [
        `what decides about ${table} has changed for ${role}, and no row is there to try it on: let it be as it was, or name ${table} under tables of bundle.yml`,
      ];
}

const verbsOfColumns = [
  { verb: 'read', privilege: 'reads' },
  { verb: 'change', privilege: 'changes' },
  { verb: 'add', privilege: 'adds' },
] as const;

/** Columns that were there before and that a role may touch now, or no longer: rows say nothing about them. */
function compareColumns({
  sight,
  was,
  then,
  now,
  isOurs,
  declared,
}: {
  readonly sight: Sight;
  readonly was: Sight;
  readonly then: RoleSight;
  readonly now: RoleSight;
  readonly isOurs: boolean;
  readonly declared: Declared;
}): string[] {
  const { table } = sight;
  const isOpened = (column: string) => was.columns.includes(column) || (!isOurs && sight.kind !== 'r');
  // Of the fix's own tables, and of views, a declaration may say that more people reach more; elsewhere nothing is to differ.
  const isDeclarable = isOurs || isView(sight);
  const sayHow = (verb: AccessVerb, outcome: 'gained' | 'lost', columns: readonly string[]) => {
    const undo = outcome === 'gained' ? 'revoke that' : 'grant that';
    return isDeclarable
      ? `${undo}, or declare it under access.differences of bundle.yml: ${writeDifference({ table, verb, outcome, columns })}`
      : `${undo}, or name ${table} under tables of bundle.yml, so that access.differences can declare it`;
  };
  return verbsOfColumns.flatMap(({ verb, privilege }) => {
    const isDeclared = (outcome: DeclaredDifference['outcome'], column: string) =>
      isDeclarable &&
      findDeclared(
        declared,
        (one) =>
          one.table === table &&
          one.verb === verb &&
          one.outcome === outcome &&
          (one.columns?.includes(column) ?? true) &&
          // Shut is what nothing could be reached of.
          (one.when !== 'shut' || then[privilege].length === 0),
      ) !== undefined;
    const gained = now[privilege].filter(
      (column) => !then[privilege].includes(column) && isOpened(column) && !isDeclared('gained', column),
    );
    const lost = then[privilege].filter(
      (column) =>
        // Where nothing of it is left, each row that they reached tells it.
        now[privilege].length > 0 &&
        !now[privilege].includes(column) &&
        sight.columns.includes(column) &&
        !isDeclared('lost', column),
    );
    // Whoever reads a row whole is refused by one column.
    const hidden =
      verb === 'read' && isWhole(was, then) && now.reads.length > 0
        ? sight.columns.filter(
            (column) =>
              !now.reads.includes(column) &&
              !was.columns.includes(column) &&
              findDeclared(
                declared,
                (one) =>
                  one.table === table &&
                  one.verb === verb &&
                  one.outcome === 'lost' &&
                  (one.columns?.includes(column) ?? true),
              ) === undefined,
          )
        : [];
    const doing = verb === 'add' ? 'give a value to' : verb;
    return [
      ...(gained.length > 0
        ? [
            `may ${doing} ${gained.join(', ')} of ${table}, which it could not: ${sayHow(verb, 'gained', gained)}`,
          ]
        : []),
      ...(lost.length > 0
        ? [`may no longer ${doing} ${lost.join(', ')} of ${table}: ${sayHow(verb, 'lost', lost)}`]
        : []),
      ...(hidden.length > 0
        ? [
            `may no longer read ${table} whole (select *), because of ${hidden.join(', ')}: grant that, or declare it under access.differences of bundle.yml: ${writeDifference({ table, verb, outcome: 'lost', columns: hidden })}`,
          ]
        : []),
    ];
  });
}

const isWhole = ({ columns, kind }: Sight, { reads }: RoleSight): boolean =>
  isTable({ kind }) && columns.length > 0 && columns.every((column) => reads.includes(column));

function verbsOf({ reads, changes, adds, deletes }: RoleSight): AccessVerb[] {
  return [
    ...(reads.length > 0 ? (['read'] as const) : []),
    ...(changes.length > 0 ? (['change'] as const) : []),
    ...(adds.length > 0 ? (['add'] as const) : []),
    ...(deletes ? (['delete'] as const) : []),
  ];
}

/** A view that is made again over a column of another type can be read as before, and may not be written through any more. */
const isNarrower = (then: RoleSight, now: RoleSight): boolean =>
  JSON.stringify(then.reads) === JSON.stringify(now.reads) &&
  now.changes.every((column) => then.changes.includes(column)) &&
  now.adds.every((column) => then.adds.includes(column)) &&
  (then.deletes || !now.deletes);

const describe = ({ reads, changes, adds, deletes }: RoleSight): string =>
  JSON.stringify([reads, changes, adds, deletes]);
