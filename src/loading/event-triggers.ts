/** An event trigger that was made or dropped → accounted for: it fires on what is loaded, and is not there when the fix is tried. */
import { nameInSql } from '../database/quote.js';
import { describeStatement } from './describe-statement.js';
import type { Ledger } from './ledger.js';
import { countLoaded, type LoadContext, leave, type SqlItem } from './load-context.js';

/** Whether the statement may be one of these. */
export const isAboutEventTrigger = /^(create|drop)\s+event\s+trigger\b/i;

export function noteEventTrigger(context: LoadContext, item: SqlItem): void {
  const { ledger } = context;
  const described = describeStatement(item.text);
  const [[name = ''] = []] = described.targets;
  if (described.verb === 'create') {
    const reason =
      'it has fired on what these files make, as on the host, and is taken away before the fix is tried';
    leave(context, item, { kind: 'event trigger', described, reason, isThere: true });
    const listed = ledger.leftOut.at(-1);
    if (listed !== undefined) ledger.eventTriggers.set(name, listed);
    return;
  }
  countLoaded(ledger);
  const listed = ledger.eventTriggers.get(name);
  if (listed === undefined) return;
  ledger.eventTriggers.delete(name);
  ledger.leftOut.splice(ledger.leftOut.indexOf(listed), 1);
  ledger.loaded += 1;
}

/** What is said of one that is listed already, by who makes or was to make it: its owner, its comment, whether it fires. */
export function isSaidOfEventTrigger({ leftOut }: Ledger, text: string): boolean {
  const name = ofEventTrigger.exec(text)?.[1];
  return (
    name !== undefined &&
    leftOut.some(
      ({ kind, statement }) => kind === 'event trigger' && makesEventTrigger.exec(statement)?.[1] === name,
    )
  );
}

const ofEventTrigger = new RegExp(
  String.raw`^(?:alter|comment\s+on)\s+event\s+trigger\s+(${nameInSql})`,
  'i',
);
const makesEventTrigger = new RegExp(String.raw`^create\s+event\s+trigger\s+(${nameInSql})`, 'i');
