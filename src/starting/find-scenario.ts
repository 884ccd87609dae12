/** A database after the fix → what its users do and are refused there, as a scenario. */
import { quoteIdentifier, quoteLiteral } from '../database/quote.js';
import { runFile } from '../database/run-file.js';
import { type Session, withSession } from '../database/with-session.js';
import { withRollback, withSavepointRollback } from '../database/with-transaction.js';
import type { Actor } from '../model.js';
import type { ConnectionSettings } from '../postgres/connection.js';
import { makeRow, type RowsAskedFor } from './insert-rows.js';
import { keyOf, type Plan, usersOf } from './plan.js';
import { infiniteRecursion, readAs } from './read-as.js';
import type { Row, Table } from './there.js';
import { writeSections } from './write-sections.js';

export interface Written {
  /** Empty: nothing has to be there before. */
  readonly setup: string;
  readonly scenario: string;
}

export interface ScenarioRequest {
  readonly maker: RowsAskedFor;
  /** Begins the setup; empty: nothing does. */
  readonly accounts: string;
}

/** So that no row of anybody's has it. */
const number = 30_007;

/** Of the first table that will do; null: none takes a row that can be told by its key. The database is one with the state built in it. */
export async function findScenario(
  connection: ConnectionSettings,
  plan: Plan,
  request: ScenarioRequest,
): Promise<Written | null> {
  return withSession(connection, (superuser) =>
    withRollback(superuser, async () => {
      await superuser.query(`set local role ${quoteIdentifier(plan.deployer)}`);
      for (const [path, text] of writeSections(plan)) await runFile(superuser, { path, text });
      for (const attempt of [tryTable, tryRowOfState, tryRecursion]) {
        for (const table of plan.tables) {
          const key = tellingColumns(plan, table);
          if (key.length === 0) continue;
          const written = await withSavepointRollback(superuser, () =>
            attempt(superuser, { ...table, primaryKey: key }, plan, request),
          );
          if (written !== null) return written;
        }
      }
      return null;
    }),
  );
}

/** Its key; where there is none, a column by which a row that was made up is told from others. */
function tellingColumns(plan: Plan, table: Table): readonly string[] {
  const key = keyOf(plan, table);
  if (key.length > 0) return key;
  const told = table.columns.find(
    ({ type, isGenerated }) => !isGenerated && /^(uuid|text|bigint|integer)$/.test(type),
  );
  return told === undefined ? [] : [told.name];
}

/** As the deployer. */
async function tryTable(
  session: Session,
  table: Table,
  plan: Plan,
  { maker, accounts }: ScenarioRequest,
): Promise<Written | null> {
  const rows = new Map<string, readonly Row[]>();
  const made: Row[] = [];
  const refusal = await makeRow(session, table, number, {
    ...maker,
    rows,
    made,
    taken: new Map(),
    isKeyGiven: true,
  });
  const row = rows.get(table.name)?.at(-1);
  if (refusal !== null || row === undefined) return null;
  const condition = table.primaryKey
    .map((name) => `${quoteIdentifier(name)} = ${quoteLiteral(row.values[name] ?? '').trim()}`)
    .join(' and ');
  const steps = await writeSteps(session, `select 1 from ${table.quoted} where ${condition};`, plan);
  if (steps === null) return null;
  const parents = made.filter((one) => one !== row);
  const setup = [
    accounts,
    ...parents.map(({ statement }) => `${statement}\non conflict do nothing;\n`),
  ].filter(Boolean);
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

${steps}`,
  };
}

/** Of somebody for whom a trigger on accounts makes a row, so that none can be inserted: a profile. */
async function tryRowOfState(
  session: Session,
  table: Table,
  plan: Plan,
  { accounts }: ScenarioRequest,
): Promise<Written | null> {
  const [key, ...others] = table.primaryKey;
  const ann = usersOf(plan)[0]?.subject;
  const isUuid = table.columns.some(({ name, type }) => name === key && type === 'uuid');
  if (accounts === '' || key === undefined || others.length > 0 || !isUuid || ann == null) return null;
  const select = `select 1 from ${table.quoted} where ${quoteIdentifier(key)} = ${quoteLiteral(ann).trim()};`;
  const { rows } = await session.query(select);
  if (rows.length !== 1) return null;
  const steps = await writeSteps(session, select, plan);
  return steps === null
    ? null
    : {
        setup: `--! Title: Who the scenarios speak of\n\n${accounts}`,
        scenario: `--! Title: Who reaches the row of ann in ${table.name}

--! Step: there is one
--! As: deployer
--! Expect: rows 1
${select}

${steps}`,
      };
}

/** Where nobody reads anything: what is to be repaired, as it is. */
async function tryRecursion(session: Session, table: Table, plan: Plan): Promise<Written | null> {
  const select = `select 1 from ${table.quoted} limit 1;`;
  const [ann] = usersOf(plan);
  if (ann === undefined) return null;
  const found = await readAs(session, ann, select);
  if (typeof found === 'number' || found.code !== infiniteRecursion) return null;
  return {
    setup: '',
    scenario: `--! Title: Who reads ${table.name}

-- Today nobody does: its policies ask each other for ever. Once they are repaired, expect rows, and say who is refused.

--! Step: ann gets an error
--! As: ann
--! Expect: error ${infiniteRecursion}
${select}
`,
  };
}

/** A step for each of the users; null where one of them gets an error that says nothing of who may read it. */
async function writeSteps(session: Session, select: string, plan: Plan): Promise<string | null> {
  const steps: string[] = [];
  for (const user of usersOf(plan)) {
    const expected = await ask(session, select, user);
    if (expected === null) return null;
    const title = `${user.name} ${expected === 'refused' ? 'does not reach it' : 'reads it'}`;
    steps.push(`--! Step: ${title}\n--! As: ${user.name}\n--! Expect: ${expected}\n${select}\n`);
  }
  return steps.join('\n');
}

/** What a step that reads the row is to expect; null: an error that says nothing of who may read it. */
async function ask(session: Session, select: string, user: Actor): Promise<string | null> {
  const found = await readAs(session, user, select);
  if (typeof found === 'number') return found === 1 ? 'rows 1' : 'refused';
  return found.code === '42501' ? 'refused' : null;
}
