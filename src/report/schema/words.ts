/** What many parts of the report have in common: verdicts, counts, and an SQL error. */
import { z } from 'zod';

export const verdict = z.enum(['pass', 'fail']).meta({ id: 'verdict' });

export const skipped = z
  .object({ outcome: z.literal('skipped'), reason: z.string() })
  .meta({ id: 'skipped', description: 'A stage that was not run, and why. It has not passed.' });

export const count = z.int().nonnegative();

export const milliseconds = z.number().nonnegative();

/** As many as the input `shard` takes. */
export const shardNumber = z.int().min(1).max(9999);

export const problem = z
  .object({
    path: z.string().describe("The file, relative to the bundle's folder or as it was given."),
    line: z.int().positive().nullable(),
    column: z.int().positive().nullable(),
    snippet: z
      .string()
      .nullable()
      .describe('The line with the error, and a caret under it where the column is known.'),
    inner: z
      .string()
      .nullable()
      .optional()
      .describe(
        'What a function or dynamic SQL ran when it failed, with a caret, and the functions that ran it.',
      ),
    sqlstate: z.string(),
    message: z.string(),
    detail: z.string().nullable(),
    hint: z.string().nullable().describe("Postgres' own hint, or the names that may have been meant."),
    advice: z.string().nullable().describe('What we advise.'),
  })
  .meta({ id: 'problem', description: 'A SQL error brought back to the file that caused it.' });
