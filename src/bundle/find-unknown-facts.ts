/** A manifest → the facts that a condition of the quarantine asks for as `said.NAME` and its kind of row has not. */
import type { z } from 'zod';
import type { Manifest } from './manifest-schema.js';
import { nearNames } from './near-names.js';
import { withoutStrings } from './rewrite-tokens.js';

export function findUnknownFacts({ preserve }: Manifest): z.core.$ZodIssue[] {
  return preserve.flatMap(({ name: kind, facts, quarantine }, index) =>
    quarantine.flatMap(({ when = '' }, place) =>
      askedFor(when)
        .filter((name) => !Object.hasOwn(facts, name))
        .map((name): z.core.$ZodIssue => {
          const known = Object.keys(facts);
          const near = nearNames(
            { schema: null, name },
            known.map((fact) => ({ schema: null, name: fact, written: `said.${fact}` })),
          );
          return {
            code: 'custom',
            path: ['preserve', index, 'quarantine', place, 'when'],
            message: `${kind} has no fact ${name}. ${near.length > 0 ? `${near.join(' or ')} may be meant` : `Its facts are ${known.join(', ')}; its columns have their own names, without said`}`,
            input: when,
          };
        }),
    ),
  );
}

/** Where somebody gives the name to something else, or asks the whole row, Postgres has to say. */
function askedFor(condition: string): string[] {
  const text = withoutStrings(condition);
  if (/\bsaid\b(?!\s*\.)/i.test(text)) return [];
  const found = [...text.matchAll(/(?<![\w$".])said\s*\.\s*(?:"([^"]+)"|([a-z_]\w*))/gi)];
  return [...new Set(found.map(([, quoted, plain = '']) => quoted ?? plain.toLowerCase()))];
}
