/** The file of a backup → restored into a throwaway database, and compared: its rows and definitions are those of the database. */
import type { BackupHeader } from '../../backup/header.js';
import { partialOf } from '../../backup/write-backup.js';
import { digestTable } from '../../copying/digest-tables.js';
import { withLive } from '../../copying/open-live.js';
import { count, some } from '../../counted.js';
import { isDatabaseError } from '../../database/database-error.js';
import { readDefinitions } from '../../database/fingerprint.js';
import type { Login } from '../../database/throwaway-logins.js';
import { UserError } from '../../errors.js';
import { describeStatement } from '../../loading/describe-statement.js';
import { loadFiles } from '../../loading/load-files.js';
import type { LeftOut, StandIn } from '../../model.js';
import type { ConnectionSettings } from '../../postgres/connection.js';
import { type Comparison, compareBackup, type Definitions, readOwners } from './compare-backup.js';

export interface ProofRequest {
  readonly file: string;
  readonly key: string | null;
  /** What the database holds, of the moment of the backup. */
  readonly header: BackupHeader;
  readonly definitions: Definitions;
  readonly hostSchemas: readonly string[];
  /** A superuser's, to a database with nothing in it but the platform. */
  readonly throwaway: ConnectionSettings;
  readonly login: Login;
  readonly standIns: readonly StandIn[];
  readonly signal: AbortSignal;
}

/** Throws a UserError that says what cannot be restored, or what is other than it was. Returns what was left out on the way. */
export async function proveBackup(
  request: ProofRequest,
): Promise<Comparison & { readonly untried: readonly LeftOut[] }> {
  const { file, key, header, hostSchemas, throwaway, login, standIns, signal } = request;
  const { problem, loading } = await loadFiles(
    throwaway,
    [{ path: partialOf(file), form: { kind: 'backup', key }, isDump: true }],
    { login, standIns, signal, isStrict: false, fix: [] },
  );
  if (problem !== null) {
    const said = problem.sqlstate.startsWith('22') ? 'a value is refused' : problem.message;
    throw notRestored(file, `line ${problem.line ?? 1}: ${said} (${problem.sqlstate})`);
  }
  const untried = loading.leftOut;
  const excused = [
    ...untried.filter(({ kind }) => !isNotCompared.has(kind)).flatMap(({ statement }) => namesIn(statement)),
    ...header.missing.flatMap(({ what, why }) => [...namesIn(what), ...quotedIn(what), ...quotedIn(why)]),
  ];
  return withLive(
    throwaway,
    signal,
    async ({ session }) => {
      const lost: string[] = [];
      for (const table of header.tables) {
        const there = await digestTable(session, table).catch((error: unknown) => {
          if (isDatabaseError(error)) return null;
          throw error;
        });
        // A failed query would be the end of the transaction, and of all that comes after it.
        if (there === null) throw notTheSame(file, [`the table ${table.name}, which cannot be read there`]);
        if (there.digest === table.digest && there.rows === table.rows) continue;
        lost.push(
          there.rows === table.rows
            ? `values in ${table.name}`
            : `rows of ${table.name} (${count(table.rows)} in the database, ${count(there.rows)} in the backup)`,
        );
      }
      const objects = await readDefinitions(session);
      const restored = { objects, owners: await readOwners(session) };
      const comparison = compareBackup(request.definitions, restored, { hostSchemas, excused });
      const differing = [...lost, ...comparison.differing];
      if (differing.length > 0) throw notTheSame(file, differing);
      return { ...comparison, untried };
    },
    { setting: 'backup, restored', otherwise: 'try again' },
  );
}

/** Who owns a thing, and what is said of it: the thing itself must be as it was. */
const isNotCompared: ReadonlySet<LeftOut['kind']> = new Set(['owner', 'comment']);

/** Of the statement's objects, the last part of each name. */
function namesIn(statement: string): string[] {
  return describeStatement(statement).targets.flatMap((target) => target.at(-1) ?? []);
}

/** `the order of the columns of "public"."counted"` */
function quotedIn(text: string): string[] {
  return [...text.matchAll(/"([^"]+)"(?!\.)/g)].map(([, name = '']) => name);
}

const ways = 'take the other of dump and copy, or a backup of your own, and say so: confirmed';

function notRestored(file: string, why: string): UserError {
  return new UserError(
    `backup: ${file} could not be restored into a throwaway Postgres, at ${why}. Nothing was begun, and the file was taken away. Put that right; or ${ways}.`,
    { exitCode: 3 },
  );
}

function notTheSame(file: string, differing: readonly string[]): UserError {
  return new UserError(
    `backup: ${file} was restored into a throwaway Postgres, and is not what the database holds. Other there: ${some(differing, 5, '; ')}. Nothing was begun, and the file was taken away. Put that right; or ${ways}.`,
    { exitCode: 3 },
  );
}
