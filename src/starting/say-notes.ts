/** What was left out, and what is left to decide → what the user should know, a line each. */
import { some } from '../counted.js';
import type { LeftOut } from '../model.js';
import { keylessOf, type Plan } from './plan.js';
import { isDormant, type Table, type Unfilled } from './there.js';

export interface Omitted {
  /** Tables that a manifest cannot name. */
  readonly unnamed: readonly string[];
  readonly unfilled: readonly Unfilled[];
  /** What is not in the state, and why. */
  readonly missing: readonly string[];
  /** Statements of what was given that were not loaded. */
  readonly leftOut: readonly LeftOut[];
  /** Files in the folders that were given, which were not loaded. */
  readonly leftAlone: readonly string[];
}

export function sayNotes(plan: Plan, { unnamed, unfilled, missing, leftOut, leftAlone }: Omitted): string[] {
  return [
    ...say('Not named in bundle.yml, because there is a dot or a quote in the name, or no column', unnamed),
    ...say(
      'Add rows to the state yourself, for none could be made up for',
      sayUnfilled(unfilled, plan.tables),
    ),
    ...say(
      'No primary key, and no column that is surely one: decide what tells the rows of these apart, in sections/01, and say true in checks/01',
      keylessOf(plan).map(({ name }) => name),
    ),
    ...say(
      'Row level security is off and there are policies, which would speak if it were on: decide, switch it on in sections/02, and say true in checks/02',
      plan.tables.filter(isDormant).map(({ name }) => name),
    ),
    ...say('Left out of the state', missing),
    ...say(
      'Left out of what was given, because only the host can run it',
      leftOut.map(({ path, line, statement, reason }) => `${path}:${line}: ${statement} (${reason})`),
    ),
    ...say(
      'Left alone in the folders that were given; what is to be loaded, too, is given for itself',
      leftAlone,
    ),
  ];
}

/** Of one of the ways of saying who reaches what: whom it shuts out. */
export function sayWhoReaches({ owned, tables, isSupabase }: Plan): string[] {
  const columns = [...owned].map(([table, column]) => `${table} (${column})`);
  const isUnknown = !isSupabase && tables.every(({ grantees }) => grantees.length === 0);
  return [
    ...say(
      'Everybody reached every row, and with this fix only their own, by the column in brackets; where others are to read them too, say so in sections/02 and access/',
      columns,
    ),
    ...(isUnknown
      ? [
          'No privilege was given to anybody but the owner, whom row level security does not bind. Where the application connects as another role, name it in platforms/app.sql and give it in the state what it has: without a policy this fix would shut it out.',
        ]
      : []),
  ];
}

/** One refusal may keep many tables from a row. */
function sayUnfilled(unfilled: readonly Unfilled[], tables: readonly Table[]): string[] {
  const causes = new Map<string, string[]>();
  for (const { table, refusal } of unfilled) {
    const check = tables
      .find(({ name }) => name === refusal.table)
      ?.checks.find(({ name }) => name === refusal.constraint);
    const cause = `${refusal.table}: ${refusal.message}${check === undefined ? '' : `, ${check.definition}`}`;
    causes.set(cause, [...(causes.get(cause) ?? []), ...(table === refusal.table ? [] : [table])]);
  }
  return [...causes].map(([cause, others]) =>
    others.length === 0 ? cause : `${cause}; and so for ${others.join(', ')}`,
  );
}

function say(what: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${what}: ${some(items, 10, '; ')}.`];
}
