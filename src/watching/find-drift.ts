/** The definitions of a database, and those that its last deployment left → what has changed in between. */
import { engineSql } from '../database/engine-sql.js';
import { readDefinitions } from '../database/fingerprint.js';
import type { Session } from '../database/with-session.js';
import { escapePattern } from '../escape-pattern.js';
import type { Bundle, DefinitionChange } from '../model.js';
import { compareDefinitions } from '../stages/compare-definitions.js';
import { withoutHistory } from '../stages/history/history-schema.js';
import { compareCounts, isSetBack, readCounts } from '../stages/history/read-counts.js';
import { readRoles } from '../stages/history/read-roles.js';
import type { DriftResult } from '../watched.js';
import { readRecord } from './read-record.js';
import { findWhatTablesAsk } from './what-tables-ask.js';

/** Must be called within a transaction. */
export async function findDrift(session: Session, bundle: Bundle): Promise<DriftResult> {
  const record = await readRecord(session);
  if (record.kind === 'unknown') return record;
  const now = withoutHistory(await readDefinitions(session));
  const changedByFix = new Set(compareDefinitions(record.before, record.after).map(({ object }) => object));
  const speaksOfTables = createTableFinder(bundle.tables);
  const asked = findWhatTablesAsk(joinDefinitions(record.after, now), bundle.tables);
  const drifted = [
    ...compareDefinitions(record.after, now).filter(isChanged),
    ...(await compareRoles(session, bundle, record.statistics?.roles)),
    ...compareCounts(record.statistics?.counts ?? {}, await readCounts(session, bundle)),
  ];
  const times = await readTimes(
    session,
    drifted.map(({ object }) => object),
  );
  const changes = drifted.map((change) => ({
    ...change,
    changedAt: times.get(change.object)?.toISOString() ?? null,
    isOfFix:
      changedByFix.has(change.object) ||
      asked.has(change.object) ||
      isRoleChanged(change) ||
      isSetBack(change) ||
      speaksOfTables(`${change.object}\n${change.before ?? ''}\n${change.after ?? ''}`),
  }));
  return {
    kind: 'compared',
    recordedAt: record.at.toISOString(),
    at: new Date().toISOString(),
    bundle: record.bundle,
    comparesRoles: record.statistics?.roles !== undefined,
    objects: now.size,
    // What is the fix's comes first.
    changes: [...changes.filter(({ isOfFix }) => isOfFix), ...changes.filter(({ isOfFix }) => !isOfFix)],
  };
}

/** What was asked and what is: a policy may be new on a table that only the former function read. */
function joinDefinitions(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const joined = new Map(one);
  for (const [object, definition] of other) {
    const known = one.get(object);
    joined.set(object, known === undefined || known === definition ? definition : `${known}\n${definition}`);
  }
  return joined;
}

/** Whoever may do more by being a member or by a property of theirs, or less, without a definition that says so. */
async function compareRoles(
  session: Session,
  bundle: Bundle,
  recorded: Readonly<Record<string, string>> | undefined,
): Promise<DefinitionChange[]> {
  if (recorded === undefined) return [];
  return compareDefinitions(new Map(Object.entries(recorded)), await readRoles(session, bundle));
}

/** That others came or went, or are set up otherwise, is told: it is what happens every day. */
function isRoleChanged({ object, before, after }: DefinitionChange): boolean {
  return object.startsWith('role ') && before !== null && after !== null;
}

/** The owner's own privileges are the same whether they were once written down or not. */
function isChanged({ before, after }: DefinitionChange): boolean {
  return withoutOwnersDefault(before) !== withoutOwnersDefault(after);
}

function withoutOwnersDefault(definition: string | null): string | undefined {
  return definition?.replace(/(?<=\bprivileges) \{([^=,{}]+)=(?:arwdDxtm?|rwU|UC)\/\1\}/, '');
}

/** Empty where the server keeps no such times. */
async function readTimes(session: Session, objects: readonly string[]): Promise<ReadonlyMap<string, Date>> {
  if (objects.length === 0) return new Map();
  const { rows } = await session.query<{ object: string; at: Date | null }>(engineSql('change_times'), [
    objects,
  ]);
  return new Map(rows.flatMap(({ object, at }) => (at === null ? [] : [[object, at] as const])));
}

/** A body may leave out the schema: the name alone will do. */
function createTableFinder(tables: readonly string[]): (text: string) => boolean {
  const names = tables.map((table) => escapePattern(table.split('.')[1] ?? table));
  const pattern = new RegExp(`(?<![\\w$])(?:${names.join('|')})(?![\\w$])`);
  return (text) => pattern.test(text);
}
