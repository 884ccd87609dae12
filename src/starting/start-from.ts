/** Somebody's database, dump or migrations → the files of a bundle that begins where they are. */

import { readNamedRoles } from '../copying/read-roles.js';
import { isOfSupabase } from '../copying/with-copy.js';
import { quoteIdentifier } from '../database/quote.js';
import { runFile } from '../database/run-file.js';
import type { ThrowawayDatabases } from '../database/throwaway-databases.js';
import { withBuilder } from '../database/with-builder.js';
import { type Session, withSession } from '../database/with-session.js';
import { withRollback } from '../database/with-transaction.js';
import { UserError } from '../errors.js';
import { hostSchemas, isHostRole } from '../loading/host.js';
import { loadFiles } from '../loading/load-files.js';
import type { Platform, State } from '../model.js';
import type { ConnectionSettings } from '../postgres/connection.js';
import { findOwners } from './find-owners.js';
import { type Asker, findScenario } from './find-scenario.js';
import { makeRow, type RowMaker } from './insert-rows.js';
import { readTables } from './read-tables.js';
import { isDormant, isNameable, people, type Row, type Table } from './there.js';
import { readSchema, type Schema, tryStatements } from './write-state.js';
import {
  accountsOfPeople,
  type Plan,
  writeKeyCheck,
  writeKeys,
  writeManifest,
  writePlatform,
  writePolicies,
  writeRules,
  writeSecurityCheck,
} from './write-texts.js';

export interface StartRequest {
  readonly before: State;
  readonly platform: Platform;
  readonly title: string | null;
  /** `schema.name`; null: all that a manifest can name. */
  readonly tables: readonly string[] | null;
  readonly owner: string | null;
  /** Whether the rows that were loaded are written into the state; otherwise some are made up. */
  readonly keepsRows: boolean;
}

export interface Start {
  /** For each way of saying who reaches what, the most telling first: the files, by name. */
  readonly variants: readonly ReadonlyMap<string, string>[];
  readonly tables: readonly string[];
  /** What the user should know. */
  readonly notes: readonly string[];
}

export async function startFrom(databases: ThrowawayDatabases, request: StartRequest): Promise<Start> {
  const { before, platform } = request;
  const deployer = platform.name === 'supabase' ? 'supabase_owner' : 'app_owner';
  const login = await databases.loginOf(deployer);
  const options = { platform: platform.name, owner: login.role };
  return databases.withRoles({ changes: true }, () =>
    databases.withDatabase(options, async (loaded) => {
      const { signal } = databases;
      const { problem, loading } = await loadFiles(loaded, before.before, {
        login,
        isStrict: false,
        fix: [],
        standIns: platform.standIns,
        signal,
      });
      if (problem !== null) {
        const place = [problem.path, problem.line].filter((part) => part !== null).join(':');
        throw new UserError(
          `before: ${place}: ${problem.message}${problem.advice === null ? '' : ` ${problem.advice}`}`,
        );
      }
      return withSession(loaded, async (session) => {
        const isSupabase = await isOfSupabase(session);
        const hosts = isSupabase ? [...hostSchemas] : [];
        const known = new Set([deployer, 'app_user']);
        const roles = (await readNamedRoles(session)).filter(
          (role) =>
            !known.has(role) &&
            !(isSupabase && isHostRole(role)) &&
            !/^pg_/.test(role) &&
            role !== 'postgres',
        );
        const all = await readTables(session, hosts);
        const schema = await databases.withDatabase(options, (other) =>
          withSession(other, (empty) =>
            readSchema(loaded as ConnectionSettings, empty, { isSupabase, signal }),
          ),
        );
        return databases.withDatabase(options, (trial) =>
          describe({ session, trial: trial as ConnectionSettings, databases, deployer }, request, {
            schema,
            all,
            roles,
            isSupabase,
            left: loading.leftOut.length,
          }),
        );
      });
    }),
  );
}

interface Places {
  /** A superuser's, to what was loaded. */
  readonly session: Session;
  readonly trial: ConnectionSettings;
  readonly databases: ThrowawayDatabases;
  readonly deployer: string;
}

interface Loaded {
  readonly schema: Schema;
  readonly all: readonly Table[];
  readonly roles: readonly string[];
  readonly isSupabase: boolean;
  readonly left: number;
}

async function describe(
  { session, trial, databases, deployer }: Places,
  request: StartRequest,
  { schema, all, roles, isSupabase, left }: Loaded,
): Promise<Start> {
  const { tables, unnamed } = chooseTables(all, request.tables);
  const owners = findOwners(all, { isSupabase, given: request.owner });
  const grantees = [...new Set(tables.flatMap((table) => table.grantees))].filter(
    (role) => role !== 'public',
  );
  const usersRole = isSupabase
    ? 'authenticated'
    : (grantees.find((role) => /^[a-z][a-z0-9_]*$/.test(role)) ?? 'app_user');
  const state: string[] = [];
  const unfilled: string[] = [];
  const rows = new Map<string, Row[]>();
  const refused: string[] = [];
  // An account of the host's has only what says who it is.
  const known = all.map((table) => (table.name === 'auth.users' ? { ...table, keys: [] } : table));
  const subjects = [people.ann, people.ben];
  const ownerColumns = new Map([...owners].map(([name, column]) => [name, { column, subjects }]));
  const maker = { tables: known, owners: ownerColumns };

  const login = await databases.builderFor(deployer);
  await withBuilder(trial, login, async (builder) => {
    await builder.query(`set role ${quoteIdentifier(deployer)}; begin; set local search_path = ''`);
    const early = await tryStatements(builder, schema.early);
    state.push(...early.kept.map((text) => `${text};\n`));
    if (isSupabase && known.some(({ name }) => name === 'auth.users')) {
      await builder.query(accountsOfPeople);
      state.push(`\n${accountsOfPeople}`);
      rows.set(
        'auth.users',
        subjects.map((id) => ({ statement: '', values: { id } })),
      );
    }
    if (request.keepsRows) {
      const copied = await tryStatements(builder, await listInserts(session, known));
      state.push('\n', ...copied.kept.map((text) => `${text};\n`));
      refused.push(...copied.refused);
    } else {
      // A sequence does not take back what an attempt took from it: once it is known what is taken, all begins again.
      const accounts = new Map(rows);
      const taken = new Map<string, readonly number[]>();
      await builder.query('savepoint attempts');
      await makeRows(builder, tables, { ...maker, rows, taken, isKeyGiven: false });
      await builder.query('rollback to savepoint attempts');
      await restartSequences(builder);
      rows.clear();
      for (const [name, known] of accounts) rows.set(name, known);
      unfilled.push(...(await makeRows(builder, tables, { ...maker, rows, taken, isKeyGiven: false })));
      const made = [...rows.values()].flat().filter(({ statement }) => statement !== '');
      state.push('\n', ...inOrder(made, rows, known).map(({ statement }) => `${statement};\n`), '\n');
    }
    const late = await tryStatements(builder, schema.late);
    state.push(...late.kept.map((text) => `${text};\n`));
    refused.push(...early.refused, ...late.refused);
    await builder.query('commit');
  });

  const newKeys = findKeys(tables);
  const owned = new Map(
    tables.flatMap(({ name, hasRowSecurity, policies, grantees }) => {
      const column = owners.get(name);
      const isOpen = !hasRowSecurity && policies === 0 && grantees.length > 0;
      return column !== undefined && isOpen && (rows.get(name)?.length ?? 0) > 0
        ? [[name, column] as const]
        : [];
    }),
  );
  const plan: Plan = {
    title:
      request.title ??
      `Keys and row level security of ${tables.length === 1 ? tables[0]?.name : `${tables.length} tables`}`,
    isSupabase,
    roles:
      !isSupabase && state.some((text) => /\bapp_user\b/.test(text))
        ? [...new Set([...roles, 'app_user'])]
        : roles,
    usersRole,
    tables,
    newKeys,
    owned,
    rules: 'own and as before',
    subjects: subjectsOf(owned, rows),
  };
  const ways: Plan['rules'][] =
    owned.size > 0 ? ['own and as before', 'as before', 'none'] : ['as before', 'none'];
  const variants: ReadonlyMap<string, string>[] = [];
  for (const rules of ways) {
    const one = { ...plan, rules, ...(rules === 'own and as before' ? {} : { owned: new Map() }) };
    const written = await withSession(trial, (superuser) =>
      withRollback(superuser, async () => {
        for (const text of [writeKeys(one), writePolicies(one)]) {
          await superuser.query(`set local role ${quoteIdentifier(deployer)}`);
          await runFile(superuser, { path: 'sections', text });
          await superuser.query('reset role');
        }
        return findScenario(superuser, tables, {
          maker,
          askers: askersOf(one),
          keyOf: (table) => keyOf(table, newKeys),
          beforehand: rows.has('auth.users') ? accountsOfPeople : '',
          deployer,
        });
      }),
    );
    variants.push(writeFiles(one, state.join(''), written));
  }
  return {
    variants,
    tables: tables.map(({ name }) => name),
    notes: [
      ...say(
        'Not named in bundle.yml, because the name is not in lower case letters, digits and _, or there is no column',
        unnamed,
      ),
      ...say('No row could be made up for', unfilled),
      ...say(
        'No primary key, and no column that is surely one: decide what tells the rows of these apart',
        tables
          .filter(({ name, primaryKey }) => primaryKey.length === 0 && !newKeys.has(name))
          .map(({ name }) => name),
      ),
      ...say(
        'Row level security is off and there are policies, which would speak if it were on: decide, and switch it on in sections/02',
        tables.filter(isDormant).map(({ name }) => name),
      ),
      ...say('Left out of the state', [...schema.missing, ...refused]),
      ...(left > 0
        ? [
            `Of what was given, ${left === 1 ? '1 statement was' : `${left} statements were`} left out: schema-fix rehearse --before lists them.`,
          ]
        : []),
    ],
  };
}

/** Returns the tables that took none, and why. */
async function makeRows(session: Session, tables: readonly Table[], maker: RowMaker): Promise<string[]> {
  const unfilled: string[] = [];
  for (const table of tables) {
    for (const number of [1, 2]) {
      if ((maker.rows.get(table.name)?.length ?? 0) >= number) continue;
      const reason = await makeRow(session, table, number, maker);
      if (reason !== null && number === 1) unfilled.push(`${table.name} (${reason})`);
    }
  }
  return unfilled;
}

async function restartSequences(session: Session): Promise<void> {
  const { rows } = await session.query<{ restart: string }>(
    `select pg_catalog.format('alter sequence %I.%I restart', n.nspname, c.relname) as restart
     from pg_catalog.pg_class as c
     inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where c.relkind = 'S' and pg_catalog.pg_has_role(c.relowner, 'usage')`,
  );
  for (const { restart } of rows) await session.query(restart);
}

function say(what: string, items: readonly string[]): string[] {
  const most = 10;
  const more = items.length > most ? ` and ${items.length - most} more` : '';
  return items.length === 0 ? [] : [`${what}: ${items.slice(0, most).join('; ')}${more}.`];
}

/** Throws a UserError for one that is not there. */
function chooseTables(
  all: readonly Table[],
  wanted: readonly string[] | null,
): { tables: Table[]; unnamed: string[] } {
  const own = all.filter(({ name, isPartition }) => !isPartition && name !== 'auth.users');
  const chosen = wanted === null ? own : own.filter(({ name }) => wanted.includes(name));
  const absent = wanted?.filter((name) => !own.some((table) => table.name === name)) ?? [];
  if (absent.length > 0) {
    const there = own
      .map(({ name }) => name)
      .slice(0, 20)
      .join(', ');
    throw new UserError(
      `table: ${absent.join(', ')} is not in what was read. There are ${there || 'no tables'}.`,
    );
  }
  const tables = chosen.filter(isNameable);
  if (tables.length === 0) {
    throw new UserError(
      'before: there is no table that a bundle can be about: schema.name, in lower case. Name a file or database that holds some.',
    );
  }
  return { tables, unnamed: chosen.filter((table) => !isNameable(table)).map(({ name }) => name) };
}

/** A column without nulls that is unique already, or is called as keys are. */
function findKeys(tables: readonly Table[]): Map<string, readonly string[]> {
  const found = tables.flatMap(({ name, primaryKey, unique, columns }): [string, readonly string[]][] => {
    if (primaryKey.length > 0) return [];
    const isRequired = (one: string) => columns.some((column) => column.name === one && column.isRequired);
    const key = unique.find((index) => index.columns.length > 0 && index.columns.every(isRequired));
    if (key !== undefined) return [[name, key.columns]];
    return isRequired('id') ? [[name, ['id']]] : [];
  });
  return new Map(found);
}

/** What the application calls the two whose rows were made up. */
function subjectsOf(
  owned: ReadonlyMap<string, string>,
  rows: ReadonlyMap<string, readonly Row[]>,
): [string, string] {
  for (const [table, column] of owned) {
    const found = [...new Set((rows.get(table) ?? []).flatMap(({ values }) => values[column] ?? []))];
    if (found.length > 0) return [found[0] ?? people.ann, found[1] ?? people.ben];
  }
  return [people.ann, people.ben];
}

/** Where there is none, a column by which a row that was made up is told from others. */
function keyOf(table: Table, newKeys: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const key = table.primaryKey.length > 0 ? table.primaryKey : newKeys.get(table.name);
  if (key !== undefined) return key;
  const told = table.columns.find(
    ({ type, isGenerated }) => !isGenerated && /^(uuid|text|bigint|integer)$/.test(type),
  );
  return told === undefined ? [] : [told.name];
}

function askersOf({ usersRole, subjects, isSupabase }: Plan): Asker[] {
  return [
    { name: 'ann', role: usersRole, claims: { sub: subjects[0] } },
    { name: 'ben', role: usersRole, claims: { sub: subjects[1] } },
    ...(isSupabase ? [{ name: 'visitor', role: 'anon', claims: {} }] : []),
  ];
}

/** As they were made: what is keyed to another comes after it. */
function inOrder(
  made: readonly Row[],
  rows: ReadonlyMap<string, readonly Row[]>,
  tables: readonly Table[],
): Row[] {
  const order: string[] = [];
  const visit = (name: string, above: readonly string[]) => {
    if (order.includes(name) || above.includes(name)) return;
    for (const { parent } of tables.find((table) => table.name === name)?.keys ?? [])
      visit(parent, [...above, name]);
    order.push(name);
  };
  for (const name of rows.keys()) visit(name, []);
  return order.flatMap((name) => (rows.get(name) ?? []).filter((row) => made.includes(row)));
}

/** Every row that was loaded, as statements. */
async function listInserts(session: Session, tables: readonly Table[]): Promise<string[]> {
  const statements: string[] = [];
  const order: Table[] = [];
  const visit = (table: Table, above: readonly string[]) => {
    if (order.includes(table) || above.includes(table.name)) return;
    for (const { parent } of table.keys) {
      const over = tables.find(({ name }) => name === parent);
      if (over !== undefined) visit(over, [...above, table.name]);
    }
    order.push(table);
  };
  for (const table of tables) visit(table, []);
  for (const { name, quoted, columns } of order) {
    const written =
      name === 'auth.users'
        ? columns.filter((column) => ['id', 'aud', 'role'].includes(column.name))
        : columns.filter((column) => !column.isGenerated || column.isNumbered);
    if (written.length === 0) continue;
    const values = written
      .map((column) => `coalesce(pg_catalog.quote_literal(${quoteIdentifier(column.name)}::text), 'null')`)
      .join(` || ', ' || `);
    const { rows } = await session.query<{ values: string }>(
      `select ${values} as values from only ${quoted}`,
    );
    const into = `insert into ${quoted} (${written.map((column) => quoteIdentifier(column.name)).join(', ')}) overriding system value`;
    statements.push(
      ...rows.map(
        (row) => `${into}\nvalues (${row.values})${name === 'auth.users' ? ' on conflict do nothing' : ''}`,
      ),
    );
  }
  return statements;
}

function writeFiles(
  plan: Plan,
  state: string,
  written: { readonly setup: string; readonly scenario: string } | null,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    ['bundle.yml', writeManifest(plan)],
    ['sections/01_keys.sql', writeKeys(plan)],
    ['sections/02_row_level_security.sql', writePolicies(plan)],
    [
      'states/01_what_is_there.sql',
      `--! Title: What is there today\n\n-- The schema as it was read. Add rows that are broken in every way that you know of.\n${state}`,
    ],
    ...writeRules(plan),
  ]);
  if (plan.tables.some(({ name, primaryKey }) => primaryKey.length > 0 || plan.newKeys.has(name)))
    files.set('checks/01_primary_key.sql', writeKeyCheck(plan));
  if (!plan.tables.every(isDormant)) files.set('checks/02_row_level_security.sql', writeSecurityCheck(plan));
  if (!plan.isSupabase || plan.roles.length > 0)
    files.set(`platforms/${plan.isSupabase ? 'project' : 'app'}.sql`, writePlatform(plan));
  if (written !== null) {
    files.set('scenarios/01_who_reaches_it.sql', written.scenario);
    if (written.setup !== '') files.set('scenarios/setup.sql', written.setup);
  }
  return files;
}
