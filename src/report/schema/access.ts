/** Who reaches which rows, before and after. */
import { z } from 'zod';
import { count, verdict } from './words.js';

const verb = z.enum(['read', 'change', 'delete', 'add']);

const reached = z
  .object({
    read: count.nullable(),
    change: count.nullable(),
    delete: count.nullable(),
    add: count.nullable(),
  })
  .meta({ id: 'reached', description: 'A person and a row each; null: an error was the answer.' });

export const access = z.object({
  outcome: verdict,
  people: count.describe('Who was tried: those in the data, actors, strangers and visitors.'),
  tables: count,
  rows: count,
  verbs: z.array(verb),
  readAsBefore: count.describe('People who read what they read before, but for what an error had refused.'),
  readAgain: count.describe('People who were refused by an error, and read again what a rule says.'),
  gained: count.describe('People who gained what the bundle does not say.'),
  lost: count,
  gainedAsDeclared: count,
  lostAsDeclared: count,
  differences: z.array(
    z.object({
      outcome: z.enum(['gained', 'lost']),
      isDeclared: z.boolean(),
      table: z.string(),
      verb,
      people: count,
      rows: count,
      person: z.string().nullable().describe('One of them; withheld on a target.'),
      row: z.string().nullable().describe('One of the rows, by its keys; withheld on a target.'),
      policies: z.array(z.string()),
      reason: z.string(),
      isDeniedAsBefore: z
        .boolean()
        .optional()
        .describe('Nothing was lost: a rule says that they can, and they could not before either.'),
    }),
  ),
  reach: z
    .array(
      z.object({
        table: z.string(),
        who: z.enum(['in the data', 'actor', 'stranger', 'visitor']),
        role: z.string(),
        people: count,
        before: reached,
        after: reached,
      }),
    )
    .optional()
    .describe('What people of each kind reached together, of tables of which anybody reached anything.'),
  withdrawn: z
    .array(z.object({ role: z.string(), table: z.string(), columns: z.array(z.string()) }))
    .optional()
    .describe('Columns to which a role that goes on inserting rows gives no value any more.'),
  seen: z
    .array(z.string())
    .describe('Of the bundle, what this database has: rules that spoke of a row, the query for people.'),
  unseen: z.array(z.string()).describe('What was not looked at, and why.'),
  idle: z
    .array(
      z.object({
        table: z.string(),
        verb,
        outcome: z.enum(['gained', 'lost']),
        when: z.enum(['open', 'shut']).nullable(),
        columns: z.array(z.string()).nullable(),
      }),
    )
    .optional()
    .describe('Of a rehearsal: entries of access.differences under which nothing falls here.'),
  sampled: z
    .array(
      z.object({
        table: z.string(),
        rows: count.describe('Rows that were tried.'),
        found: count.describe('Those of them that were found again after the fix.'),
      }),
    )
    .optional()
    .describe('Of a target: tables of which some rows were tried, because they are large.'),
  unjudged: z
    .object({ people: count, reason: z.string() })
    .optional()
    .describe('People in the data whose differences decide nothing, and why; they are not among `people`.'),
  reasons: z.array(z.string()),
});
