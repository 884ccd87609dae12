/** The key `monitor` of the manifest → how logs are judged after a deployment. */
import { z } from 'zod';
import type { Monitoring } from '../model.js';

const named = z
  .string()
  .regex(/^[a-z_][a-z0-9_$]*\.[a-z_][a-z0-9_$]*$/, 'is not a name written schema.name, in lower case');
const sqlstate = z.string().regex(/^[0-9A-Z]{5}$/, 'is not a SQLSTATE: five digits or capital letters');
const signature = z
  .string()
  .regex(/^(42501|23505|23503|42P17|other)$/, 'is none of 42501, 23505, 23503, 42P17, other');

export const monitorSchema = z.strictObject({
  minutes: z.int().min(0).default(60),
  errors_per_hour: z.record(signature, z.number().min(0)).default({}),
  slower: z.number().min(1).nullable().default(null),
  expected: z
    .array(z.strictObject({ sqlstate, message: z.string().min(1).nullable().default(null) }))
    .default([]),
  rates: z
    .array(
      z
        .strictObject({
          title: z.string().min(1),
          insert: named.optional(),
          call: named.optional(),
          at_least: z.number().min(0).max(100).default(100),
        })
        .refine(
          ({ insert, call }) => (insert === undefined) !== (call === undefined),
          'is of one thing: insert, a table, or call, a function',
        ),
    )
    .default([]),
});

export function monitoringOf({
  errors_per_hour: errorsPerHour,
  rates,
  ...rest
}: z.infer<typeof monitorSchema>): Monitoring {
  return {
    ...rest,
    errorsPerHour,
    rates: rates.map(({ title, insert, call, at_least: atLeast }) => ({
      title,
      of: insert === undefined ? { kind: 'call', name: call ?? '' } : { kind: 'insert', name: insert },
      atLeast,
    })),
  };
}
