/** A throwaway database → the same, with what a host does for its customers: whoever loads files there is never a superuser. */
import { engineSql } from '../database/engine-sql.js';
import { quoteLiteral } from '../database/quote.js';
import { type Connection, type Session, withSession } from '../database/with-session.js';
import type { StandIn } from '../model.js';

export interface HostOptions {
  readonly deployer: string;
  /** Of them, those that come with the engine. */
  readonly standIns: readonly StandIn[];
}

/** Made before anything of a file's is there, and gone, with what was lent, when the work is done; where that failed, with the database. */
export async function withHost<T>(
  connection: Connection,
  options: HostOptions,
  work: () => Promise<T>,
): Promise<T> {
  await withSession(connection, (session) => makeHost(session, options));
  const result = await work();
  await withSession(connection, (session) =>
    session.query(
      'select schema_fix_host.drop_event_triggers(); select schema_fix_host.take_back(); drop schema schema_fix_host cascade',
    ),
  );
  return result;
}

async function makeHost(session: Session, { deployer, standIns }: HostOptions): Promise<void> {
  await session.query(
    `create schema schema_fix_host;
     create view schema_fix_host.default_privileges as ${engineSql('default_privileges')}`,
  );
  await session.query(engineSql('make_host'));
  await session.query(
    `create view schema_fix_host.default_grants as ${engineSql('default_grants')};
     insert into schema_fix_host.project values (${quoteLiteral(deployer)});
     grant usage on schema schema_fix_host to public`,
  );
  for (const { extension, file, origin } of standIns) {
    if (origin !== 'engine') continue;
    await session.query('insert into schema_fix_host.stand_ins values ($1, $2)', [extension, file.text]);
  }
}

type Argument = string | boolean | null | readonly string[] | { readonly sql: string };

/** One of its functions, called in the session of whoever loads. */
export function hostCall(name: string, ...given: readonly Argument[]): string {
  return `select schema_fix_host.${name}(${given.map(renderArgument).join(', ')})`;
}

function renderArgument(given: Argument): string {
  if (given === null || typeof given === 'boolean') return String(given);
  if (typeof given === 'string') return quoteLiteral(given);
  if ('sql' in given) return given.sql;
  return `array[${given.map(quoteLiteral).join(', ')}]::pg_catalog.text[]`;
}
