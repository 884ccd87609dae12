/** The tables in which rows are noted → what tells that nobody but the engine has written into them. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';

/** They are the deployer's, as whom the sections run. */
export async function readSeal(session: Session): Promise<string> {
  const { rows } = await session.query<{ seal: string }>(engineSql('seal'));
  return rows[0]?.seal ?? '';
}
