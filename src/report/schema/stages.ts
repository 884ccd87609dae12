/** What the stages of a run came to, but what became of rows and of who reaches them. */
import { z } from 'zod';
import { count, milliseconds, problem, skipped, verdict } from './words.js';

export const loading = z.object({
  outcome: verdict,
  statements: count.describe('Run or left out, until it ended.'),
  loaded: count,
  rows: count.describe('Brought by COPY.'),
  leftOut: z
    .array(
      z.object({
        path: z.string(),
        line: z.int().positive(),
        kind: z.enum([
          'extension',
          'role',
          'owner',
          'comment',
          'event trigger',
          'default privileges',
          'database',
          'setting',
          'host',
          'not copied',
        ]),
        statement: z.string(),
        reason: z.string(),
        meets: z.string().nullable().describe('How the fix can meet what is missing; null: it cannot.'),
      }),
    )
    .describe('What could not be run for a reason of the host.'),
  added: z.array(z.string()).describe('What the statements ask for and do not hold.'),
  leftAlone: z
    .array(z.string())
    .optional()
    .describe('Files with SQL in the folders that were given, which are not loaded.'),
  misfits: z
    .array(z.string())
    .optional()
    .describe('Where the server is another than the one that it is for.'),
});

export const preflight = z.object({
  outcome: verdict,
  serverVersion: z.string(),
  database: z.string(),
  role: z.string(),
  tables: z.array(
    z.object({ table: z.string(), rows: count.nullable().describe('null: there is no such table.') }),
  ),
  findings: z
    .array(
      z.object({
        severity: z.enum(['refusal', 'warning', 'note']),
        what: z.string(),
        remedy: z.string().nullable(),
      }),
    )
    .describe('What was found about a target before anything was begun. With a refusal nothing is.'),
});

const checkResult = z.object({
  outcome: verdict,
  assertions: z.array(
    z.object({ object: z.string(), expected: z.string(), actual: z.string(), outcome: verdict }),
  ),
  reason: z.string().nullable(),
  problem: problem.nullable(),
});

export const check = z.object({
  number: count,
  title: z.string(),
  path: z.string(),
  before: z.union([checkResult, skipped]),
  after: z.union([checkResult, skipped]),
});

export const apply = z.object({
  outcome: verdict,
  attempts: count.describe('More than 1 when a lock could not be had in time.'),
  isRefusal: z
    .boolean()
    .optional()
    .describe('The problem is one that the fix raised itself: it asks for a decision, and nothing broke.'),
  foundNoTable: z
    .boolean()
    .optional()
    .describe('The fix made its tables, for none of them was there: it repaired nothing.'),
  sections: z.array(
    z.object({
      number: count,
      title: z.string(),
      outcome: z.enum(['pass', 'fail', 'skipped']),
      milliseconds,
      notices: z.array(z.string()),
      warnings: z
        .array(z.string())
        .optional()
        .describe('Those of the notices that the fix raised as warnings.'),
    }),
  ),
  locks: z.array(
    z.object({
      section: count,
      relation: z.string(),
      mode: z.string(),
      milliseconds: milliseconds.describe('From when it was taken until the transaction ended.'),
    }),
  ),
  problem: problem.nullable(),
  milliseconds,
});

export const refusal = z.object({
  outcome: verdict,
  expected: z.string(),
  actual: z.string(),
  changed: z.array(z.string()).describe('What the refused fix changed nevertheless.'),
});

export const scenarios = z.object({
  outcome: verdict,
  scenarios: z.array(
    z.object({
      number: count,
      title: z.string(),
      path: z.string(),
      outcome: verdict,
      steps: z.array(
        z.object({
          title: z.string(),
          actor: z.string(),
          line: z.int().positive(),
          outcome: z.enum(['pass', 'fail', 'skipped']),
          expected: z.string(),
          actual: z.string(),
          httpStatus: z.int().nullable().describe('What the data API would answer to a refused statement.'),
          problem: problem.nullable(),
        }),
      ),
      reason: z.string().nullable(),
    }),
  ),
});

export const changes = z.object({
  outcome: verdict,
  changes: z.array(
    z.object({
      object: z.string(),
      before: z.string().nullable().describe('null: it was not there.'),
      after: z.string().nullable().describe('null: it is not there any more.'),
    }),
  ),
  unplanned: z.array(z.string()).describe('Objects that changed otherwise than the plan says.'),
});

export const rerun = z.object({
  outcome: verdict,
  changedObjects: z.array(z.string()),
  changedTables: z.array(z.string()),
  rowsWritten: count,
  problem: problem.nullable(),
});
