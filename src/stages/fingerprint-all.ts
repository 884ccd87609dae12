/** A database → a digest of each of its objects, those too of which definitions say nothing: operators, settings, memberships and the like. */
import { createHash } from 'node:crypto';
import { readNamedRoles } from '../copying/read-roles.js';
import { type Fingerprint, fingerprintCatalog } from '../database/fingerprint.js';
import type { Session } from '../database/with-session.js';
import { readEntries } from './preservation/read-entries.js';
import { nameOf, readObjects } from './preservation/read-objects.js';

/**
 * What may hold a password has one digest for all of it, of which nobody finds out one value by trying. Roles belong to the
 * server: those count that something in the database names.
 */
export async function fingerprintAll(session: Session): Promise<Fingerprint> {
  const named = [...(await readNamedRoles(session)), await readOwnRole(session)];
  const said = new Map<string, string[]>();
  const add = (name: string, text: string) =>
    said.set(beside + name, [...(said.get(beside + name) ?? []), text]);
  for (const object of await readObjects(session)) {
    if (object.roles !== null && !object.roles.some((role) => named.includes(role))) continue;
    if (object.kind === 'setting') add(secretive, `${object.name} ${object.written}`);
    else add(nameOf(object), object.written);
  }
  for (const { catalog, key, label, said: values } of await readEntries(session)) {
    const text = JSON.stringify(values);
    if (mayHoldPasswords.includes(catalog)) add(secretive, `${key} ${text}`);
    else add(label, text);
  }
  return new Map([
    ...(await fingerprintCatalog(session)),
    ...[...said].map(([name, texts]) => [name, digest(texts)] as const),
  ]);
}

/** Objects that differ, by their names: what the catalogs say beside the definitions is told where those are the same. */
export function nameChanged(differing: readonly string[]): string[] {
  const defined = differing.filter((name) => !name.startsWith(beside));
  return defined.length > 0 ? defined : differing.map((name) => name.slice(beside.length));
}

const beside = 'beside the definitions: ';

const secretive = 'settings or user mappings or subscriptions';
const mayHoldPasswords = ['pg_user_mapping', 'pg_subscription'];

async function readOwnRole(session: Session): Promise<string> {
  const { rows } = await session.query<{ name: string }>('select current_user::text as name');
  return rows[0]?.name ?? '';
}

/** In whatever order they are told. */
function digest(texts: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...texts].sort()))
    .digest('hex')
    .slice(0, 32);
}
