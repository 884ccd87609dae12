/** The catalogs of a database and of the throwaway one → the statements that make the one of the other. */
import type { Diagnostic, Fact, FactBase } from '@supabase/pg-delta/core';
import type { ExtractResult } from '@supabase/pg-delta/extract';
import type { Action } from '@supabase/pg-delta/plan';
import type { Policy } from '@supabase/pg-delta/policy';
import { engineSql } from '../database/engine-sql.js';
import { nameInSql } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import { UserError } from '../errors.js';
import { foldColumns, positionOf } from './fold-columns.js';
import { namePartsOfConstraints } from './name-parts.js';
import { type Live, orSay } from './open-live.js';
import { partConstraints } from './part-constraints.js';
import { type PartIndexes, readPartIndexes } from './part-indexes.js';
import { describeParts, withoutIdentityByParts } from './parts-of-constraints.js';
import { readFacts } from './read-facts.js';
import { readOwnColumns } from './read-own-columns.js';
import { readRoleNames, readRoles } from './read-roles.js';
import { readIdentityGrants } from './read-sequences.js';
import { readStorage } from './read-storage.js';

export interface SchemaPlan {
  /** In the order in which they run, without the `;`: before there are rows, and when there are. */
  readonly early: readonly string[];
  readonly late: readonly string[];
  /** The statements that fill materialized views, in the order in which they can be filled. */
  readonly refreshes: readonly string[];
  /** What is in the database and is not copied. */
  readonly missing: readonly Missing[];
}

export interface Missing {
  readonly what: string;
  readonly why: string;
}

/** What would fire on rows, hide them, or keep their loader from them; pg_dump too makes it when the rows are there. */
const isLate =
  /^(grant|revoke|alter\s+event\s+trigger|create\s+(or\s+replace\s+)?(rule|(constraint\s+|event\s+)?trigger)|create\s+policy|comment\s+on\s+(event\s+)?(trigger|policy|rule))\b|\b(enable|disable|force)\s+row\s+level\s+security$|\b(enable|disable)\s+(always\s+|replica\s+)?(trigger|rule)\b|\bnot\s+valid$/i;

export async function planSchema(
  live: Live,
  throwaway: Session,
  {
    isSupabase,
    isHostRole,
  }: { readonly isSupabase: boolean; readonly isHostRole: (role: string) => boolean },
): Promise<SchemaPlan> {
  // Large, and for nobody who does not copy a database.
  const delta = await import(/* webpackMode: "eager" */ './pg-delta.js');
  const wanted = await orSay(live.name, () => readAll(live.session, delta));
  await throwaway.query('begin');
  const there = await readAll(throwaway, delta);
  await throwaway.query('rollback');
  const owner = await orSay(live.name, () => findOwner(live.session));
  const roles = await orSay(live.name, () => readRoleNames(live.session));

  const { encodeId } = delta;
  // Default privileges are told apart, at the end: so each object's own are told in full, whatever they are.
  const desired = pick(
    delta,
    wanted.factBase,
    (fact) => !isDefaultPrivilege(fact) && !isOwnersOwn(wanted.factBase, fact, delta),
  );
  const known = new Set(desired.facts().map(({ id }) => encodeId(id)));
  // What only the platform has stays, its own roles' privileges too; of what both have, all that the database has not is taken away.
  const source = pick(
    delta,
    there.factBase,
    (fact) =>
      !isDefaultPrivilege(fact) &&
      !isOwnersOwn(there.factBase, fact, delta) &&
      isOfKnownRole(fact, roles) &&
      (isOfAnother(fact) || known.has(encodeId(fact.id))),
  );
  // Types and functions first: a column that waits for its type would come after those that stand behind it.
  const isInSource = new Set(source.facts().map(({ id }) => encodeId(id)));
  const isFree = freeOfTables(desired, delta);
  const between = pick(delta, desired, (fact) => isInSource.has(encodeId(fact.id)) || isFree(fact));
  const options = {
    ...(isSupabase &&
      delta.supabaseProfile.policy !== undefined && { policy: withPolicies(delta.supabaseProfile.policy) }),
    scope: 'database' as const,
    // Who is not here is made by whoever loads, when a statement names them.
    assumedRoles: roles,
    ...(owner !== null && { defaultOwner: owner }),
  };
  const isBetween = new Set(between.facts().map(({ id }) => encodeId(id)));
  const actions = orRefuse(live.name, () => [
    ...delta.plan(source, between, options).actions,
    ...foldColumns(delta.plan(between, desired, options).actions, desired, (id) =>
      isBetween.has(encodeId(id)),
    )
      .flatMap(partConstraints)
      .flatMap(wanted.attach),
  ]);
  const hasMaintain = Number(there.pgVersion.split('.')[0]) >= 17;
  const statements = actions.flatMap(({ sql }) =>
    withKnownPrivileges(sql.replace(/[\s;]+$/, ''), hasMaintain),
  );
  const { rows } = await orSay(live.name, () =>
    live.session.query<{ granted: string }>(engineSql('default_privileges')),
  );
  const granted = rows.flatMap((row) => withKnownPrivileges(row.granted, hasMaintain));
  const names = await orSay(live.name, () => namePartsOfConstraints(live.session));
  const parts = await orSay(live.name, () => describeParts(live.session));
  const storage = await orSay(live.name, () => readStorage(live.session));
  const own = await orSay(live.name, () => readOwnColumns(live.session));
  const missingRoles = await orSay(live.name, () => readRoles(live.session, isHostRole));
  const identities = await orSay(live.name, () => readIdentityGrants(live.session));
  return {
    early: [
      'set check_function_bodies = false',
      ...statements.filter((text) => !isLate.test(text)),
      ...names,
      ...parts,
      ...own,
      ...storage,
    ],
    late: [...statements.filter((text) => isLate.test(text)), ...identities, ...granted],
    refreshes: statements.flatMap((text) => {
      const [, view] = createdView.exec(text) ?? [];
      return view === undefined ? [] : [`refresh materialized view ${view}`];
    }),
    missing: [...sayMissing(wanted.diagnostics), ...sayMoved(actions, desired), ...missingRoles],
  };
}

const createdView = new RegExp(`^create materialized view (${nameInSql})`, 'i');
const columnAdded = new RegExp(`^alter table (${nameInSql}) add column `, 'i');

type Delta = typeof import('./pg-delta.js');

async function readAll(session: Session, delta: Delta): Promise<ExtractResult & PartIndexes> {
  const found = await readFacts(session, delta);
  const parts = await readPartIndexes(session, found.factBase, delta);
  return { ...found, ...parts, factBase: withoutIdentityByParts(parts.factBase, delta) };
}

/** Those that are taken, without what hangs on one that is not. */
function pick(
  { buildFactBase, encodeId }: Delta,
  from: FactBase,
  isTaken: (fact: Fact) => boolean,
): FactBase {
  const all = from.facts();
  const gone = new Set<string>();
  // A parent may come after its children.
  for (let before = -1; gone.size > before; ) {
    before = gone.size;
    for (const fact of all) {
      const isOrphan = fact.parent !== undefined && gone.has(encodeId(fact.parent));
      if (isOrphan || !isTaken(fact)) gone.add(encodeId(fact.id));
    }
  }
  return buildFactBase(
    all.filter(({ id }) => !gone.has(encodeId(id))),
    from.edges.filter((edge) => !gone.has(encodeId(edge.from)) && !gone.has(encodeId(edge.to))),
    'liveDb',
  );
}

function isDefaultPrivilege({ id }: Fact): boolean {
  return id.kind === 'defaultPrivilege';
}

/** A privilege of a role that the database's server has not is none that the database could lack. */
function isOfKnownRole({ id }: Fact, roles: readonly string[]): boolean {
  return id.kind !== 'acl' || id.grantee === 'PUBLIC' || roles.includes(id.grantee);
}

/** What hangs on another stays where that is in both: it may have to be taken away. */
function isOfAnother({ id, parent }: Fact): boolean {
  return parent !== undefined && ('target' in id || 'table' in id);
}

/** An owner may do everything from the beginning, and here it may be somebody else. */
function isOwnersOwn(facts: FactBase, { id }: Fact, { encodeId }: Delta): boolean {
  if (id.kind !== 'acl') return false;
  return facts
    .outgoingEdges(id.target)
    .some(
      ({ kind, to }) => kind === 'owner' && encodeId(to) === encodeId({ kind: 'role', name: id.grantee }),
    );
}

const freeKinds = new Set([
  'schema',
  'extension',
  'collation',
  'type',
  'domain',
  'function',
  'procedure',
  'role',
]);

/** A type or function that needs no table, and what hangs on it. */
function freeOfTables(facts: FactBase, { encodeId }: Delta): (fact: Fact) => boolean {
  const known = new Map<string, boolean>();
  const isFree = (id: Fact['id']): boolean => {
    const key = encodeId(id);
    const found = known.get(key);
    if (found !== undefined) return found;
    // What needs itself, by way of others, needs no table by that.
    known.set(key, true);
    const parent = facts.get(id)?.parent;
    const hangs = parent !== undefined && (parent.kind !== 'schema' || 'target' in id) && isFree(parent);
    const free =
      (freeKinds.has(id.kind) || hangs) &&
      facts.outgoingEdges(id).every(({ kind, to }) => kind !== 'depends' || isFree(to));
    known.set(key, free);
    return free;
  };
  return ({ id }) => isFree(id);
}

/** Their schemas are the host's, and the policies on their tables are the project's: who may read which file. */
function withPolicies(policy: Policy): Policy {
  const match = { all: [{ kind: 'policy' }, { schema: ['storage', 'realtime'] }] };
  return { ...policy, filter: [{ match, action: 'include' }, ...(policy.filter ?? [])] };
}

/** Before 17 there is no privilege to maintain a table. */
export function withKnownPrivileges(statement: string, hasMaintain: boolean): string[] {
  if (hasMaintain || !/^(grant|revoke|alter default privileges)\b/i.test(statement)) return [statement];
  if (/\b(grant|revoke) maintain on\b/i.test(statement)) return [];
  return [statement.replace(/\bmaintain, |, maintain\b(?= on\b)/i, '')];
}

/** An alpha, and somebody's schema: where it gives up there is another way. */
function orRefuse<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error: unknown) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `${name}: the schema cannot be copied: ${reason}. Dump it (pg_dump --schema-only), and give the dump.`,
      { exitCode: 3, cause: error },
    );
  }
}

/** One for each kind that is not modelled, and for what could not be read or had to be hidden. */
function sayMissing(diagnostics: readonly Diagnostic[]): Missing[] {
  return diagnostics
    .filter(({ severity, code }) => severity !== 'info' && code !== 'dangling_edge')
    .map(({ code, message, context }) => ({
      what: String(context?.kind ?? code.replaceAll(/[_-]/g, ' ')),
      why: code === 'unmodeled_kind' ? sayUnmodelled(context) : message,
    }));
}

/** pg-delta names some of them. */
function sayUnmodelled(context: Diagnostic['context']): string {
  const total = Number(context?.count);
  const named = Array.isArray(context?.samples) ? context.samples.map(String) : [];
  return `not copied: ${named.join(', ')}${total > named.length ? ` and ${total - named.length} more` : ''}`;
}

/** A column that is added to its table later than one that stood behind it. */
function sayMoved(actions: readonly Pick<Action, 'sql' | 'produces'>[], facts: FactBase): Missing[] {
  const added = actions.flatMap(({ sql, produces }) => {
    const table = columnAdded.exec(sql)?.[1];
    return table === undefined
      ? []
      : produces.filter(({ kind }) => kind === 'column').map((id) => ({ table, id }));
  });
  const late = new Set(added.map(({ id }) => JSON.stringify(id)));
  const moved = added.filter(({ id }) => {
    const fact = facts.get(id);
    const others = fact?.parent === undefined ? [] : facts.childrenOf(fact.parent);
    return others.some(
      (other) =>
        other.id.kind === 'column' &&
        !late.has(JSON.stringify(other.id)) &&
        positionOf(other) > positionOf(fact),
    );
  });
  return [...new Set(moved.map(({ table }) => table))].map((table) => ({
    what: `the order of the columns of ${table}`,
    why: 'a column needs what is made after its table, and stands last',
  }));
}

/** Who owns most: here the deployer stands for them. */
async function findOwner(live: Session): Promise<string | null> {
  const { rows } = await live.query<{ owner: string }>(
    `select pg_catalog.pg_get_userbyid(c.relowner) as owner
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'
     group by 1
     order by pg_catalog.count(*) filter (where n.nspname = 'public') desc, pg_catalog.count(*) desc, 1
     limit 1`,
  );
  return rows[0]?.owner ?? null;
}
