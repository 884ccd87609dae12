/** Two catalogs → what of the first has to be away while columns get another type and tables are made anew, though both have it: keys, computed columns, publications, triggers of columns, functions that were read when they were made, and views of such a table. */
import { isDeepStrictEqual } from 'node:util';
import type { Fact, FactBase, StableId } from '@supabase/pg-delta/core';

/** `encode` tells two objects apart. Returns the first without it. */
export function setAside(now: FactBase, before: FactBase, encode: (id: StableId) => string): Fact[] | null {
  const retyped = new Set(
    now.facts().flatMap(({ id, payload }) => {
      const old = id.kind === 'column' ? before.get(id) : undefined;
      return old !== undefined && typeOf(old.payload) !== typeOf(payload) ? [encode(id)] : [];
    }),
  );
  const replaced = now.facts().filter((fact) => isReplaced(fact, before.get(fact.id)));
  if (retyped.size === 0 && replaced.length === 0) return null;
  const aside = new Set<string>();
  const visit = (fact: Fact) => {
    const key = encode(fact.id);
    if (aside.has(key) || neverAside.has(fact.id.kind)) return;
    aside.add(key);
    for (const child of now.childrenOf(fact.id)) visit(child);
    for (const { from, kind } of now.incomingEdges(fact.id)) {
      if (kind === 'depends') visitIfThere(from);
    }
  };
  const visitIfThere = (id: StableId) => {
    const fact = now.get(id);
    if (fact !== undefined) visit(fact);
  };
  for (const table of replaced) {
    const own = [table, ...now.childrenOf(table.id)];
    const known = new Set(own.map(({ id }) => encode(id)));
    const users = own
      .flatMap(({ id }) => now.incomingEdges(id))
      .filter(({ kind, from }) => kind === 'depends' && !known.has(encode(from)));
    for (const { from } of users) visitIfThere(from);
  }
  const tables = new Set(
    now.facts().flatMap(({ id }) => (id.kind === 'column' && retyped.has(encode(id)) ? [tableOf(id)] : [])),
  );
  for (const fact of now.facts()) {
    // What of a table's rows is published reads its columns; which ones nothing says.
    if (fact.id.kind === 'publicationRel' && isFiltered(fact) && tables.has(tableOf(fact.id))) visit(fact);
    if (!isInTheWay(fact)) continue;
    const leads = now
      .outgoingEdges(fact.id)
      .some(({ kind, to }) => kind === 'depends' && retyped.has(encode(to)));
    if (leads) visit(fact);
  }
  const goneTables = new Set(
    replaced.flatMap(({ id }) =>
      id.kind === 'table' ? [tableOf({ schema: id.schema, table: id.name })] : [],
    ),
  );
  const left = now.facts().filter(({ id }) => !aside.has(encode(id)));
  const freed = left.map((fact) => freeSequence(fact, goneTables));
  return aside.size === 0 && goneTables.size === 0 ? null : freed;
}

/** One that belongs to a table would go with it. */
function freeSequence(fact: Fact, tables: ReadonlySet<string>): Fact {
  const { ownedBy } = fact.payload as {
    readonly ownedBy?: { readonly schema: string; readonly table: string } | null;
  };
  if (fact.id.kind !== 'sequence' || ownedBy == null || !tables.has(tableOf(ownedBy))) return fact;
  return { ...fact, payload: { ...fact.payload, ownedBy: null } };
}

const neverAside: ReadonlySet<string> = new Set(['table', 'schema', 'extension', 'role', 'type', 'domain']);

function isInTheWay({ id, payload }: Fact): boolean {
  const told = payload as { readonly def?: unknown; readonly generatedExpr?: unknown };
  // Whose body was read when it was made: it depends on columns.
  if (id.kind === 'function' || id.kind === 'procedure') return true;
  // Of the columns that it names, and that its condition reads.
  if (id.kind === 'trigger') return true;
  if (id.kind === 'constraint') return /^foreign key\b/i.test(String(told.def));
  return id.kind === 'column' && told.generatedExpr != null;
}

/** Postgres changes none of them of a table that is there. */
const fixed = ['partitionKey', 'partitionBound', 'parentTable'] as const;

function isReplaced({ id, payload }: Fact, before: Fact | undefined): boolean {
  if (id.kind !== 'table' || before === undefined) return false;
  return fixed.some((name) => !isDeepStrictEqual(payload[name] ?? null, before.payload[name] ?? null));
}

function isFiltered({ payload }: Fact): boolean {
  const { where, columns } = payload as { readonly where?: unknown; readonly columns?: unknown };
  return where != null || columns != null;
}

function tableOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return JSON.stringify([schema, table]);
}

function typeOf(payload: Fact['payload']): unknown {
  return (payload as { readonly type?: unknown }).type;
}
