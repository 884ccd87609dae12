/** Whether the rows of others that hang on ours are still there, or in quarantine together with what they hung on. */
import type { Session } from '../../../src/database/with-session.js';
import type { LegacyDatabase } from './legacy-database.js';
import { hangingTables } from './surrounding-tables.js';

export async function judgeHanging(session: Session, database: LegacyDatabase): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, table, count } of hangingTables) {
    if (!database.surroundings.includes(name)) continue;
    const wanted = count(database);
    const { rows } = await session.query<{ here: number; aside: number }>(
      `select
          (select count(*)::integer from public.${table}) as here,
          (select count(*)::integer from chat_quarantine.rows where source_table = 'public.${table}') as aside`,
    );
    const { here = 0, aside = 0 } = rows[0] ?? {};
    if (here + aside !== wanted.all)
      problems.push(`${table}: ${here + aside} of ${wanted.all} rows are left`);
    if (here < wanted.staying) problems.push(`${table}: ${here} of ${wanted.staying} rows stayed`);
  }
  return problems;
}
