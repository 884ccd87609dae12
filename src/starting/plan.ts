/** What was read of somebody's database → what the files of a bundle are written from. */
import type { Actor } from '../model.js';
import { people } from './people.js';
import { granteesOf, type Row, type Table } from './there.js';

export interface Plan {
  readonly title: string;
  readonly isSupabase: boolean;
  readonly deployer: string;
  /** Of an application's own: on Supabase those that the project has beside the host's. */
  readonly roles: readonly string[];
  readonly usersRole: string;
  readonly tables: readonly Table[];
  /** Tables without a primary key, and the columns that can be one. */
  readonly newKeys: ReadonlyMap<string, readonly string[]>;
  /** Tables of which everybody is to keep their own rows, and the column that says whose a row is. */
  readonly owned: ReadonlyMap<string, string>;
  /** Whether files of `access/` say who is to reach what. */
  readonly hasRules: boolean;
  readonly subjects: readonly [string, string];
}

export function planBundle({
  title,
  isSupabase,
  deployer,
  roles,
  tables,
  owners,
  rows,
}: Pick<Plan, 'isSupabase' | 'deployer' | 'roles' | 'tables'> & {
  readonly title: string | null;
  readonly owners: ReadonlyMap<string, string>;
  /** Those that were made up, by table. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
}): Plan {
  const owned = findOwned(tables, owners, rows);
  return {
    title:
      title ??
      `Keys and row level security of ${tables.length === 1 ? tables[0]?.name : `${tables.length} tables`}`,
    isSupabase,
    deployer,
    roles,
    usersRole: isSupabase ? 'authenticated' : (granteesOf(tables).find(isNameOfActor) ?? 'app_user'),
    tables,
    newKeys: findKeys(tables),
    owned,
    hasRules: true,
    subjects: subjectsOf(owned, rows),
  };
}

/** The ways of saying who reaches what, the most telling first. */
export function waysOf(plan: Plan): Plan[] {
  const asBefore = { ...plan, owned: new Map() };
  return [...(plan.owned.size > 0 ? [plan] : []), asBefore, { ...asBefore, hasRules: false }];
}

/** Of tables that everybody reached. */
function findOwned(
  tables: readonly Table[],
  owners: ReadonlyMap<string, string>,
  rows: ReadonlyMap<string, readonly Row[]>,
): Map<string, string> {
  const owned = new Map<string, string>();
  for (const { name, hasRowSecurity, policies, grantees } of tables) {
    const column = owners.get(name);
    const isOpen = !hasRowSecurity && policies === 0 && grantees.length > 0;
    const hasRows = (rows.get(name) ?? []).length > 0;
    if (column !== undefined && isOpen && hasRows) owned.set(name, column);
  }
  return owned;
}

/** A column without nulls that is unique already, or is called as keys are. */
function findKeys(tables: readonly Table[]): Map<string, readonly string[]> {
  const found = tables.flatMap(({ name, primaryKey, unique, columns }): [string, readonly string[]][] => {
    if (primaryKey.length > 0) return [];
    const isRequired = (one: string) => columns.some((column) => column.name === one && column.isRequired);
    const key = unique.find((index) => index.columns.length > 0 && index.columns.every(isRequired));
    if (key !== undefined) return [[name, key.columns]];
    return isRequired('id') ? [[name, ['id']]] : [];
  });
  return new Map(found);
}

/** What the application calls the two whose rows were made up. */
function subjectsOf(
  owned: ReadonlyMap<string, string>,
  rows: ReadonlyMap<string, readonly Row[]>,
): [string, string] {
  for (const [table, column] of owned) {
    const found = [...new Set((rows.get(table) ?? []).flatMap(({ values }) => values[column] ?? []))];
    if (found.length > 0) return [found[0] ?? people.ann, found[1] ?? people.ben];
  }
  return [people.ann, people.ben];
}

/** Its primary key, or the one that it gets; empty: none. */
export function keyOf({ newKeys }: Plan, { name, primaryKey }: Table): readonly string[] {
  return primaryKey.length > 0 ? primaryKey : (newKeys.get(name) ?? []);
}

/** Of these somebody has to decide what tells their rows apart. */
export function keylessOf(plan: Plan): readonly Table[] {
  return plan.tables.filter((table) => keyOf(plan, table).length === 0);
}

/** Who the scenarios speak of. */
export function usersOf({ usersRole, subjects, isSupabase }: Plan): Actor[] {
  const user = (name: string, role: string, subject: string | null): Actor => ({
    name,
    role,
    claims: subject === null ? {} : { sub: subject },
    session: {},
    subject,
  });
  return [
    user('ann', usersRole, subjects[0]),
    user('ben', usersRole, subjects[1]),
    ...(isSupabase ? [user('visitor', 'anon', null)] : []),
  ];
}

/** Roles with a privilege, beside that of the users; each is an actor of its own name. */
export function otherRoles({ isSupabase, roles, tables, usersRole }: Plan): string[] {
  return granteesOf(tables).filter(
    (role) =>
      role !== usersRole &&
      (!isSupabase || roles.includes(role)) &&
      isNameOfActor(role) &&
      !['ann', 'ben', 'visitor', 'deployer'].includes(role),
  );
}

/** As bundle.yml names an actor. */
function isNameOfActor(role: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(role);
}
