/** What became of the rows. */
import { z } from 'zod';
import { count, verdict } from './words.js';

const difference = z.object({
  word: z.enum([
    'gone',
    'changed',
    'appeared',
    'moved without being declared',
    'depends on where it runs',
    'asks what nobody was tried with',
    'reaches out of the database',
    'acts beyond its row',
    'means something else',
    'raises an error',
    'comes to what is taken',
    'refuses what was taken',
    'are not what its query answers',
  ]),
  table: z.string(),
  key: z.string().nullable().describe('null: the table itself, or columns of it.'),
  columns: z.array(z.string()),
});

const comparison = z.object({
  outcome: verdict,
  planned: count.describe('Tables that were there before.'),
  compared: count,
  unwritten: count.describe('Tables of others, proven by nothing having been written into them.'),
  rows: count.describe('Rows that were compared, with every column.'),
  differing: count,
  differences: z.array(difference).describe('The first 20 of each table.'),
  keys: z
    .array(z.object({ table: z.string(), column: z.string(), followed: count, forgotten: count }))
    .default([])
    .describe(
      'Keys that followed what they point at, or forgot it, because `keyed` of the manifest lets them.',
    ),
  declared: z
    .array(
      difference.extend({
        does: z.array(z.string()).default([]),
        text: z.string().nullable().default(null),
        digest: z.string().nullable().default(null),
        protected: z
          .boolean()
          .default(false)
          .describe('Whether, as it was, it refused something or acted on what is written.'),
      }),
    )
    .default([])
    .describe(
      'Objects that differ as the manifest says, and policies, triggers, functions and the like that the fix made.',
    ),
  seen: z
    .array(z.string())
    .describe(
      'Tables and columns of the manifest that this database has, and what of it let something differ.',
    ),
});

export const preservation = z.object({
  outcome: verdict,
  comparison,
  kinds: z.array(
    z.object({
      name: z.string(),
      outcome: verdict,
      before: count,
      inPlace: count,
      moved: count,
      merged: count,
      quarantined: count,
      lost: count,
      lostRows: z
        .array(
          z.object({
            table: z.string(),
            facts: z.string(),
            word: z.enum(['gone', 'changed', 'moved without being declared']),
            columns: z.array(z.string()),
          }),
        )
        .describe('The first of them.'),
      appeared: count.default(0).describe('New ones that `appears` of the manifest lets be there.'),
      excused: z
        .array(
          z.object({
            fact: z.string(),
            normalised: count,
            alike: count.default(0),
            filled: count,
            left: count.optional(),
          }),
        )
        .default([])
        .describe(
          'Values that are others or not there, because `normalise`, `gap` or `leaves` of the manifest lets them.',
        ),
    }),
  ),
  quarantine: z
    .object({
      expected: count.nullable(),
      actual: count,
      reasons: z.array(z.object({ reason: z.string(), rows: count })),
    })
    .nullable(),
  reason: z.string().nullable(),
});
