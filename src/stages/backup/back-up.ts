/** A target, before anything is done with it → a backup that was restored and compared, or what somebody said of theirs. */
import { rm } from 'node:fs/promises';
import { dumpDatabase } from '../../backup/dump-database.js';
import { findPgDump } from '../../backup/find-pg-dump.js';
import { type BackupHeader, renderHeader } from '../../backup/header.js';
import {
  keepBackup,
  listPartial,
  partialOf,
  type WrittenBackup,
  writeBackup,
} from '../../backup/write-backup.js';
import { choosePlatform } from '../../bundle/choose-platform.js';
import { chooseTables } from '../../copying/choose-tables.js';
import { type DigestedTable, digestTable } from '../../copying/digest-tables.js';
import { type LiveTable, listRows } from '../../copying/list-tables.js';
import { type Live, orSay, withLive } from '../../copying/open-live.js';
import { planSchema, type SchemaPlan } from '../../copying/plan-schema.js';
import { readNamedRoles } from '../../copying/read-roles.js';
import { isOfSupabase } from '../../copying/with-copy.js';
import { writeTables, writeWhole } from '../../copying/write-script.js';
import { count, counted } from '../../counted.js';
import { readDefinitions } from '../../database/fingerprint.js';
import { type ThrowawayDatabases, withThrowawayDatabases } from '../../database/throwaway-databases.js';
import { type Connection, withSession } from '../../database/with-session.js';
import { UserError } from '../../errors.js';
import { hostSchemas as allHostSchemas, isHostRole } from '../../loading/host.js';
import type { BackupResult, Bundle, Platform, Progress, TakenBackup } from '../../model.js';
import type { ConnectionSettings } from '../../postgres/connection.js';
import { parseMajor } from '../../postgres/majors.js';
import { resolveConnection } from '../../postgres/resolve-connection.js';
import { withServer } from '../../postgres/with-server.js';
import type { DeploySettings, TakeBackupSettings } from '../../settings/settings.js';
import type { Target } from '../with-target.js';
import { type Definitions, readOwners } from './compare-backup.js';
import { proveBackup } from './prove-backup.js';
import { refuseSecrets } from './refuse-secrets.js';

export interface BackupUse {
  readonly target: Pick<Target, 'connection' | 'postgres'>;
  readonly bundle: Bundle;
  /** What tells the database from others. */
  readonly place: string;
  /** The engine's platforms lie in it. */
  readonly sqlFolder: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Throws a UserError where there is no backup that holds what the database does: nothing may be begun then. */
export async function backUp(
  { backup, trialServer }: Pick<DeploySettings, 'backup' | 'trialServer'>,
  use: BackupUse,
): Promise<BackupResult> {
  if (backup.kind === 'none') return { kind: 'none', note: null, taken: null };
  if (backup.kind === 'confirmed') return { kind: 'confirmed', note: backup.note, taken: null };
  try {
    return { kind: backup.kind, note: null, taken: await takeBackup(backup, trialServer, use) };
  } catch (error: unknown) {
    if (!(error instanceof UserError) || error.message.includes(nothingBegun)) throw error;
    const { message, exitCode } = error;
    throw new UserError(`${message} ${nothingBegun}.`, { exitCode, cause: error });
  }
}

/** Whose database it is must know that first of all. */
const nothingBegun = 'Nothing was begun';

/** Schema, rows and comparison are of one moment: the snapshot of the transaction that reads the database. */
async function takeBackup(
  settings: TakeBackupSettings,
  trialServer: DeploySettings['trialServer'],
  use: BackupUse,
): Promise<TakenBackup> {
  const startedAt = performance.now();
  const { target, progress, signal, sqlFolder } = use;
  const { connection, postgres } = target;
  const major = parseMajor(postgres.version);
  const pgDump = settings.kind === 'dump' ? await findPgDump(major ?? 0) : null;
  const quietly: Progress = (event) => {
    if (event.kind === 'postgres-starting') progress({ kind: 'backup', text: event.text });
  };
  // Why it cannot be reached any more, a password that has expired since, is told as at the first time.
  const read = async <T>(work: (live: Live) => Promise<T>) =>
    withLive(await resolveConnection(connection, ofBackup.setting), signal, work, ofBackup);
  const isSupabase = await read((live) => orSay(live.name, () => isOfSupabase(live.session)));
  const platforms = isSupabase ? [await choosePlatform('supabase', [sqlFolder])] : [];
  return withServer({ ...trialServer, major }, { progress: quietly, signal }, (server) =>
    withThrowawayDatabases(server.connection, { platforms, signal }, (databases) =>
      withTrial(databases, platforms, async (trial) => {
        const writing: Writing = { ...use, ...trial, isSupabase, pgDump };
        // Nothing of the database is held while what was written is tried.
        const written = await read((live) => write(live, settings, writing));
        const { file, bytes, digest, header } = written;
        const proof = await orTakeAway(partialOf(file), async () => {
          const found = await proveBackup({ ...writing, ...written, key: settings.key });
          await keepBackup(file);
          return found;
        });
        return {
          file,
          bytes,
          digest,
          isEncrypted: settings.key !== null,
          tables: header.tables.length,
          rows: header.tables.reduce((sum, { rows }) => sum + rows, 0),
          objects: proof.compared,
          restoredOn: server.info.version,
          missing: header.missing.map(({ what, why }) => `${what}: ${why}`),
          untried: proof.untried.map(({ statement, reason }) => `${statement}: ${reason}`),
          milliseconds: performance.now() - startedAt,
        };
      }),
    ),
  );
}

const ofBackup = { setting: 'backup', otherwise: 'take a backup of your own, and say so: confirmed' };

async function orTakeAway<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error: unknown) {
    await rm(file, { force: true });
    throw error;
  }
}

interface Trial {
  /** A superuser's, to a database with nothing in it but the platform. */
  readonly throwaway: ConnectionSettings;
  readonly login: Awaited<ReturnType<ThrowawayDatabases['loginOf']>>;
  readonly standIns: Platform['standIns'];
}

async function withTrial<T>(
  databases: ThrowawayDatabases,
  [platform]: readonly Platform[],
  work: (trial: Trial) => Promise<T>,
): Promise<T> {
  const name = platform?.name ?? null;
  const login = await databases.loginOf(databases.deployerOf(name));
  return databases.withDatabase({ platform: name, owner: login.role }, (connection: Connection) =>
    work({ throwaway: connection as ConnectionSettings, login, standIns: platform?.standIns ?? [] }),
  );
}

interface Writing extends BackupUse, Trial {
  readonly isSupabase: boolean;
  readonly pgDump: string | null;
}

interface Written extends WrittenBackup {
  readonly file: string;
  readonly header: BackupHeader;
  readonly definitions: Definitions;
  readonly hostSchemas: readonly string[];
}

async function write(live: Live, settings: TakeBackupSettings, use: Writing): Promise<Written> {
  const { bundle, target, isSupabase, pgDump, throwaway, progress, signal } = use;
  const { session, name } = live;
  const say = (text: string) => progress({ kind: 'backup', text });
  const hostSchemas = isSupabase ? [...allHostSchemas] : [];
  await session.query('set local statement_timeout = 0');
  if (pgDump === null) await orSay(name, () => refuseSecrets(session));
  const wanted = pgDump === null ? await orSay(name, () => chooseTables(session, tablesOf(bundle))) : null;
  const { tables } = await orSay(name, () =>
    listRows(live, hostSchemas, (oid) => wanted === null || wanted.has(oid)),
  );
  const objects = await orSay(name, () => readDefinitions(session));
  const definitions = { objects, owners: await readOwners(session) };
  say(`reads ${counted(tables.length, 'table')} of ${use.place}`);
  const digests: DigestedTable[] = [];
  for (const table of tables) digests.push(await orSay(name, () => digestTable(session, table)));
  const plan =
    pgDump === null
      ? await withSession(throwaway, (there) => planSchema(live, there, { isSupabase, isHostRole }))
      : null;
  const takenAt = new Date();
  const header: BackupHeader = {
    kind: settings.kind,
    takenAt: takenAt.toISOString(),
    place: use.place,
    serverVersion: target.postgres.version,
    host: isSupabase ? 'supabase' : null,
    roles: await orSay(name, () => readNamedRoles(session)),
    tables: digests.map((table) => ({ ...table, columns: [...table.columns] })),
    missing: [
      ...(plan?.missing ?? []).map(withoutAdvice),
      ...(isSupabase ? forAllTables(objects) : []),
      ...(wanted === null
        ? []
        : await orSay(name, () =>
            listLeft(live, hostSchemas, tables.filter(({ isHost }) => !isHost).length),
          )),
      ...(isSupabase && plan === null ? ofHost : []),
    ],
  };
  const file = settings.file ?? nameFile(target.connection.database, takenAt, settings.key !== null);
  const sql =
    pgDump === null
      ? writeCopy(live, header, { plan: plan as SchemaPlan, tables, hostSchemas })
      : writeDump(live, header, {
          tables,
          request: {
            pgDump,
            connection: target.connection,
            snapshot: await exportSnapshot(live),
            withoutSchemas: hostSchemas,
            signal,
          },
        });
  for (const left of await listPartial(file))
    say(
      `${left} was not finished: a run that was killed has left it, or another is writing it. It is no backup`,
    );
  const written = await writeBackup(sql, { file, key: settings.key, onBytes: everySoOften(say, file) });
  say(`${file}, ${sayBytes(written.bytes)}, is restored into a throwaway Postgres and compared`);
  return { file, ...written, header, definitions, hostSchemas };
}

/** What a copy of the fix's tables leaves where it is. */
async function listLeft(
  { session }: Live,
  hostSchemas: readonly string[],
  copied: number,
): Promise<SchemaPlan['missing']> {
  const { rows } = await session.query<{ tables: string; objects: string }>(
    `select
         (
             select count(*)
             from pg_class as c
             inner join pg_namespace as n on n.oid = c.relnamespace
             where
                 c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^(pg_|information_schema$)'
                 and n.nspname <> all ($1)
                 and not exists (
                     select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
                 )
         ) as tables,
         (select count(*) from pg_largeobject_metadata) as objects`,
    [hostSchemas],
  );
  const { tables = '0', objects = '0' } = rows[0] ?? {};
  const left = Number(tables) - copied;
  return [
    ...(left > 0
      ? [
          {
            what: `the rows of ${counted(left, 'other table')}`,
            why: "they have nothing to do with the fix's",
          },
        ]
      : []),
    ...(Number(objects) > 0
      ? [{ what: `${objects} large objects`, why: 'a copy holds rows and definitions alone' }]
      : []),
  ];
}

/** The host's own publication can be made so by its superuser alone. */
function forAllTables(objects: ReadonlyMap<string, string>): SchemaPlan['missing'] {
  return [...objects]
    .filter(([object, definition]) => /^publication /.test(object) && /"puballtables": true/.test(definition))
    .map(([object]) => ({
      what: `that the publication "${object.replace(/^publication "?|"$/g, '')}" is of all tables`,
      why: 'only a superuser can say that',
    }));
}

/** What to do about it is for whoever rehearses. */
function withoutAdvice({ what, why }: SchemaPlan['missing'][number]): SchemaPlan['missing'][number] {
  return { what, why: why.replace(/;.*$/s, '') };
}

const ofHost = [
  {
    what: "triggers and policies on the host's own tables",
    why: 'pg_dump leaves out the schemas of the host; of its accounts, ids are there',
  },
];

/** What a manifest names, whether as a table of the fix's or as one that it makes, drops or fills. */
function tablesOf({ tables, preserve, adds, drops, quarantine, imported }: Bundle): string[] {
  const named = [...tables, ...preserve.flatMap(({ from, to }) => [...from, ...to]), ...adds, ...drops];
  return [...new Set([...named, ...[quarantine, imported].filter((table) => table !== null)])];
}

async function* writeCopy(
  live: Live,
  header: BackupHeader,
  copy: {
    readonly plan: SchemaPlan;
    readonly tables: readonly LiveTable[];
    readonly hostSchemas: readonly string[];
  },
): AsyncGenerator<string> {
  yield renderHeader(header);
  yield* writeWhole(live, copy.plan, copy);
}

/** Of the host's tables the rows that the project's are keyed to. */
async function* writeDump(
  live: Live,
  header: BackupHeader,
  dump: {
    readonly tables: readonly LiveTable[];
    readonly request: Parameters<typeof dumpDatabase>[0];
  },
): AsyncGenerator<string | Buffer> {
  yield renderHeader(header);
  const ofHost = dump.tables.filter(({ isHost }) => isHost);
  yield* writeTables(live, ofHost);
  yield* dumpDatabase(dump.request);
}

async function exportSnapshot({ session, name }: Live): Promise<string> {
  const { rows } = await orSay(name, () =>
    session.query<{ snapshot: string }>('select pg_catalog.pg_export_snapshot() as snapshot'),
  );
  return rows[0]?.snapshot ?? '';
}

/** In the folder where the run was started; no two within a second. */
function nameFile(database: string, takenAt: Date, isEncrypted: boolean): string {
  const stamp = takenAt.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  const name = database.replaceAll(/[^\w-]/g, '_');
  return `schema-fix-${name}-${stamp}.sql.gz${isEncrypted ? '.encrypted' : ''}`;
}

const often = 64 * 1024 * 1024;

function everySoOften(say: (text: string) => void, file: string): (bytes: number) => void {
  let next = often;
  return (bytes) => {
    if (bytes < next) return;
    next += often;
    say(`${file}: ${sayBytes(bytes)} so far`);
  };
}

function sayBytes(bytes: number): string {
  if (bytes < 10_000) return counted(bytes, 'byte');
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${count(Math.round(bytes / 1_000_000))} MB`;
}
