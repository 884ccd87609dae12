/** SQL that was put together → a query that Postgres refuses where it is several statements. */
import type pg from 'pg';

/** The types of `pg` do not know the setting. */
export function oneStatement(text: string): pg.QueryConfig & { readonly queryMode: 'extended' } {
  return { text, queryMode: 'extended' };
}
