/** A Supabase project → what its triggers on accounts ask of the metadata that somebody signs up with. */
import type { Session } from '../database/with-session.js';

/** The keys that they name; null: none of them looks at it. */
export async function readMetadata(session: Session): Promise<readonly string[] | null> {
  const { rows } = await session.query<{ source: string }>(
    `select p.prosrc as source
     from pg_catalog.pg_trigger as t
     inner join pg_catalog.pg_proc as p on p.oid = t.tgfoid
     where t.tgrelid = pg_catalog.to_regclass('auth.users') and not t.tgisinternal and p.prosrc ~* 'raw_user_meta_data'
     order by t.tgname`,
  );
  if (rows.length === 0) return null;
  const named = rows.flatMap(({ source }) => [
    ...source.matchAll(/raw_user_meta_data"?\)?\s*(?:->>?|\?)\s*'(\w+)'/gi),
  ]);
  return [...new Set(named.map(([, key = '']) => key))];
}
