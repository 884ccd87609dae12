/** What a database holds beside its rows → what of it is gone after the fix: large objects, and triggers that no longer fire. */
import type { Session } from '../../database/with-session.js';

export interface BesideRows {
  readonly largeObjects: number;
  /** Triggers and rules that somebody made and that act, as a sentence names them. */
  readonly acting: readonly string[];
  readonly idle: readonly string[];
}

export async function noteBesideRows(session: Session): Promise<BesideRows> {
  const { rows: counted } = await session.query<{ count: string }>(
    'select count(*) as count from pg_catalog.pg_largeobject_metadata',
  );
  const { rows } = await session.query<{ name: string; acts: boolean }>(
    `select pg_catalog.format('the trigger %I on %s', tgname, tgrelid::pg_catalog.regclass) as name, tgenabled <> 'D' as acts
     from pg_catalog.pg_trigger
     where not tgisinternal
     union all
     select pg_catalog.format('the rule %I on %s', rulename, ev_class::pg_catalog.regclass), ev_enabled <> 'D'
     from pg_catalog.pg_rewrite`,
  );
  return {
    largeObjects: Number(counted[0]?.count),
    acting: rows.filter(({ acts }) => acts).map(({ name }) => name),
    idle: rows.filter(({ acts }) => !acts).map(({ name }) => name),
  };
}

/** A trigger that is not there any more was dropped on purpose; one that is left disabled was forgotten. */
export function describeLeftBehind(before: BesideRows, after: BesideRows): string | null {
  const missing = before.largeObjects - after.largeObjects;
  const disabled = after.idle.filter((name) => before.acting.includes(name));
  const reasons = [
    ...(missing > 0 ? [`${missing} of ${before.largeObjects} large objects are gone`] : []),
    ...disabled.map((name) => `${name} was left disabled`),
  ];
  return reasons.length === 0 ? null : reasons.join('; ');
}
