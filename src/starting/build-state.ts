/** A schema, and rows that were copied or made up → a state, built on a database as whoever rehearses it builds it. */
import { isForeignKey } from '../copying/write-script.js';
import { quoteIdentifier } from '../database/quote.js';
import type { Login } from '../database/throwaway-logins.js';
import { withBuilder } from '../database/with-builder.js';
import type { Session } from '../database/with-session.js';
import { mayAskHost } from '../loading/ask-host.js';
import { withHost } from '../loading/with-host.js';
import type { ConnectionSettings } from '../postgres/connection.js';
import type { CopiedRows } from './copy-rows.js';
import type { RowsAskedFor } from './insert-rows.js';
import { makeRows } from './make-rows.js';
import { accountsOfPeople, people } from './people.js';
import type { Schema } from './read-schema.js';
import type { Row, Table, Unfilled } from './there.js';
import { sayRefused, type Tried, tryInAnyOrder, tryStatements } from './try-statements.js';

export interface StateRequest {
  readonly schema: Schema;
  /** Those that rows are made up for. */
  readonly tables: readonly Table[];
  readonly maker: RowsAskedFor;
  /** Whether the people of made-up rows have accounts of the host's. */
  readonly hasAccounts: boolean;
  /** What the project's triggers on accounts ask for; null: nothing. */
  readonly metadata: readonly string[] | null;
  /** Those that were loaded; null: some are made up. */
  readonly copied: CopiedRows | null;
  readonly deployer: string;
}

export interface BuiltState {
  readonly text: string;
  /** By table, those that were made up, and the accounts. */
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  /** The tables for which no row could be made up, and why. */
  readonly unfilled: readonly Unfilled[];
  /** What Postgres did not take, and why. */
  readonly refused: readonly string[];
}

/** The database has the platform in it and nothing else; what is built stays there. */
export async function buildState(
  connection: ConnectionSettings,
  login: Login,
  request: StateRequest,
): Promise<BuiltState> {
  const { schema, hasAccounts, metadata, copied, deployer } = request;
  const accountsMade = hasAccounts ? accountsOfPeople(metadata) : '';
  // Rows that are there are keyed to each other in whatever way: as pg_dump has it, the keys are made when all are in.
  const isLast = (statement: string) => copied !== null && isForeignKey(statement);
  const build = async (builder: Session) => {
    await builder.query(`set role ${quoteIdentifier(deployer)}; begin; set local search_path = ''`);
    const early = await tryStatements(
      builder,
      schema.early.filter((statement) => !isLast(statement)),
    );
    if (accountsMade !== '') await builder.query(accountsMade);
    const filled = await fill(builder, request);
    const late = await tryStatements(builder, [
      ...schema.early.filter(isLast),
      ...schema.refreshes,
      ...schema.late,
    ]);
    await builder.query('commit');
    return {
      text: [toText(early.kept), accountsMade, toText(filled.kept), toText(late.kept)]
        .filter(Boolean)
        .join('\n'),
      rows: filled.rows,
      unfilled: filled.unfilled,
      refused: [...filled.refused, ...early.refused, ...late.refused].map(sayRefused),
    };
  };
  const isHosted = [...schema.early, ...schema.late].some((statement) => mayAskHost.test(statement));
  const run = () => withBuilder(connection, login, build);
  return isHosted ? withHost(connection, { deployer, standIns: [] }, run) : run();
}

interface Filled extends Tried, Pick<BuiltState, 'rows' | 'unfilled'> {}

async function fill(builder: Session, { tables, maker, hasAccounts, copied }: StateRequest): Promise<Filled> {
  const there = new Map(hasAccounts ? [['auth.users', accounts]] : []);
  if (copied !== null) return { ...(await fillWith(builder, copied)), rows: there, unfilled: [] };
  const { rows, made, unfilled } = await makeRows(builder, tables, { ...maker, there });
  return {
    kept: made.map(({ statement }) => statement),
    rows,
    unfilled,
    refused: [],
  };
}

/** What a check asks of another table's rows may be asked too early. */
async function fillWith(builder: Session, { inserts, positions }: CopiedRows): Promise<Tried> {
  const rows = await tryInAnyOrder(builder, inserts);
  const positioned = await tryStatements(builder, positions);
  return {
    kept: [...rows.kept, ...positioned.kept],
    refused: [...rows.refused, ...positioned.refused],
  };
}

/** One statement inserts both. */
const accounts: readonly Row[] = [people.ann, people.ben].map((id) => ({ statement: '', values: { id } }));

function toText(statements: readonly string[]): string {
  return statements.map((text) => `${text};\n`).join('');
}
