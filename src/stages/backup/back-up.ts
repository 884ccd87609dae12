/** A target, before anything is done with it → a backup that was restored and compared, or what somebody said of theirs. */
import { rm } from 'node:fs/promises';
import { findPgDump } from '../../backup/find-pg-dump.js';
import { keepBackup, partialOf } from '../../backup/write-backup.js';
import { choosePlatform } from '../../bundle/choose-platform.js';
import { type Live, orSay, withLive } from '../../copying/open-live.js';
import { isOfSupabase } from '../../copying/with-copy.js';
import { type ThrowawayDatabases, withThrowawayDatabases } from '../../database/throwaway-databases.js';
import type { Connection } from '../../database/with-session.js';
import { UserError } from '../../errors.js';
import type { BackupResult, Platform, Progress, TakenBackup } from '../../model.js';
import type { ConnectionSettings } from '../../postgres/connection.js';
import { parseMajor } from '../../postgres/majors.js';
import { resolveConnection } from '../../postgres/resolve-connection.js';
import { withServer } from '../../postgres/with-server.js';
import type { DeploySettings, TakeBackupSettings } from '../../settings/settings.js';
import { proveBackup } from './prove-backup.js';
import { type BackupUse, type Trial, type Writing, writeOut } from './write-out.js';

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
        const written = await read((live) => writeOut(live, settings, writing));
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
