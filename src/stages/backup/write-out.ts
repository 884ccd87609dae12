/** A database that is read in one snapshot → the file of its backup, and what was read of it, to be compared. */
import { dumpDatabase } from '../../backup/dump-database.js';
import { type BackupHeader, renderHeader } from '../../backup/header.js';
import { listPartial, type WrittenBackup, writeBackup } from '../../backup/write-backup.js';
import { chooseTables } from '../../copying/choose-tables.js';
import { type DigestedTable, digestTable } from '../../copying/digest-tables.js';
import { type LiveTable, listRows } from '../../copying/list-tables.js';
import { type Live, orSay } from '../../copying/open-live.js';
import { planSchema, type SchemaPlan } from '../../copying/plan-schema.js';
import { readNamedRoles } from '../../copying/read-roles.js';
import { writeTables, writeWhole } from '../../copying/write-script.js';
import { count, counted } from '../../counted.js';
import { readDefinitions } from '../../database/fingerprint.js';
import type { ThrowawayDatabases } from '../../database/throwaway-databases.js';
import { withSession } from '../../database/with-session.js';
import { hostSchemas as allHostSchemas, isHostRole } from '../../loading/host.js';
import type { Bundle, Platform, Progress } from '../../model.js';
import type { ConnectionSettings } from '../../postgres/connection.js';
import type { TakeBackupSettings } from '../../settings/settings.js';
import type { Target } from '../with-target.js';
import { type Definitions, readOwners } from './compare-backup.js';
import { forAllTables, listLeft, ofHost, withoutAdvice } from './list-missing.js';
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

export interface Trial {
  /** A superuser's, to a database with nothing in it but the platform. */
  readonly throwaway: ConnectionSettings;
  readonly login: Awaited<ReturnType<ThrowawayDatabases['loginOf']>>;
  readonly standIns: Platform['standIns'];
}

export interface Writing extends BackupUse, Trial {
  readonly isSupabase: boolean;
  readonly pgDump: string | null;
}

export interface Written extends WrittenBackup {
  readonly file: string;
  readonly header: BackupHeader;
  readonly definitions: Definitions;
  readonly hostSchemas: readonly string[];
}

export async function writeOut(live: Live, settings: TakeBackupSettings, use: Writing): Promise<Written> {
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
