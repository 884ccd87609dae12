/** What roles may do by their privileges, whatever rows there are → what is new about it and not declared, a sentence each. */
import type { Access, AccessVerb } from '../../model.js';
import type { DefinerFunction, Role } from './access.js';
import type { Observation, RoleSight, Sight } from './observe.js';

interface Both<T> {
  readonly before: readonly T[];
  readonly after: readonly T[];
}

export interface Privileges {
  readonly before: Observation;
  readonly after: Observation;
  readonly access: Access;
  readonly tables: readonly string[];
  readonly roles: Both<Role>;
  readonly functions: Both<DefinerFunction>;
}

export function comparePrivileges(privileges: Privileges): string[] {
  return [
    ...compareRoles(privileges.roles),
    ...compareFunctions(privileges.functions, privileges.access),
    ...lostFunctions(privileges.functions, privileges.access),
    ...compareTables(privileges),
  ];
}

function compareRoles({ before, after }: Both<Role>): string[] {
  return after.flatMap(({ role, attributes }) => {
    const was = before.find((known) => known.role === role);
    if (was === undefined || was.attributes === attributes) return [];
    return [
      `the role ${role} is now ${attributes || 'nothing in particular'}; it was ${was.attributes || 'nothing in particular'}`,
    ];
  });
}

function compareFunctions({ before, after }: Both<DefinerFunction>, { functions }: Access): string[] {
  const known = new Set(
    before.map(({ signature, role, definition }) => `${signature} ${role} ${definition}`),
  );
  const added = after.filter(
    ({ name, signature, role, definition }) =>
      !known.has(`${signature} ${role} ${definition}`) && !functions.includes(name),
  );
  return [...new Set(added.map(({ signature }) => signature))].map((signature) => {
    const callers = added.filter((one) => one.signature === signature).map(({ role }) => role);
    const isNew = !before.some((one) => one.signature === signature);
    return `${callers.join(' and ')} may call ${signature}, which reads with its owner's rights and is ${isNew ? 'new' : 'another than before'}: declare it under access.functions of bundle.yml`;
  });
}

function lostFunctions({ before, after }: Both<DefinerFunction>, { functions }: Access): string[] {
  const known = new Set(after.map(({ signature, role }) => `${signature} ${role}`));
  const lost = before.filter(
    ({ name, signature, role }) => !known.has(`${signature} ${role}`) && !functions.includes(name),
  );
  return [...new Set(lost.map(({ signature }) => signature))].map((signature) => {
    const callers = lost.filter((one) => one.signature === signature).map(({ role }) => role);
    return `${callers.join(' and ')} may no longer call ${signature}: grant it again, or declare it under access.functions of bundle.yml`;
  });
}

function compareTables({ before, after, tables, access }: Privileges): string[] {
  return [...after.sights.values()].flatMap((sight) => {
    const was = before.sights.get(sight.table);
    return [...sight.roles].flatMap(([role, now]) => compareRole(sight, was, { role, now, tables, access }));
  });
}

function compareRole(
  sight: Sight,
  was: Sight | undefined,
  {
    role,
    now,
    tables,
    access,
  }: Pick<Privileges, 'tables' | 'access'> & { readonly role: string; readonly now: RoleSight },
): string[] {
  const { table } = sight;
  const then = was?.roles.get(role);
  const isOurs = tables.includes(table);
  if (was !== undefined && then !== undefined) {
    const isOpened = (column: string) => was.columns.includes(column) || (!isOurs && sight.kind !== 'r');
    const read = now.reads.filter((column) => !then.reads.includes(column) && isOpened(column));
    const changed = now.changes.filter(
      (column) => !then.changes.includes(column) && was.columns.includes(column),
    );
    // Of the fix's own tables a rule may say that more people reach more; elsewhere nothing is to differ.
    const isDeclared = (verb: AccessVerb) =>
      isOurs &&
      access.differences.some((one) => one.table === table && one.verb === verb && one.outcome === 'gained');
    const opened = [
      ...(read.length > 0 && !isDeclared('read')
        ? [`${role} may read ${read.join(', ')} of ${table}, which it could not`]
        : []),
      ...(changed.length > 0 && !isDeclared('change')
        ? [`${role} may change ${changed.join(', ')} of ${table}, which it could not`]
        : []),
    ];
    if (opened.length > 0) return opened;
  }
  // Of a table without rows nothing can be tried, so what decides about it must be what it was.
  if (isOurs || sight.rows.length > 0) return [];
  const isDeclaredNew = verbsOf(now).every((verb) =>
    access.differences.some((one) => one.table === table && one.verb === verb && one.outcome === 'gained'),
  );
  if (then === undefined && isDeclaredNew) return [];
  if (then === undefined)
    return [`${role} may touch ${table}, which it could not, and no row is there to try it on`];
  return describe(then) === describe(now)
    ? []
    : [`what decides about ${table} has changed for ${role}, and no row is there to try it on`];
}

function verbsOf({ reads, changes, adds, deletes }: RoleSight): AccessVerb[] {
  return [
    ...(reads.length > 0 ? (['read'] as const) : []),
    ...(changes.length > 0 ? (['change'] as const) : []),
    ...(adds.length > 0 ? (['add'] as const) : []),
    ...(deletes ? (['delete'] as const) : []),
  ];
}

const describe = ({ reads, changes, adds, deletes, rules }: RoleSight): string =>
  JSON.stringify([reads, changes, adds, deletes, rules]);
