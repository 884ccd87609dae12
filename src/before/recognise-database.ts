/** The address of a database → what is to be copied of it, once it was seen that it can be reached. */
import type { BeforeFile, RowsOfBefore } from '../model.js';
import { parsePostgresUrl } from '../postgres/parse-postgres-url.js';
import { resolveConnection } from '../postgres/resolve-connection.js';

const setting = 'before';

/** Whatever else it may be: a mistyped one must not be shown as a path. */
export function isAddress(typed: string): boolean {
  return /^postgres(ql)?:/i.test(typed);
}

/** Throws a UserError, without the password, where it leads nowhere. */
export async function recogniseDatabase(address: string, rows: RowsOfBefore): Promise<BeforeFile> {
  const { host, port, database } = await resolveConnection(parsePostgresUrl(address, setting), setting);
  return { path: `${host}:${port}/${database}`, form: { kind: 'database', address, rows }, isDump: true };
}
