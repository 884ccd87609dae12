/** Work on all rows of tables, during which every value has one text, whatever the database, the role or a section has set. */
import type { Session } from '../../database/with-session.js';

const settings = {
  datestyle: 'ISO, MDY',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  xmlbinary: 'base64',
  quote_all_identifiers: 'off',
  lc_monetary: 'C',
  // Nobody has counted what was noted, and a planner that takes it for a few rows compares each with each.
  enable_nestloop: 'off',
  // All rows of tables are sorted and summed while others wait.
  work_mem: '64MB',
};

/** Within the open transaction. What was set before is set again afterwards: a section is to find what its author knows. */
export async function withPlainText<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const names = Object.keys(settings);
  const { rows } = await session.query<{ name: string; value: string }>(
    `select name, pg_catalog.current_setting(name) as value from pg_catalog.unnest($1::text[]) as name`,
    [names],
  );
  await set(session, Object.entries(settings));
  const result = await work();
  await set(
    session,
    rows.map(({ name, value }) => [name, value]),
  );
  return result;
}

async function set(session: Session, values: readonly (readonly [string, string])[]): Promise<void> {
  await session.query(
    'select pg_catalog.set_config(name, value, true) from unnest($1::text[], $2::text[]) as s (name, value)',
    [values.map(([name]) => name), values.map(([, value]) => value)],
  );
}
