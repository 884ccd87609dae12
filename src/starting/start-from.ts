/** Somebody's database, dump or migrations → the files of a bundle that begins where they are. */
import { withLive } from '../copying/open-live.js';
import type { ThrowawayDatabases } from '../database/throwaway-databases.js';
import type { Login } from '../database/throwaway-logins.js';
import { withSession } from '../database/with-session.js';
import { UserError } from '../errors.js';
import { hostSchemas } from '../loading/host.js';
import { loadFiles } from '../loading/load-files.js';
import type { LeftOut, Platform, RowsOfBefore, State } from '../model.js';
import type { ConnectionSettings } from '../postgres/connection.js';
import { askForRows } from './ask-for-rows.js';
import { buildState } from './build-state.js';
import { chooseTables } from './choose-tables.js';
import { type CopiedRows, copyRows } from './copy-rows.js';
import { findOwners } from './find-owners.js';
import { findRecursion } from './find-recursion.js';
import { findScenario } from './find-scenario.js';
import { listOwnRoles } from './list-own-roles.js';
import { accountsOfPeopleIfAbsent } from './people.js';
import { planBundle, waysOf } from './plan.js';
import { readMetadata } from './read-metadata.js';
import { readSchema, type Schema } from './read-schema.js';
import { readTables } from './read-tables.js';
import { readTexts } from './read-texts.js';
import { sayNotes, sayWhoReaches } from './say-notes.js';
import { sayRecursion } from './say-recursion.js';
import type { Table } from './there.js';
import { writeFiles } from './write-files.js';

export interface StartRequest {
  readonly before: State;
  readonly platform: Platform;
  readonly title: string | null;
  /** `schema.name`; null: all that a manifest can name. */
  readonly tables: readonly string[] | null;
  readonly owner: string | null;
  /** Which of the rows that were loaded are written into the state; none: some are made up. */
  readonly rows: RowsOfBefore;
}

export interface Start {
  /** The ways of saying who reaches what, the most telling first. */
  readonly variants: readonly Variant[];
  readonly tables: readonly string[];
  /** Of tables that nobody can read as they are, and why: before all else. */
  readonly unreadable: readonly string[];
  /** What the user should know. */
  readonly notes: readonly string[];
}

export interface Variant {
  /** By name. */
  readonly files: ReadonlyMap<string, string>;
  /** What the user should know of this one. */
  readonly notes: readonly string[];
}

export async function startFrom(databases: ThrowawayDatabases, request: StartRequest): Promise<Start> {
  const { platform, rows } = request;
  const isSupabase = platform.name === 'supabase';
  const deployer = isSupabase ? 'supabase_owner' : 'app_owner';
  // Files are loaded by whom the host has for that; a bundle's deployer has the same name on every server.
  const login = await databases.loginOf(databases.deployerOf(platform.name) ?? deployer);
  const options = { platform: platform.name, owner: login.role };
  const ofHost = isSupabase ? [...hostSchemas] : [];
  return databases.withRoles({ changes: true }, () =>
    databases.withDatabase(options, async (loaded) => {
      const leftOut = await load(loaded, login, request, databases.signal);
      return withSession(loaded, async (session) => {
        const tables = await readTables(session, ofHost);
        const roles = await listOwnRoles(session, { isSupabase, deployer });
        const schema = await databases.withDatabase(options, (other) =>
          withSession(other, (empty) =>
            readSchema(loaded as ConnectionSettings, empty, {
              isSupabase,
              loadedBy: login.role,
              deployer,
              signal: databases.signal,
            }),
          ),
        );
        const copied =
          rows === 'none'
            ? null
            : await withLive(loaded as ConnectionSettings, databases.signal, (live) =>
                copyRows(live, { rows, hostSchemas: ofHost }),
              );
        const metadata = isSupabase ? await readMetadata(session) : null;
        const there = { copied, schema, tables, roles, metadata, isSupabase, leftOut };
        const builder = await databases.builderFor(deployer);
        return databases.withDatabase({ ...options, owner: deployer }, (trial) =>
          describe({ connection: trial as ConnectionSettings, builder, deployer }, there, request),
        );
      });
    }),
  );
}

/** Returns the statements that were left out. Throws a UserError for the first that fails. */
async function load(
  connection: Parameters<typeof loadFiles>[0],
  login: Login,
  { before, platform }: StartRequest,
  signal: AbortSignal,
): Promise<readonly LeftOut[]> {
  const { problem, loading } = await loadFiles(connection, before.before, {
    login,
    isStrict: false,
    fix: [],
    standIns: platform.standIns,
    leftAlone: before.leftAlone,
    signal,
  });
  if (problem === null) return loading.leftOut;
  const place = [problem.path, problem.line, problem.column].filter((part) => part !== null).join(':');
  const lines = [
    `before: ${place}: ${problem.message} (SQLSTATE ${problem.sqlstate})`,
    problem.snippet,
    problem.inner,
    problem.detail,
    problem.hint,
    problem.advice,
  ];
  throw new UserError(lines.filter((line) => line != null).join('\n'));
}

/** A database with the platform in it and nothing else. */
interface Trial {
  readonly connection: ConnectionSettings;
  readonly builder: Login;
  readonly deployer: string;
}

/** What was loaded. */
interface Loaded {
  readonly copied: CopiedRows | null;
  readonly schema: Schema;
  readonly tables: readonly Table[];
  readonly roles: readonly string[];
  /** What its triggers on accounts ask for; null: nothing. */
  readonly metadata: readonly string[] | null;
  readonly isSupabase: boolean;
  readonly leftOut: readonly LeftOut[];
}

async function describe(trial: Trial, loaded: Loaded, request: StartRequest): Promise<Start> {
  const { copied, schema, roles, metadata, isSupabase, leftOut } = loaded;
  const { deployer } = trial;
  const { tables, unnamed } = chooseTables(loaded.tables, request.tables);
  const owners = findOwners(loaded.tables, { isSupabase, given: request.owner });
  const maker = askForRows(loaded.tables, owners, metadata);
  const hasAccounts = isSupabase && loaded.tables.some(({ name }) => name === 'auth.users');
  const state = await buildState(trial.connection, trial.builder, {
    schema,
    tables,
    maker,
    hasAccounts,
    metadata,
    copied,
    deployer,
  });
  const plan = planBundle({
    title: request.title,
    isSupabase,
    deployer,
    roles: !isSupabase && /\bapp_user\b/.test(state.text) ? [...new Set([...roles, 'app_user'])] : roles,
    tables,
    owners,
    rows: state.rows,
  });
  const accounts = hasAccounts ? accountsOfPeopleIfAbsent(metadata) : '';
  const variants: Variant[] = [];
  for (const way of waysOf(plan)) {
    const scenario = await findScenario(trial.connection, way, { maker, accounts });
    variants.push({ files: writeFiles(way, state.text, scenario), notes: sayWhoReaches(way) });
  }
  const recursions = await findRecursion(trial.connection, plan);
  const unreadable = recursions.length === 0 ? [] : sayRecursion(recursions, await readTexts(request.before));
  return {
    variants,
    tables: tables.map(({ name }) => name),
    unreadable,
    notes: sayNotes(plan, {
      unnamed,
      unfilled: state.unfilled,
      missing: [...schema.missing, ...state.refused],
      leftOut,
      leftAlone: request.before.leftAlone ?? [],
    }),
  };
}
