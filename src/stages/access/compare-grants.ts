/** What is granted before and after, to whomever → what was gained that no person of the API tries, a sentence each. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { AccessVerb } from '../../model.js';
import { type Declared, findDeclared } from './declared.js';

export interface Grant {
  readonly kind: 'table' | 'sequence' | 'schema';
  readonly name: string;
  /** 0: the whole. */
  readonly attnum: number;
  readonly column: string | null;
  readonly grantee: string;
  /** As Postgres names it: `SELECT`. */
  readonly privilege: string;
  /** Whether default privileges of the database give it to whatever is made. */
  readonly isDefault: boolean;
  /** Whether rows that were kept elsewhere, or will be, can be reached by it. */
  readonly shows: boolean;
}

export interface NotedGrants {
  readonly grants: readonly Grant[];
  /** All that something could be granted on, `table public.notes`. */
  readonly objects: ReadonlySet<string>;
}

export async function listGrants(session: Session): Promise<NotedGrants> {
  const { rows } = await session.query<Grant | (Grant & { privilege: null })>(engineSql('access_grants'));
  return {
    grants: rows.filter((row): row is Grant => row.privilege !== null),
    objects: new Set(rows.map(objectOf)),
  };
}

export interface Grants {
  readonly before: NotedGrants;
  readonly after: NotedGrants;
  /** Roles as whom people tried what they can do with rows. */
  readonly tried: readonly string[];
  readonly declared: Declared;
}

export function compareGrants({ before, after, tried, declared }: Grants): string[] {
  const keyOf = (grant: Grant) =>
    JSON.stringify([grant.kind, grant.name, grant.attnum, grant.grantee, grant.privilege]);
  const known = new Set(before.grants.map(keyOf));
  const isNew = (grant: Grant) => !before.objects.has(objectOf(grant));
  const gained = after.grants.filter(
    (grant) =>
      !known.has(keyOf(grant)) &&
      isHarmful(grant, tried) &&
      // Of what is no table and was there, each privilege is compared by its name.
      (grant.kind === 'table' || isNew(grant)) &&
      // What the database gives to whatever is made is nothing that the fix opened, unless there is something to be seen.
      !(grant.isDefault && isNew(grant) && !(grant.shows && verbOf(grant) !== null)) &&
      !isDeclared(grant, declared),
  );
  return gained.map(
    (grant) =>
      `${grant.grantee} may ${grant.privilege.toLowerCase()} ${describe(grant)}, which it could not: revoke it${
        verbOf(grant) === null ? '' : ', or declare it under access.differences of bundle.yml'
      }`,
  );
}

/** `PUBLIC` holds for every role that is tried, too. */
function isHarmful(grant: Grant, tried: readonly string[]): boolean {
  const isTried = grant.grantee === 'public' || tried.includes(grant.grantee);
  switch (grant.kind) {
    case 'table':
      return !(isTried && verbOf(grant) !== null);
    case 'sequence':
      // Whoever inserts takes the next number; to set it back is another thing.
      return grant.privilege === 'UPDATE';
    case 'schema':
      return grant.privilege === 'CREATE';
  }
}

const objectOf = ({ kind, name }: Pick<Grant, 'kind' | 'name'>): string => `${kind} ${name}`;

const verbsOfPrivileges: Readonly<Record<string, AccessVerb>> = {
  SELECT: 'read',
  INSERT: 'add',
  UPDATE: 'change',
  DELETE: 'delete',
};

function verbOf({ kind, privilege }: Grant): AccessVerb | null {
  return kind === 'table' ? (verbsOfPrivileges[privilege] ?? null) : null;
}

function isDeclared(grant: Grant, declared: Declared): boolean {
  const verb = verbOf(grant);
  return (
    verb !== null &&
    findDeclared(
      declared,
      (one) => one.table === grant.name && one.verb === verb && one.outcome === 'gained',
    ) !== undefined
  );
}

function describe({ kind, name, column }: Grant): string {
  if (kind === 'schema') return `objects in the schema ${name}`;
  return column === null ? `the ${kind} ${name}` : `the column ${name}.${column}`;
}
