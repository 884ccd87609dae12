/** The way to somebody's database that is to be written to → what they should know of it, and what keeps everything from being written. */
import { withReading } from '../database/with-transaction.js';
import { UserError } from '../errors.js';
import type { Finding } from '../model.js';
import type { Target } from './with-target.js';

export type Way = Pick<Target, 'session' | 'connection' | 'pooler'>;

/** The same for whatever writes: a deployment, the way back from it, a backup that is restored. */
export async function inspectWay({ session, connection, pooler }: Way): Promise<Finding[]> {
  const { sslWarning } = connection;
  return withReading(session, async () => {
    const { rows } = await session.query<ServerState>(
      `select
          pg_catalog.pg_is_in_recovery() as "isReplica",
          pg_catalog.current_setting('default_transaction_read_only') = 'on' as "isReadOnly"`,
    );
    return [
      ...(sslWarning === null
        ? []
        : [{ severity: 'warning', what: sslWarning, remedy: null } satisfies Finding]),
      ...(pooler === 'session'
        ? [
            {
              severity: 'note',
              what: 'A session pooler stands in between, which is fine.',
              remedy: null,
            } satisfies Finding,
          ]
        : []),
      ...rows.flatMap(describeServer),
    ];
  });
}

/** Throws what refuses as a UserError that begins with `command`. Returns what is only to be known. */
export async function assertTakesWrites(command: string, way: Way): Promise<readonly string[]> {
  const findings = await inspectWay(way);
  const refusals = findings.filter(({ severity }) => severity === 'refusal');
  if (refusals.length > 0) {
    const said = refusals.map(({ what, remedy }) => [what, remedy].join(' ').trim());
    throw new UserError(`${command}: ${said.join(' ')} Nothing was done.`, { exitCode: 3 });
  }
  return findings.map(({ what }) => what);
}

export interface ServerState {
  readonly isReplica: boolean;
  readonly isReadOnly: boolean;
}

/** Pure: what a replica says cannot be had for a test without one. */
export function describeServer({ isReplica, isReadOnly }: ServerState): Finding[] {
  if (isReplica) {
    return [
      {
        severity: 'refusal',
        what: 'This is a replica, which can only be read.',
        remedy: 'Take the address of the primary.',
      },
    ];
  }
  if (!isReadOnly) return [];
  return [
    {
      severity: 'refusal',
      what: 'The database is set to read only (default_transaction_read_only). Supabase does that where the disk is nearly full.',
      remedy: 'Find out who has set that, and why, and take it back first.',
    },
  ];
}
