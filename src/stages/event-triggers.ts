/** Event triggers of a database, which fire on what a fix does: what they write or refuse is told by their names, which no file of the fix says. */
import { engineSql } from '../database/engine-sql.js';
import type { Session } from '../database/with-session.js';
import type { Finding } from '../model.js';

interface EventTrigger {
  readonly name: string;
  readonly function: string;
  readonly may_write: boolean;
  readonly may_refuse: boolean;
}

/** Whose functions write rows or raise errors; others, as of hosts that notify their API, are none of ours. */
export async function readEventTriggers(session: Session): Promise<EventTrigger[]> {
  const { rows } = await session.query<EventTrigger>(engineSql('event_triggers'));
  return rows.filter(({ may_write, may_refuse }) => may_write || may_refuse);
}

/** Only warned of: whether it does something about what the fix makes, its function alone knows. */
export function describeEventTrigger(trigger: EventTrigger): Finding {
  const { may_write } = trigger;
  return {
    severity: 'warning',
    what: `The event trigger ${trigger.name} (${trigger.function}) fires on what is made, changed or dropped, as the fix does, and may ${
      may_write ? 'write: the proofs take what it writes for a change of the fix' : 'refuse it'
    }.`,
    remedy: howToDisable([trigger]),
  };
}

export function howToDisable(triggers: readonly EventTrigger[]): string {
  const each = triggers.map(({ name }) => `alter event trigger ${name} disable`).join('; ');
  return `Disable it while the fix is deployed, if it would: ${each}; and enable it again behind it.`;
}
