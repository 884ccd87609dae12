/** What a rollback came to, and what the fix does to sizes and reads. */
import { z } from 'zod';
import { count, milliseconds, problem, skipped } from './words.js';

const triedRollback = z.object({
  refused: z
    .array(z.string())
    .describe('What it says is in the way before it does anything; empty: it returned.'),
  chosen: z.array(z.string()).describe('What its user has to choose, as options of the command line.'),
  kept: z
    .array(z.string())
    .describe('What is not exactly as it was and cannot be, or stays of the deployment.'),
  differing: z.array(z.string()).describe('What is not what it was, and was not told.'),
  rows: z.object({ before: count, returned: count }),
  since: z.object({ written: count, kept: count }).describe('Rows that the application wrote in between.'),
  problem: problem.nullable(),
});

export const rollback = z.object({
  outcome: z
    .enum(['pass', 'fail', 'refused'])
    .describe('refused: it says itself, before it does anything, that it cannot return.'),
  plain: triedRollback.describe('Right after the deployment.'),
  used: z.union([triedRollback, skipped]).describe('After the application was used in between.'),
  definitions: count.describe('Definitions of the database as it was, each of which was compared.'),
  people: count.describe('Who was tried before the deployment and after the rollback.'),
  again: z
    .union([z.object({ passed: count, planned: count }), skipped])
    .describe('Checks that passed the first time, when the fix was applied once more.'),
});

const size = z.object({ rows: z.number(), indexes: z.number() }).meta({ description: 'Bytes.' });

const timing = z.union([
  z.object({ kind: z.literal('done'), milliseconds, rows: z.number(), plan: z.array(z.string()) }),
  z.object({ kind: z.literal('refused'), sqlstate: z.string() }),
  z.object({ kind: z.enum(['unfinished', 'untried']) }),
]);

export const impact = z
  .object({
    people: count.describe('How many the reads were tried as.'),
    sizes: z.array(z.object({ table: z.string(), before: size.nullable(), after: size.nullable() })),
    reads: z.array(z.object({ number: count, title: z.string(), before: timing, after: timing })),
  })
  .describe('What the fix does to sizes and to the reads of the application; no verdict depends on it.');
