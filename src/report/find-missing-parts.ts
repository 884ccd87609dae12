/** Takes the reports of a matrix and gives a sentence for each part of it that is not there. */
import type { Dealt, Report } from '../model.js';
import { majorOf } from './name-report.js';
import { counted, listed, ranges } from './words.js';

/** A wrong number of reports is a failure in both directions: one too many can hide that another is missing. */
export function findMissingParts(parts: readonly Report[], expected: number | null): string[] {
  const there = parts.length === 1 ? 'is' : 'are';
  const isMiscounted = expected !== null && parts.length !== expected;
  return [
    ...collectWholes(parts).flatMap(sayMissing),
    ...(isMiscounted
      ? [`There ${there} ${counted(parts.length, 'report')}, not ${expected} as expected.`]
      : []),
  ];
}

/** The shards of one major that belong together. */
export interface Whole {
  readonly major: number;
  readonly count: number;
  readonly parts: readonly Report[];
  readonly dealt: Dealt | null;
}

/** A report of the second of four parts says that there were to be four. */
export function collectWholes(parts: readonly Report[]): Whole[] {
  const wholes = new Map<string, Whole>();
  for (const part of parts) {
    if (part.shard === null) continue;
    const { count, dealt = null } = part.shard;
    const major = majorOf(part);
    const known = wholes.get(`${major}/${count}`);
    wholes.set(`${major}/${count}`, {
      major,
      count,
      parts: [...(known?.parts ?? []), part],
      dealt: known?.dealt ?? dealt,
    });
  }
  return [...wholes.values()];
}

/** From 1. */
export function missingShards({ count, parts }: Pick<Whole, 'count' | 'parts'>): number[] {
  const indexes = new Set(parts.map(({ shard }) => shard?.index));
  return Array.from({ length: count }, (_, index) => index + 1).filter((index) => !indexes.has(index));
}

const mostStates = 10;

function sayMissing({ major, count, parts, dealt }: Whole): string[] {
  const missing = missingShards({ count, parts });
  if (missing.length === 0) return [];
  const rehearsed = new Set(parts.flatMap(({ subjects }) => subjects.map(({ name }) => name)));
  const states = (dealt?.states ?? []).filter((name) => !rehearsed.has(name));
  const [noun, verb] = missing.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
  const which = states.length === 0 ? '' : ` Not rehearsed: ${listed(states, mostStates)}.`;
  const again = `Run ${missing.length === 1 ? 'its job' : 'their jobs'} again.`;
  return [`Postgres ${major}: ${noun} ${ranges(missing)} of ${count} ${verb} missing.${which} ${again}`];
}
