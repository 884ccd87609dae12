/** A backup of a deployment → an empty database of somebody's that holds it, compared; or as empty as it was. */

import { type BackupHeader, readHeader } from '../../backup/header.js';
import { isPartial } from '../../backup/write-backup.js';
import { type FileOnDisk, openText } from '../../before/open-text.js';
import { readStatements, type ScriptItem } from '../../before/read-statements.js';
import { digestTable } from '../../copying/digest-tables.js';
import { readingSettings } from '../../copying/open-live.js';
import { counted } from '../../counted.js';
import { copyRows } from '../../database/copy-rows.js';
import { isDatabaseError, isLostConnection } from '../../database/database-error.js';
import { engineSql } from '../../database/engine-sql.js';
import { nameInSql } from '../../database/quote.js';
import type { Session } from '../../database/with-session.js';
import { withReading, withSavepoint, withTransaction } from '../../database/with-transaction.js';
import { withoutValues } from '../../database/without-values.js';
import { UserError } from '../../errors.js';
import type { RestoreSettings } from '../../settings/settings.js';
import { assertTakesWrites } from '../inspect-way.js';
import { placeOf } from '../read-identity.js';
import { withTarget } from '../with-target.js';
import { assertRestorable } from './assert-empty.js';

export interface RestoreOptions {
  readonly signal: AbortSignal;
  readonly tell: (line: string) => void;
}

/** All of it is one transaction. Returns what is to be told; throws a UserError where nothing was restored. */
export async function restoreBackup(
  { file: path, key, ...way }: RestoreSettings,
  { signal, tell }: RestoreOptions,
): Promise<string> {
  const file: FileOnDisk = { path, form: { kind: 'backup', key }, isDump: true };
  if (isPartial(path)) throw unfinished(path);
  const header = await readHeader(openText(file), path);
  return withTarget(way, { signal }, async (target) => {
    const { session, connection, postgres, keeping } = target;
    const place = placeOf(connection);
    for (const known of await assertTakesWrites('restore', target)) tell(known);
    await withReading(session, () =>
      assertRestorable(session, header, { place, serverVersion: postgres.version }),
    );
    tell(`Restores ${path}, of ${header.takenAt} and ${header.place}, into ${place}`);
    const left = await orSayWhere(path, () =>
      withTransaction(session, () => restore(session, { file, header, tell }), keeping),
    );
    const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
    return [
      `Restored ${path} into ${place}: ${counted(rows, 'row')} of ${counted(header.tables.length, 'table')}, as they were at the backup.`,
      ...(left.length === 0 ? [] : ['Left out, because this role may not do it here:']),
      ...left.map((line) => `  ${line}`),
      ...(header.missing.length === 0 ? [] : ['Not in the backup:']),
      ...header.missing.map(({ what, why }) => `  ${what}: ${why}`),
      '',
    ].join('\n');
  });
}

function unfinished(path: string): UserError {
  return new UserError(
    `${path}: is no backup: the run that wrote it was killed before it was whole, or before it was tried. Take it away, and give the file of another run.`,
  );
}

interface Restoring {
  readonly file: FileOnDisk;
  readonly header: BackupHeader;
  readonly tell: (line: string) => void;
}

/** Returns the statements that could be left out, and were. */
async function restore(session: Session, { file, header, tell }: Restoring): Promise<string[]> {
  const left = new Set<string>();
  let saysDefaults = false;
  await session.query(
    `set local statement_timeout = 0; set local check_function_bodies = off; ${readingSettings}`,
  );
  const held = await takeDefaultPrivileges(session);
  for await (const item of readStatements({ ...file, text: openText(file) })) {
    try {
      const skipped = await runItem(session, item, tell);
      if (skipped === null && isOfDefaults.test(item.text)) saysDefaults = true;
      if (skipped !== null) left.add(skipped);
    } catch (error: unknown) {
      throw isDatabaseError(error) && !isLostConnection(error)
        ? new UserError(`${file.path}, line ${item.line}: ${describe(error)} Nothing was restored.`, {
            exitCode: 3,
            cause: error,
          })
        : error;
    }
  }
  // What the backup does not say of objects to come stays as the host has it.
  if (!saysDefaults) for (const granted of held) await session.query(granted);
  await session.query(readingSettings);
  const differing: string[] = [];
  for (const table of header.tables) {
    const found = await digestTable(session, table);
    if (found.rows !== table.rows || found.digest !== table.digest) differing.push(table.name);
  }
  if (differing.length === 0) return [...left];
  throw new UserError(
    `${file.path}: what came of ${differing.join(', ')} is not what was backed up, so nothing was restored. Look whether something in the database changes rows that are added, an event trigger for instance.`,
    { exitCode: 3 },
  );
}

/** The backup says every privilege; what the host grants to each new object would come on top. Returns what gives it back. */
async function takeDefaultPrivileges(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ granted: string; revoked: string }>(engineSql('default_privileges'));
  const held: string[] = [];
  for (const { granted, revoked } of rows) if (await isRun(session, revoked)) held.push(granted);
  return held;
}

const isOfDefaults = /^alter\s+default\s+privileges\b/i;

const copied = new RegExp(String.raw`^copy\s+(${nameInSql})`, 'i');

/** Null: it was run. */
async function runItem(
  session: Session,
  item: ScriptItem,
  tell: (line: string) => void,
): Promise<string | null> {
  if (item.kind === 'command') return null;
  if (item.kind === 'copy') {
    const rows = await copyRows(session, item.text, item.rows);
    tell(`  ${counted(rows, 'row')} of ${copied.exec(item.text)?.[1] ?? 'a table'}`);
    return null;
  }
  if (!mayBeLeft.test(item.text)) {
    await session.query(item.text);
    return null;
  }
  if (await isRun(session, item.text)) return null;
  const ofRole = /^alter\s+default\s+privileges\s+for\s+(?:role|user)\s+("(?:[^"]|"")*"|[^\s;]+)/i.exec(
    item.text,
  )?.[1];
  if (ofRole !== undefined) return `default privileges of the role ${ofRole}`;
  return isThereAnyway.test(item.text) ? null : item.text.replace(/\s+/g, ' ').slice(0, 200);
}

/** What only a superuser may, or an older server does not know, and no row or definition of the fix's depends on. */
const mayBeLeft =
  /^(comment\s+on|set\s+\w+_timeout\b|create\s+schema\s+"?public"?\s*$|alter\s+default\s+privileges|(create|alter)\s+(event\s+trigger|publication))\b/i;

/** Every database has it, or no restored one needs it. */
const isThereAnyway = /^(set\s|create\s+schema\s|comment\s+on\s+(extension|schema)\s)/i;

async function isRun(session: Session, sql: string): Promise<boolean> {
  try {
    await withSavepoint(session, () => session.query(sql));
    return true;
  } catch (error: unknown) {
    if (!isDatabaseError(error) || isLostConnection(error)) throw error;
    return false;
  }
}

/** Data exceptions quote the value. */
function describe({ code = '', message, hint }: { code?: string; message: string; hint?: string }): string {
  const said = code.startsWith('22') ? withoutValues(message) : message;
  const remedy =
    code === '42501'
      ? ' Connect as a superuser, or as a member of the roles that own what is in the backup.'
      : hint === undefined
        ? ''
        : ` ${hint}.`;
  return `${said} (${code}).${remedy}`;
}

async function orSayWhere<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error: unknown) {
    if (!isLostConnection(error)) throw error;
    throw new UserError(
      `${path}: the connection was lost (${error.message}). Nothing was restored. Try again.`,
      {
        exitCode: 3,
        cause: error,
      },
    );
  }
}
