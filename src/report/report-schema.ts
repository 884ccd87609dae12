/**
 * The report as a zod schema: the order of the keys in its JSON, the published JSON schema, and the check of a report
 * that is read back. A test ties it to `Report` in model.ts, type for type.
 */
import { z } from 'zod';

const verdict = z.enum(['pass', 'fail']).meta({ id: 'verdict' });

const skipped = z
  .object({ outcome: z.literal('skipped'), reason: z.string() })
  .meta({ id: 'skipped', description: 'A stage that was not run, and why. It has not passed.' });

const count = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
/** `17.10`, `18beta1`: an output of the action, so nothing that a shell would obey. */
const postgresVersion = /^\d[\w.+~-]{0,49}$/;
/** As many as the input `shard` takes. */
const shardNumber = z.int().min(1).max(9999);

const problem = z
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

const loading = z.object({
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

const preflight = z.object({
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

const check = z.object({
  number: count,
  title: z.string(),
  path: z.string(),
  before: z.union([checkResult, skipped]),
  after: z.union([checkResult, skipped]),
});

const apply = z.object({
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

const refusal = z.object({
  outcome: verdict,
  expected: z.string(),
  actual: z.string(),
  changed: z.array(z.string()).describe('What the refused fix changed nevertheless.'),
});

const scenarios = z.object({
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

const preservation = z.object({
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

const verb = z.enum(['read', 'change', 'delete', 'add']);

const reached = z
  .object({
    read: count.nullable(),
    change: count.nullable(),
    delete: count.nullable(),
    add: count.nullable(),
  })
  .meta({ id: 'reached', description: 'A person and a row each; null: an error was the answer.' });

const access = z.object({
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

const changes = z.object({
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

const rerun = z.object({
  outcome: verdict,
  changedObjects: z.array(z.string()),
  changedTables: z.array(z.string()),
  rowsWritten: count,
  problem: problem.nullable(),
});

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

const rollback = z.object({
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

const impact = z
  .object({
    people: count.describe('How many the reads were tried as.'),
    sizes: z.array(z.object({ table: z.string(), before: size.nullable(), after: size.nullable() })),
    reads: z.array(z.object({ number: count, title: z.string(), before: timing, after: timing })),
  })
  .describe('What the fix does to sizes and to the reads of the application; no verdict depends on it.');

const subject = z.object({
  kind: z.enum(['state', 'target']),
  name: z.string(),
  title: z.string(),
  outcome: verdict,
  problem: problem.nullable().describe('Why it failed outside its stages.'),
  loading: z.union([loading, skipped]).describe('What became of the statements of `before`.'),
  preflight: z.union([preflight, skipped]),
  checks: z.array(check),
  apply: z.union([apply, skipped]),
  refusal: z.union([refusal, skipped]).describe('For a state that the fix must refuse.'),
  scenarios: z.union([scenarios, skipped]),
  preservation: z.union([preservation, skipped]),
  access: z.union([access, skipped]).describe('Who reaches which rows, before and after.'),
  changes: z
    .union([changes, skipped])
    .describe(
      'What becomes of the catalog. Of several states one tells it: the first that failed, or the one of which most changes.',
    ),
  rerun: z.union([rerun, skipped]),
  rollback: z.union([rollback, skipped]).optional().describe('Of a state: whether a rollback returns.'),
  impact: impact.optional(),
  committed: z
    .enum(['yes', 'no', 'unknown'])
    .optional()
    .describe('Of a target: whether it was changed. unknown: the connection was lost at the commit.'),
  milliseconds,
});

const evidence = z.union([
  z.object({ kind: z.enum(['checks', 'scenarios', 'preservation', 'access', 'rerun']) }),
  z.object({ kind: z.enum(['check', 'scenario']), number: count }),
  z.object({ kind: z.literal('log'), signature: z.string() }),
  z.object({ kind: z.literal('command'), command: z.string() }),
]);

const criterion = z.object({
  title: z.string(),
  evidence: z.array(evidence),
  outcome: z.enum(['met', 'open']),
  shown: z.array(z.string()).describe('What shows it, or what is missing.'),
});

/** As it stands in a report and in the file of `evidence`. */
export const commandResult = z.object({
  command: z.string(),
  outcome: z.enum(['pass', 'fail']),
  shown: z.string(),
  bundle: z.string().describe('The digest of the bundle that it was shown of.'),
  at: z.iso.datetime(),
});

const tally = z
  .object({ planned: count, executed: count, passed: count })
  .meta({ id: 'tally', description: 'A run of zero tests has not passed.' });

const backup = z
  .object({
    kind: z.enum(['dump', 'copy', 'confirmed', 'none']),
    note: z.string().nullable().describe('What somebody said of the backup that they have.'),
    taken: z
      .object({
        file: z.string(),
        bytes: count,
        digest: z.string().describe('SHA-256 of the file.'),
        artifact: z
          .string()
          .optional()
          .describe('Where it was uploaded, before anything was begun; absent: it was not.'),
        isEncrypted: z.boolean(),
        tables: count,
        rows: count,
        objects: count.describe('Definitions that were compared.'),
        restoredOn: z.string().describe('The version of the Postgres that it was restored into.'),
        missing: z.array(z.string()).describe('What is in the database and not in the backup.'),
        untried: z
          .array(z.string())
          .describe('What is in the backup and could not be made where it was tried.'),
        milliseconds,
      })
      .nullable()
      .describe('It was restored and compared; null: none was taken.'),
  })
  .describe('How somebody can go back from a deployment, found out before it began.');

export const reportSchema = z
  .object({
    formatVersion: z.literal(1).describe('Raised when a reader of the report would break.'),
    command: z.enum(['rehearse', 'plan', 'deploy']),
    verdict,
    reasons: z.array(z.string()).describe('Why the verdict is fail beside what the subjects say.'),
    bundle: z.object({
      title: z.string(),
      folder: z.string(),
      digest: z.string().describe("SHA-256 of the bundle's content."),
      isTrusted: z
        .boolean()
        .optional()
        .describe('Its states and platforms were run as a superuser, as trust-bundle asked.'),
    }),
    sections: z.object({
      numbers: z.array(count),
      isWholeFix: z.boolean(),
      added: z
        .array(z.object({ number: count, neededBy: count }))
        .describe('Sections that came along because a chosen one needs them.'),
    }),
    settings: z
      .array(
        z.object({
          name: z.string(),
          value: z.union([z.string(), z.array(z.string())]).describe('A list has its items.'),
          isGiven: z.boolean().describe('Somebody gave it; otherwise it is the default.'),
        }),
      )
      .describe('Every setting of the bundle, with the value that the sections read.'),
    postgres: z
      .array(
        z.object({
          version: z.string().regex(postgresVersion, 'is not a version of Postgres'),
          source: z.string().describe('`url`, `installed`, `embedded`, `docker`, or `target`.'),
        }),
      )
      .describe('Several where reports were merged.'),
    states: z
      .object({ chosen: count, ofBundle: count })
      .optional()
      .describe(
        "How many of the bundle's states were asked for, of how many; absent where none of them were.",
      ),
    shard: z
      .object({
        index: shardNumber,
        count: shardNumber,
        dealt: z
          .object({
            named: z
              .array(z.object({ key: z.string(), sentence: z.string(), isOfAccess: z.boolean() }))
              .optional()
              .describe('What the bundle names, and what to say where no state has it.'),
            states: z.array(z.string()),
            subjects: count,
            checks: count,
            scenarios: count,
          })
          .optional()
          .describe('What all shards together were to rehearse.'),
      })
      .nullable()
      .describe('Which part of the states was rehearsed; null: all that were asked for.'),
    tallies: z.object({ subjects: tally, checks: tally, scenarios: tally }),
    controls: z
      .object({
        planned: count,
        executed: count,
        blind: z.array(z.string()).describe('Those that passed all the same, by number and title.'),
        endedBy: z
          .string()
          .optional()
          .describe('What ended the session there, so that the rest could not be tried.'),
      })
      .describe(
        'Checks and scenarios on a database with nothing but the platform in it, where each must fail.',
      ),
    subjects: z.array(subject).describe('Each database: a state of the bundle, or the target.'),
    culprits: z
      .array(
        z.object({
          proof: z.enum(['rows', 'access']),
          table: z.string(),
          policy: z.string().nullable(),
          path: z.string(),
          line: count,
        }),
      )
      .optional()
      .describe('Of rows that were lost and doors that were opened: the line of the fix to look at first.'),
    criteria: z.array(criterion).optional().describe("The bundle's criteria, ticked or open."),
    commands: z.array(commandResult).optional().describe('What commands beside the rehearsal have shown.'),
    backup: backup.optional(),
    isBrokenOff: z
      .boolean()
      .optional()
      .describe('The server was lost before the end; the reasons say what was not rehearsed.'),
    startedAt: z.iso.datetime(),
    milliseconds,
  })
  .meta({ title: 'schema-fix report' });

/** The JSON schema that is published as `docs/report.schema.json`. Readers must not mind keys that they do not know. */
export function renderReportSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(reportSchema, { io: 'input' }), null, 2)}\n`;
}
