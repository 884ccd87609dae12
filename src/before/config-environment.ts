/** Values of a Supabase `config.toml` that name a variable of the environment, `env(NAME)` → what it says, as the Supabase CLI reads them. */
import { z } from 'zod';

/** The value is of no message: whoever wrote the file may have named a secret. */
function fromEnvironment(value: unknown, context: z.RefinementCtx): unknown {
  const [, name] = typeof value === 'string' ? (/^env\((.*)\)$/.exec(value) ?? []) : [];
  if (name === undefined) return value;
  const said = process.env[name];
  if (said) return said;
  context.addIssue({
    code: 'custom',
    message: `says env(${name}), and no variable ${name} is set here. Set it as the Supabase CLI has it`,
  });
  return z.NEVER;
}

export const textOrEnvironment = z.string().transform(fromEnvironment).pipe(z.string());

export const booleanOrEnvironment = z.union([
  z.boolean(),
  textOrEnvironment.pipe(z.enum(['true', 'false'])).transform((text) => text === 'true'),
]);

export const numberOrEnvironment = z.union([
  z.number(),
  textOrEnvironment.pipe(z.string().regex(/^\d+$/)).transform(Number),
]);
