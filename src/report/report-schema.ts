/**
 * The report as a zod schema: the order of the keys in its JSON, the published JSON schema, and the check of a report
 * that is read back. A test ties it to `Report` in model.ts, type for type.
 */
import { z } from 'zod';
import { access } from './schema/access.js';
import { impact, rollback } from './schema/afterwards.js';
import { preservation } from './schema/rows.js';
import { apply, changes, check, loading, preflight, refusal, rerun, scenarios } from './schema/stages.js';
import { count, milliseconds, problem, shardNumber, skipped, verdict } from './schema/words.js';

/** `17.10`, `18beta1`: an output of the action, so nothing that a shell would obey. */
const postgresVersion = /^\d[\w.+~-]{0,49}$/;

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
          column: z.string().optional(),
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
