/** A database → what its catalogs tell at one time; of two times, what of it others have not done to the server meanwhile. */
import type { Session } from '../../database/with-session.js';
import { type CatalogEntry, readEntries } from './read-entries.js';
import { type DatabaseObject, readObjects, readUses, type Uses } from './read-objects.js';
import { countServerWrites, mayBeOurs, type ServerWrites } from './server-writes.js';

export interface CatalogNotes {
  readonly objects: readonly DatabaseObject[];
  readonly uses: Uses;
  readonly entries: readonly CatalogEntry[];
  /** By this transaction, until then. */
  readonly serverWrites: ServerWrites;
}

export async function readCatalogs(session: Session): Promise<CatalogNotes> {
  return {
    objects: await readObjects(session),
    uses: await readUses(session),
    entries: await readEntries(session),
    serverWrites: await countServerWrites(session),
  };
}

interface BeforeAndAfter<T> {
  readonly before: T;
  readonly after: T;
}

export interface OurCatalogs {
  readonly objects: BeforeAndAfter<readonly DatabaseObject[]>;
  readonly uses: BeforeAndAfter<Uses>;
  readonly entries: BeforeAndAfter<readonly CatalogEntry[]>;
  /** Passwords are shown to nobody: roles were written more often than what is shown of them differs. */
  readonly hasHiddenRoleWrites: boolean;
  /** So are, to others, the options of user mappings. */
  readonly hasHiddenMappingWrites: boolean;
}

/** Both in one transaction. */
export function withoutOthersDoing(before: CatalogNotes, after: CatalogNotes): OurCatalogs {
  const isOurs = (kind: string) => mayBeOurs(kind, before.serverWrites, after.serverWrites);
  const written = (kind: string) =>
    Number(after.serverWrites.get(kind) ?? 0) - Number(before.serverWrites.get(kind) ?? 0);
  const ofKinds = ({ objects }: CatalogNotes) => objects.filter(({ kind }) => isOurs(kind));
  const ofCatalogs = ({ entries }: CatalogNotes) => entries.filter(({ catalog }) => isOurs(catalog));
  const [then, now] = [ofKinds(before), ofKinds(after)];
  return {
    objects: { before: isOurs('role') ? then : withoutRolesGone(then, after.objects), after: now },
    uses: { before: before.uses, after: after.uses },
    entries: { before: ofCatalogs(before), after: ofCatalogs(after) },
    hasHiddenRoleWrites: written('role that was there') > countRewritten(then, now),
    hasHiddenMappingWrites:
      written('user mapping') >
      countDiffering(before.entries.filter(isMapping), after.entries.filter(isMapping)),
  };
}

const isMapping = ({ catalog }: CatalogEntry): boolean => catalog === 'pg_user_mapping';

/** What came, what went, and what is otherwise. */
function countDiffering(before: readonly CatalogEntry[], after: readonly CatalogEntry[]): number {
  const known = new Map(before.map((entry) => [entry.key, JSON.stringify(entry.said)]));
  const now = new Set(after.map(({ key }) => key));
  return (
    after.filter(({ key, said }) => known.get(key) !== JSON.stringify(said)).length +
    before.filter(({ key }) => !now.has(key)).length
  );
}

/** A role that others have dropped takes the next number of nothing. */
function withoutRolesGone(
  objects: readonly DatabaseObject[],
  after: readonly DatabaseObject[],
): DatabaseObject[] {
  const roles = new Set(after.flatMap(({ kind, name }) => (kind === 'role' ? [name] : [])));
  return objects.filter(({ kind, role }) => kind !== 'next number' || roles.has(role ?? ''));
}

/** Roles that are there still and otherwise, and those that may have another name. */
function countRewritten(before: readonly DatabaseObject[], after: readonly DatabaseObject[]): number {
  const rolesOf = (objects: readonly DatabaseObject[]) =>
    new Map(objects.flatMap(({ kind, name, written }) => (kind === 'role' ? [[name, written]] : [])));
  const [then, now] = [rolesOf(before), rolesOf(after)];
  const gone = [...then.keys()].filter((name) => !now.has(name)).length;
  const isNew = (name: string) => !then.has(name);
  const differing = [...now].filter(([name, written]) => !isNew(name) && then.get(name) !== written).length;
  return differing + Math.min(gone, [...now.keys()].filter(isNew).length);
}
