/** A database → its rows, as statements that insert them. */
import { quoteIdentifier } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import { listOf, type Table } from './there.js';

/** In the order of the tables. Of an account, nothing that says who it is. */
export async function listInserts(session: Session, tables: readonly Table[]): Promise<string[]> {
  const statements: string[] = [];
  for (const { name, quoted, columns } of tables) {
    const isAccount = name === 'auth.users';
    const written = columns
      .filter((column) =>
        isAccount ? ['id', 'aud', 'role'].includes(column.name) : !column.isGenerated || column.isNumbered,
      )
      .map((column) => column.name);
    if (written.length === 0) continue;
    const values = written
      .map((column) => `coalesce(pg_catalog.quote_literal(${quoteIdentifier(column)}::text), 'null')`)
      .join(` || ', ' || `);
    const { rows } = await session.query<{ values: string }>(
      `select ${values} as values from only ${quoted}`,
    );
    const into = `insert into ${quoted} (${listOf(written)}) overriding system value`;
    const unlessThere = isAccount ? ' on conflict do nothing' : '';
    statements.push(...rows.map((row) => `${into}\nvalues (${row.values})${unlessThere}`));
  }
  return statements;
}
