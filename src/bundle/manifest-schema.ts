/** What `bundle.yml` may say, and the JSON schema of it. */
import { z } from 'zod';
import { asksTheRow } from './asks-the-row.js';
import type { JsonSchema } from './describe-issue.js';
import { criteriaSchema } from './read-criteria.js';
import { monitorSchema } from './read-monitor.js';
import { callsSetval, findReachingOut } from './refuse-what-stays.js';
import { standsAlone } from './stands-alone.js';
import { tableName, tableOrColumnName } from './table-name.js';

/** `trigger audit on public.fees`, `function public.me`, `constraint * on public.notes`. */
const objectName = z
  .string()
  .regex(
    /^[a-z][a-z ]* \S.*$/s,
    'is not an object as a report names it: its kind and its name, trigger audit on public.fees',
  );
/** `public.cancel(id bigint)`: of several functions of one name. */
const functionSignature = z.string().regex(/^[^\s()]+\.[^\s()]+\(.*\)$/s);
const neither = {
  error:
    'is neither a table, schema.name, a column, schema.name.column, nor an object as a report names it, trigger audit on public.fees',
};
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'is not a name: lower case letters, digits and _');

/** What the session of a person may say. */
export const settingName = z
  .string()
  .regex(
    /^[a-z_][a-z0-9_$]*(\.[a-z_][a-z0-9_$]*)+$/,
    'is not a setting of an application, like app.user_id: lower case letters, digits and _, with a dot',
  )
  .refine(
    (key) => !/^(schema_fix|scenario|actor|request\.jwt)\./.test(key),
    'is one that the engine makes itself; the claims of a token are said under claims',
  );
/** As Postgres keeps it: `42` is `'42'`. */
const settingValue = z.union([z.string(), z.int(), z.boolean()]).transform(String);

/** The engine asks it of whatever it works on, a target of `plan` among them. */
const query = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const found = [
      ...findReachingOut(text),
      ...(callsSetval(text) ? ['setval stays when it is rolled back'] : []),
    ];
    for (const message of found) context.addIssue({ code: 'custom', message });
  });

/** It becomes a part of the engine's own statements. */
const sql = query.refine(
  standsAlone,
  'is not one expression or query: it ends its statement, closes a parenthesis that it has not opened, or leaves one, a string or a comment open',
);

/** What lets rows differ. */
const ofTheRow = sql.refine(
  asksTheRow,
  'says the same of every row, and so would let any of them differ. Write it of value, older, or a column: value is null',
);

/** Names of columns, or a query of the prelude that gives them. */
const columns = z.union([z.array(z.string().min(1)).min(1), z.strictObject({ query: sql })]);
const columnsOrNone = z.union([z.array(z.string().min(1)), z.strictObject({ query: sql })]);

const description = z.string().min(1);
const setting = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), default: z.string(), description }),
  z.strictObject({ type: z.literal('integer'), default: z.int(), description }),
  z.strictObject({ type: z.literal('boolean'), default: z.boolean(), description }),
  z.strictObject({ type: z.literal('list'), default: z.array(z.string().min(1)), description }),
]);

export const manifestSchema = z.strictObject({
  title: z
    .string()
    .min(1)
    .refine((text) => !/\p{C}/u.test(text), 'is not one line of text without control characters'),
  platform: name.nullable().default(null),
  deployer: name.nullable().default(null),
  tables: z.array(tableName).min(1),
  claims: query.nullable().default(null),
  quarantine: tableName.nullable().default(null),
  imported: tableName.nullable().default(null),
  preserve: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        from: z.array(tableName).min(1),
        to: z.array(tableName).min(1),
        merge: z.union([z.boolean(), z.array(z.string().min(1)).min(1)]).default(false),
        by: z.array(z.string().min(1)).default([]),
        leaves: z
          .record(z.string().min(1), z.union([z.enum(['any', 'anew']), z.array(z.string())]))
          .default({}),
        not_copied: columnsOrNone.default([]),
        appears: ofTheRow.nullable().default(null),
        quarantine: z
          .array(
            z
              .strictObject({
                reason: z.string().min(1),
                when: ofTheRow.optional(),
                repeated: z.literal(true).optional(),
              })
              .refine(
                ({ when, repeated }) => (when === undefined) !== (repeated === undefined),
                'needs either `when`, a condition on the row, or `repeated: true`',
              ),
          )
          .max(15)
          .default([]),
        copies: z.array(z.string().min(1)).default([]),
        facts: z
          .record(
            name,
            z.strictObject({
              columns,
              type: z.enum(['text', 'uuid', 'timestamptz', 'bigint']).default('text'),
              normalise: ofTheRow.nullable().default(null),
              compared_as: sql.nullable().default(null),
              made_unique: z.boolean().default(false),
              gap: ofTheRow.nullable().default(null),
              fill: sql.nullable().default(null),
            }),
          )
          .refine((facts) => Object.keys(facts).length > 0, 'needs one fact at least'),
      }),
    )
    .refine(
      (kinds) => new Set(kinds.map((kind) => kind.name)).size === kinds.length,
      'gives one name to two kinds of row; each has a name of its own',
    )
    .default([]),
  adds: z.array(tableOrColumnName).default([]),
  drops: z.array(z.union([tableOrColumnName, objectName], neither)).default([]),
  changes: z.array(z.union([objectName, z.strictObject({ query: sql })])).default([]),
  keyed: z
    .strictObject({
      retype: z.boolean().default(false),
      detach: z.boolean().default(false),
      quarantine: z.boolean().default(false),
    })
    .nullable()
    .default(null),
  settings: z.record(name, setting).default({}),
  monitor: monitorSchema.prefault({}),
  criteria: criteriaSchema,
  access: z
    .strictObject({
      people: query.nullable().default(null),
      functions: z
        .array(
          z.union([functionSignature, tableName], {
            error: 'is no function written schema.name or, of several, schema.name(id bigint)',
          }),
        )
        .default([]),
      differences: z
        .array(
          z.strictObject({
            table: tableName,
            verb: z.enum(['read', 'change', 'delete', 'add']),
            outcome: z.enum(['gained', 'lost']),
            when: z.enum(['open', 'shut']).nullable().default(null),
            columns: columns.nullable().default(null),
            reason: z.string().min(1),
          }),
        )
        .default([]),
    })
    .prefault({}),
  actors: z
    .record(
      name,
      z.strictObject({
        role: name,
        claims: z.record(z.string(), z.unknown()).default({}),
        session: z.record(settingName, settingValue).default({}),
      }),
    )
    .refine((actors) => !('deployer' in actors), 'cannot hold "deployer": that is the deployer itself')
    .default({}),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** The JSON schema that editors complete `bundle.yml` by: what this file accepts, but for what takes a look at the SQL. */
export function renderManifestSchema(): string {
  return `${JSON.stringify(makeJsonSchema(), null, 2)}\n`;
}

export function makeJsonSchema(): JsonSchema {
  return z.toJSONSchema(manifestSchema, { io: 'input' }) as JsonSchema;
}
