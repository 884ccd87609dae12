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
  /** Passwords are shown to nobody: a role was written, and nothing that is shown of the roles differs. */
  readonly hasHiddenRoleWrites: boolean;
}

/** Both in one transaction. */
export function withoutOthersDoing(before: CatalogNotes, after: CatalogNotes): OurCatalogs {
  const isOurs = (kind: string) => mayBeOurs(kind, before.serverWrites, after.serverWrites);
  const ofKinds = ({ objects }: CatalogNotes) => objects.filter(({ kind }) => isOurs(kind));
  const ofCatalogs = ({ entries }: CatalogNotes) => entries.filter(({ catalog }) => isOurs(catalog));
  const [then, now] = [ofKinds(before), ofKinds(after)];
  return {
    objects: { before: isOurs('role') ? then : withoutRolesGone(then, after.objects), after: now },
    uses: { before: before.uses, after: after.uses },
    entries: { before: ofCatalogs(before), after: ofCatalogs(after) },
    hasHiddenRoleWrites:
      isOurs('role that was there') && describeRoles(then, now) === describeRoles(now, then),
  };
}

/** A role that others have dropped takes the next number of nothing. */
function withoutRolesGone(
  objects: readonly DatabaseObject[],
  after: readonly DatabaseObject[],
): DatabaseObject[] {
  const roles = new Set(after.flatMap(({ kind, name }) => (kind === 'role' ? [name] : [])));
  return objects.filter(({ kind, role }) => kind !== 'next number' || roles.has(role ?? ''));
}

/** Those that the others have, too: one that is new says nothing of another. */
function describeRoles(objects: readonly DatabaseObject[], others: readonly DatabaseObject[]): string {
  const known = new Set(others.flatMap(({ kind, name }) => (kind === 'role' ? [name] : [])));
  return objects
    .flatMap(({ kind, name, written }) => (kind === 'role' && known.has(name) ? [`${name} ${written}`] : []))
    .sort()
    .join('\n');
}
