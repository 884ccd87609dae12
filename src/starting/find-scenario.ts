/** A database after the fix → what its users do and are refused there, as a scenario. */
import { isDatabaseError } from '../database/database-error.js';
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import type { Session } from '../database/with-session.js';
import { makeRow, type RowMaker } from './insert-rows.js';
import type { Row, Table } from './there.js';

export interface Asker {
  readonly name: string;
  readonly role: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface Written {
  readonly setup: string;
  readonly scenario: string;
}

/** So that no row of anybody's has it. */
const number = 30_007;

/** Null: no table takes a row that can be told by its key. In the open transaction of a superuser's, which the caller undoes. */
export async function findScenario(
  session: Session,
  tables: readonly Table[],
  {
    maker,
    askers,
    keyOf,
    beforehand,
    deployer,
  }: {
    readonly maker: Omit<RowMaker, 'rows' | 'taken' | 'isKeyGiven'>;
    readonly askers: readonly Asker[];
    readonly keyOf: (table: Table) => readonly string[];
    readonly beforehand: string;
    readonly deployer: string;
  },
): Promise<Written | null> {
  for (const table of tables) {
    const key = keyOf(table);
    if (key.length === 0) continue;
    await session.query('savepoint scenario');
    await session.query(`set local role ${quoteIdentifier(deployer)}`);
    const rows = new Map<string, Row[]>();
    const own = { ...table, primaryKey: key };
    const reason = await makeRow(session, own, number, {
      ...maker,
      rows,
      taken: new Map(),
      isKeyGiven: true,
    });
    const row = rows.get(table.name)?.at(-1);
    if (reason === null && row !== undefined) {
      const condition = key
        .map((name) => `${quoteIdentifier(name)} = ${quoteLiteral(row.values[name] ?? '').trim()}`)
        .join(' and ');
      const select = `select 1 from ${table.quoted} where ${condition};`;
      const steps: string[] = [];
      let isTelling = true;
      for (const asker of askers) {
        const expected = await ask(session, select, asker);
        if (expected === null) isTelling = false;
        else
          steps.push(
            `--! Step: ${asker.name} ${expected === 'refused' ? 'does not reach it' : 'reads it'}\n--! As: ${asker.name}\n--! Expect: ${expected}\n${select}\n`,
          );
      }
      const parents = [...rows].flatMap(([name, made]) => (name === table.name ? made.slice(0, -1) : made));
      const setup = [
        beforehand,
        ...parents.map(({ statement }) => `${statement}\non conflict do nothing;\n`),
      ].filter(Boolean);
      await session.query('reset role; rollback to savepoint scenario');
      if (!isTelling) continue;
      return {
        setup:
          setup.length === 0
            ? ''
            : `--! Title: What the rows of the scenarios are keyed to\n\n${setup.join('\n')}`,
        scenario: `--! Title: Who reaches a row of ${table.name}

--! Step: there is one
--! As: deployer
--! Expect: affected 1
${row.statement};

${steps.join('\n')}`,
      };
    }
    await session.query('reset role; rollback to savepoint scenario');
  }
  return null;
}

/** What a step that reads the row is to expect; null: an error that says nothing of who may read it. */
async function ask(session: Session, select: string, { role, claims }: Asker): Promise<string | null> {
  await session.query('savepoint asked');
  try {
    await session.query(
      `reset role; select pg_catalog.set_config('request.jwt.claims', ${quoteLiteral(JSON.stringify({ role, ...claims }))}, true); set local role ${quoteIdentifier(role)}`,
    );
    const { rows } = await session.query(select);
    return rows.length === 1 ? 'rows 1' : 'refused';
  } catch (error: unknown) {
    if (!isDatabaseError(error)) throw error;
    return error.code === '42501' ? 'refused' : null;
  } finally {
    await session.query('rollback to savepoint asked');
  }
}
