/** A manifest → the facts that a kind of row has not though `by` names them, or a condition of its quarantine asks for them as `said.NAME`. */
import type { z } from 'zod';
import type { Manifest } from './manifest-schema.js';
import { nearNames } from './near-names.js';
import { withoutStrings } from './rewrite-tokens.js';

export function findUnknownFacts({ preserve }: Manifest): z.core.$ZodIssue[] {
  return preserve.flatMap((kind, index) => [
    ...unknownIn(kind, kind.by, {
      path: ['preserve', index, 'by'],
      input: kind.by,
      advice: 'name one of them, or give it a fact of that name',
    }),
    ...kind.quarantine.flatMap(({ when = '' }, place) =>
      unknownIn(kind, askedFor(when), {
        path: ['preserve', index, 'quarantine', place, 'when'],
        input: when,
        prefix: 'said.',
        advice: 'its columns have their own names, without said',
      }),
    ),
  ]);
}

interface Asking {
  readonly path: (string | number)[];
  readonly input: unknown;
  readonly prefix?: string;
  readonly advice: string;
}

function unknownIn(
  { name: kind, facts }: Manifest['preserve'][number],
  names: readonly string[],
  { path, input, prefix = '', advice }: Asking,
): z.core.$ZodIssue[] {
  const known = Object.keys(facts);
  return names
    .filter((name) => !Object.hasOwn(facts, name))
    .map((name) => {
      const near = nearNames(
        { schema: null, name },
        known.map((fact) => ({ schema: null, name: fact, written: `${prefix}${fact}` })),
      );
      const meant =
        near.length > 0
          ? `${near.join(' or ')} may be meant`
          : `Its facts are ${known.join(', ')}; ${advice}`;
      return { code: 'custom', path, message: `${kind} has no fact ${name}. ${meant}`, input };
    });
}

/** Where somebody gives the name to something else, or asks the whole row, Postgres has to say. */
function askedFor(condition: string): string[] {
  const text = withoutStrings(condition);
  if (/\bsaid\b(?!\s*\.)/i.test(text)) return [];
  const found = [...text.matchAll(/(?<![\w$".])said\s*\.\s*(?:"([^"]+)"|([a-z_]\w*))/gi)];
  return [...new Set(found.map(([, quoted, plain = '']) => quoted ?? plain.toLowerCase()))];
}
