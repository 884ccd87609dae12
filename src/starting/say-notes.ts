/** What was left out, and what is left to decide → what the user should know, a line each. */
import { keyOf, type Plan } from './plan.js';
import { isDormant } from './there.js';

export interface Omitted {
  /** Tables that a manifest cannot name. */
  readonly unnamed: readonly string[];
  /** Tables for which no row could be made up, and why. */
  readonly unfilled: readonly string[];
  /** What is not in the state, and why. */
  readonly missing: readonly string[];
  /** How many statements of what was given were not loaded. */
  readonly leftOut: number;
}

export function sayNotes(plan: Plan, { unnamed, unfilled, missing, leftOut }: Omitted): string[] {
  const keyless = plan.tables.filter((table) => keyOf(plan, table).length === 0);
  return [
    ...say(
      'Not named in bundle.yml, because the name is not in lower case letters, digits and _, or there is no column',
      unnamed,
    ),
    ...say('No row could be made up for', unfilled),
    ...say(
      'No primary key, and no column that is surely one: decide what tells the rows of these apart',
      keyless.map(({ name }) => name),
    ),
    ...say(
      'Row level security is off and there are policies, which would speak if it were on: decide, and switch it on in sections/02',
      plan.tables.filter(isDormant).map(({ name }) => name),
    ),
    ...say('Left out of the state', missing),
    ...(leftOut > 0
      ? [
          `Of what was given, ${leftOut === 1 ? '1 statement was' : `${leftOut} statements were`} left out: schema-fix rehearse --before lists them.`,
        ]
      : []),
  ];
}

function say(what: string, items: readonly string[]): string[] {
  const most = 10;
  const more = items.length > most ? ` and ${items.length - most} more` : '';
  return items.length === 0 ? [] : [`${what}: ${items.slice(0, most).join('; ')}${more}.`];
}
