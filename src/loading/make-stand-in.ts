/** `create extension` of what the server has not → the platform's stand-in, made where the extension would be. */
import { renderStandIn } from '../database/render-stand-in.js';
import type { Session } from '../database/with-session.js';
import type { StandIn } from '../model.js';
import type { Ledger } from './ledger.js';
import type { GuardedRunner } from './run-guarded.js';
import { hostCall } from './with-host.js';

/** Null: there is none. It is made once, whatever the files say, as `if not exists` would have it. */
export async function makeStandIn(
  { session, runner, ledger }: { session: Session; runner: GuardedRunner; ledger: Ledger },
  standIns: readonly StandIn[],
  { statement, extension }: { statement: string; extension: string },
): Promise<StandIn | null> {
  const standIn = standIns.find((known) => known.extension === extension);
  if (standIn === undefined || ledger.standIns.has(extension)) return standIn ?? null;
  const schema = await chooseSchema(session, statement);
  const isOurs = standIn.origin === 'engine';
  await runner.run(isOurs ? hostCall('make_stand_in', extension, schema) : renderStandIn(standIn, schema));
  ledger.standIns.add(extension);
  return standIn;
}

async function chooseSchema(session: Session, statement: string): Promise<string> {
  const [, quoted, plain] = /\bschema\s+(?:"((?:[^"]|"")+)"|(\w+))/i.exec(statement) ?? [];
  if (quoted !== undefined) return quoted.replaceAll('""', '"');
  if (plain !== undefined) return plain.toLowerCase();
  const { rows } = await session.query<{ schema: string | null }>(
    'select pg_catalog.current_schema() as schema',
  );
  return rows[0]?.schema ?? 'public';
}

/**
 * An index of vectors says how it is to be built, which a stand-in's cannot heed: the statement without that, or null where
 * the error is another.
 */
export function withoutBuildOptions(
  statement: string,
  { code, message }: { readonly code?: string | undefined; readonly message: string },
): string | null {
  if (code !== '22023' || !/^unrecognized parameter "(lists|m|ef_construction)"/.test(message)) return null;
  if (!/\busing\s+"?(hnsw|ivfflat)"?/i.test(statement)) return null;
  return statement.replace(/\bwith\s*\([^()]*\)/i, '');
}
