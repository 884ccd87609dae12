/** The key `criteria` of the manifest → what has to be so, and what shows it; evidence that there is none of is a problem. */
import { z } from 'zod';
import type { Check, Criterion, Evidence, Scenario } from '../model.js';

const stages = ['checks', 'scenarios', 'preservation', 'access', 'rerun'] as const;

const evidence = z.union(
  [
    z.enum(stages),
    z.strictObject({ check: z.int() }),
    z.strictObject({ scenario: z.union([z.int(), z.string().min(1)]) }),
    z.strictObject({ command: z.string().min(1) }),
    z.strictObject({ log: z.enum(['42501', '23505', '23503', '42P17', 'other']) }),
  ],
  {
    error: `is no evidence: one of ${stages.join(', ')}, { check: NUMBER }, { scenario: NUMBER or NAME }, { command: TEXT }, { log: SQLSTATE }`,
  },
);

export const criteriaSchema = z
  .array(z.strictObject({ title: z.string().min(1), evidence: z.array(evidence).min(1) }))
  .default([]);

export function criteriaOf(
  criteria: z.infer<typeof criteriaSchema>,
  known: { readonly checks: readonly Check[]; readonly scenarios: readonly Scenario[] },
  problems: string[],
): Criterion[] {
  return criteria.map(({ title, evidence: pieces }, index) => ({
    title,
    evidence: pieces.flatMap((piece) => {
      const found = resolve(piece, known);
      if (typeof found !== 'string') return [found];
      problems.push(`bundle.yml: criteria.${index}: ${found}`);
      return [];
    }),
  }));
}

/** The evidence, or what is wrong with it. */
function resolve(
  piece: z.infer<typeof evidence>,
  { checks, scenarios }: { readonly checks: readonly Check[]; readonly scenarios: readonly Scenario[] },
): Evidence | string {
  if (typeof piece === 'string') {
    const isAbsent = piece === 'scenarios' && scenarios.length === 0;
    return isAbsent ? 'there is no scenario, so scenarios show nothing. Take it out.' : { kind: piece };
  }
  if ('log' in piece) return { kind: 'log', signature: piece.log };
  if ('command' in piece) return { kind: 'command', command: piece.command };
  if ('check' in piece) {
    const isThere = checks.some(({ number }) => number === piece.check);
    return isThere
      ? { kind: 'check', number: piece.check }
      : `there is no check ${piece.check}. The checks are ${numbersOf(checks)}.`;
  }
  const scenario = scenarios.find(
    ({ number, file }) => number === piece.scenario || file.path === `scenarios/${piece.scenario}.sql`,
  );
  return scenario === undefined
    ? `there is no scenario ${piece.scenario}. The scenarios are ${numbersOf(scenarios)}, or their files' names without ending.`
    : { kind: 'scenario', number: scenario.number };
}

function numbersOf(items: readonly { readonly number: number }[]): string {
  return items.map(({ number }) => number).join(', ') || 'none';
}
