/** Somebody's database, before anything of it is read → what they should know, and what keeps the fix from it. */
import { count, some } from '../counted.js';
import { engineSql } from '../database/engine-sql.js';
import { type LockHolder, readLockHolders } from '../database/lock-holders.js';
import { withReading } from '../database/with-transaction.js';
import type { Bundle, Finding } from '../model.js';
import { listRoles } from './api-roles.js';
import { describeEventTrigger, readEventTriggers } from './event-triggers.js';
import { inspectWay } from './inspect-way.js';
import { describeDistance, measureRoundTrip } from './measure-distance.js';
import { describeLeft } from './prepare/left-behind.js';
import type { Target } from './with-target.js';

export interface TargetState {
  readonly role: string;
  /** As whom it was connected: another, where that role has the setting `role`. */
  readonly login: string;
  readonly isSuperuser: boolean;
  readonly mayMakeSchemas: boolean;
  /** Of the fix's tables with their indexes and partitions, as a whole number. */
  readonly bytes: string;
  /** Of the fix's tables, with the owner behind each. */
  readonly foreignTables: readonly string[];
  readonly closedSchemas: readonly string[];
  /** Roles of the bundle's actors. */
  readonly absentRoles: readonly string[];
  /** The same, which the deployer may not become. */
  readonly untriedRoles: readonly string[];
  /** Foreign keys from and to the fix's tables. */
  readonly keys: readonly string[];
  readonly views: readonly string[];
  readonly triggers: readonly string[];
  /** Of other tables, that ask the fix's. */
  readonly policies: readonly string[];
  /** Whose bodies name one of the tables. */
  readonly functions: readonly string[];
  /** That the tables, their indexes and defaults need something of. */
  readonly extensions: readonly string[];
  readonly publications: readonly string[];
  readonly slots: readonly string[];
}

export async function inspectTarget(
  target: Pick<Target, 'session' | 'connection' | 'pooler'>,
  bundle: Bundle,
): Promise<Finding[]> {
  const { session } = target;
  const roles = [...new Set(bundle.actors.map(({ role }) => role))];
  const way = await inspectWay(target);
  const distance = describeDistance(await measureRoundTrip(session), bundle);
  return withReading(session, async () => {
    const { rows } = await session.query<Omit<TargetState, 'untriedRoles'>>(engineSql('target_state'), [
      bundle.tables,
      roles,
    ]);
    const untriedRoles = (await listRoles(session, bundle))
      .filter(({ role, isWithinReach }) => roles.includes(role) && !isWithinReach)
      .map(({ role }) => role);
    const holders = await readLockHolders(session, bundle.tables);
    return [
      ...way,
      ...distance,
      ...rows.flatMap((state) =>
        describeState({ ...state, untriedRoles }, { hasClaims: bundle.claims !== null }),
      ),
      ...(await readEventTriggers(session)).map(describeEventTrigger),
      ...holders.map(describeHolder),
      ...(await describeLeft(session)),
    ];
  });
}

export function describeState(state: TargetState, { hasClaims }: { readonly hasClaims: boolean }): Finding[] {
  const refuse = (what: string, remedy: string): Finding => ({ severity: 'refusal', what, remedy });
  const warn = (what: string, remedy: string): Finding => ({ severity: 'warning', what, remedy });
  const note = (what: string): Finding => ({ severity: 'note', what, remedy: null });
  const { role } = state;
  const megabytes = Math.round(Number(state.bytes) / 1_000_000);
  return [
    ...(state.absentRoles.length > 0
      ? [
          refuse(
            `The server has no role ${state.absentRoles.join(', ')}, as whom the application of this fix works.`,
            'Look whether this is the database that you mean, and whether the roles are made by something that has to run first.',
          ),
        ]
      : []),
    ...(state.untriedRoles.length > 0
      ? [
          warn(
            `${role} may not act as ${state.untriedRoles.join(', ')}: no scenario can be run, so that nothing is kept where they are, and nobody's access is tried.`,
            `grant ${state.untriedRoles.join(', ')} to ${role}; from Postgres 16 on: with set true.`,
          ),
        ]
      : []),
    ...(state.foreignTables.length > 0
      ? [
          (hasClaims ? warn : refuse)(
            `${role} does not own ${state.foreignTables.join(', ')}.`,
            state.login === role
              ? 'Connect as the owner, or have the tables given to whom you connect as.'
              : `You connected as ${state.login}, whose own setting makes that ${role}: alter role ${state.login} reset role, or connect as another who owns them.`,
          ),
        ]
      : []),
    ...(state.closedSchemas.length > 0
      ? [
          warn(
            `${role} may not make anything in the schema ${state.closedSchemas.join(', ')}.`,
            `If the fix has to: grant create on schema … to ${role}.`,
          ),
        ]
      : []),
    ...(state.mayMakeSchemas
      ? []
      : [
          refuse(
            `${role} may not make schemas in this database, and what is replaced has to be recorded in one, schema_fix_history: without it nothing could be rolled back.`,
            `grant create on database … to ${role}; or have it made for them, where the fix makes none: create schema schema_fix_history authorization ${role}.`,
          ),
        ]),
    ...(state.isSuperuser
      ? [
          warn(
            `${role} is a superuser: whatever the fix makes belongs to a superuser, and functions with their definer's rights run as one.`,
            'Connect as the owner of the tables.',
          ),
        ]
      : []),
    ...(megabytes >= smallest
      ? [
          note(
            `The tables take up ${count(megabytes)} MB with their indexes. A fix that writes into all of them may need up to ${count((asRewritten + asWal + asNoted) * megabytes)} MB more on the server's disk until it ends: as much again for what it writes, as much for the WAL of that, and ${asNoted} times as much for what the proofs and the way back note of the rows and sort. How much is free no query can say.`,
          ),
        ]
      : []),
    ...(state.slots.length > 0
      ? [
          note(
            `Replication slots: ${state.slots.join(', ')}. Whatever the fix writes goes through them, and is kept on disk for one that nobody reads.`,
          ),
        ]
      : []),
    ...(state.keys.length > 0 ? [note(`Keys of the tables now: ${state.keys.join('; ')}.`)] : []),
    ...(state.views.length > 0 ? [note(`Views over the tables: ${some(state.views, mostNamed)}.`)] : []),
    ...(state.triggers.length > 0
      ? [
          note(
            `Triggers of the tables, which fire on what the fix writes: ${some(state.triggers, mostNamed)}.`,
          ),
        ]
      : []),
    ...(state.functions.length > 0
      ? [note(`Functions that name the tables: ${some(state.functions, mostNamed)}.`)]
      : []),
    ...(state.policies.length > 0
      ? [note(`Policies of other tables that ask the tables: ${some(state.policies, mostNamed)}.`)]
      : []),
    ...(state.publications.length > 0
      ? [
          note(
            `The tables are published by ${some(state.publications, mostNamed)}: subscribers get what the fix writes.`,
          ),
        ]
      : []),
    ...(state.extensions.length > 0
      ? [note(`The tables need what these extensions bring: ${some(state.extensions, mostNamed)}.`)]
      : []),
  ];
}

/** Times the tables' size. Notes and sorting were measured: 80 MB where tables had 21 MB more. */
const [asRewritten, asWal, asNoted] = [1, 1, 4];

/** A note is to be read. */
const mostNamed = 8;

/** Megabytes: what is smaller is rewritten in the blink of an eye. */
const smallest = 100;

/** Process, application, user and state; a prepared transaction has none of them. */
export function sayHolder({ pid, gid, user, application, state, kind }: LockHolder): string {
  if (gid !== null) return `the prepared transaction "${gid}" of ${user ?? 'somebody'}`;
  return `process ${pid}, ${application ?? kind ?? 'without a name'} of ${user ?? 'the server'}, ${state ?? 'state unknown'}`;
}

function describeHolder(holder: LockHolder): Finding {
  const { gid, user, tables, seconds } = holder;
  const where = `on ${tables.join(', ')}`;
  const since = seconds === null ? '' : ` for ${seconds} s`;
  if (gid !== null) {
    return {
      severity: 'warning',
      what: `A prepared transaction, "${gid}" of ${user ?? 'somebody'}, has held a lock ${where}${since}, and nothing ends it by itself.`,
      remedy: 'Have it committed or rolled back: commit prepared, rollback prepared.',
    };
  }
  return {
    severity: 'warning',
    what: `A transaction holds a lock ${where}${since} (${sayHolder(holder)}). The fix waits for it, with pauses in which the application goes on.`,
    remedy: 'Let it end, or end it: pg_terminate_backend(PROCESS).',
  };
}
