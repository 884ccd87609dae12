/** A database → what the roles of the fix's tables may do beside what is granted there, as a deployment records it and `verify` looks again. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { Bundle } from '../../model.js';

/** Object → its definition, as `readDefinitions` gives them: `role app`, `membership of eve in staff`, `settings of role app`. */
export async function readRoles(
  session: Session,
  { tables, actors }: Pick<Bundle, 'tables' | 'actors'>,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await session.query<{ object: string; definition: string }>(engineSql('role_rights'), [
    tables,
    actors.map(({ role }) => role),
  ]);
  return new Map(rows.map(({ object, definition }) => [object, definition]));
}
