/** PL/pgSQL that is carried out once, with something given → what it answers. */
import type pg from 'pg';
import { quoteLiteral } from './quote.js';
import type { Session } from './with-session.js';

export interface Block {
  /** Ends each declaration with a semicolon. */
  readonly variables: string;
  /** Reads `given` (jsonb), and appends to `answers` (jsonb[]). */
  readonly body: string;
}

/**
 * A function would do the same, but Postgres keeps what it planned for one until the session ends, also where the function was
 * dropped, and goes through all plans that it keeps at each change of the catalog: after some hundred functions that took most of the
 * time of a rehearsal. What a block planned goes with it. For an open transaction: two settings of the block's own remain in it, empty or not.
 */
export async function runBlock<T>(
  session: Session,
  { variables, body }: Block,
  given: unknown,
): Promise<readonly T[]> {
  await session.query("select pg_catalog.set_config('schema_fix_block.given', $1, true)", [
    JSON.stringify(given),
  ]);
  const results: unknown = await session.query(`do ${quoteLiteral(`
#variable_conflict use_column
declare
    given jsonb := pg_catalog.current_setting('schema_fix_block.given');
    answers jsonb[] := '{}';
${variables}
begin
    -- Whatever the block calls does not see it.
    perform pg_catalog.set_config('schema_fix_block.given', '', true);
${body}
    perform pg_catalog.set_config('schema_fix_block.answers', pg_catalog.to_jsonb(answers)::text, true);
end
`)};
select pg_catalog.current_setting('schema_fix_block.answers')::pg_catalog.jsonb as answers`);
  const [, answered] = results as readonly [pg.QueryResult, pg.QueryResult<{ answers: readonly T[] }>];
  return answered.rows[0]?.answers ?? [];
}
