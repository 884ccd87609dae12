/** Triggers and rules of the application → those that acted before the fix and are left disabled after it. */
import type { Session } from '../../database/with-session.js';

export interface Triggers {
  /** As a sentence names them. */
  readonly acting: readonly string[];
  readonly disabled: readonly string[];
}

export async function noteTriggers(session: Session): Promise<Triggers> {
  const { rows } = await session.query<{ name: string; acts: boolean }>(
    `select pg_catalog.format('the trigger %I on %s', tgname, tgrelid::pg_catalog.regclass) as name, tgenabled <> 'D' as acts
     from pg_catalog.pg_trigger
     where not tgisinternal
     union all
     select pg_catalog.format('the rule %I on %s', rulename, ev_class::pg_catalog.regclass), ev_enabled <> 'D'
     from pg_catalog.pg_rewrite`,
  );
  return {
    acting: rows.filter(({ acts }) => acts).map(({ name }) => name),
    disabled: rows.filter(({ acts }) => !acts).map(({ name }) => name),
  };
}

/** One that is not there any more was dropped on purpose; one that is left disabled was forgotten. */
export function describeDisabled(before: Triggers, after: Triggers): string | null {
  const forgotten = after.disabled.filter((name) => before.acting.includes(name));
  return forgotten.length === 0 ? null : `${forgotten.join(' and ')} acted before and was left disabled`;
}
