/** Takes the reports of a matrix and gives a sentence for each part of it that is not there. */
import type { Report } from '../model.js';
import { majorOf } from './name-report.js';
import { counted, ranges } from './words.js';

/** A wrong number of reports is a failure in both directions: one too many can hide that another is missing. */
export function findMissingParts(parts: readonly Report[], expected: number | null): string[] {
  const there = parts.length === 1 ? 'is' : 'are';
  const isMiscounted = expected !== null && parts.length !== expected;
  return [
    ...findMissingShards(parts),
    ...(isMiscounted
      ? [`There ${there} ${counted(parts.length, 'report')}, not ${expected} as expected.`]
      : []),
  ];
}

/** A report of the second of four parts says that there were to be four. */
function findMissingShards(parts: readonly Report[]): string[] {
  const wholes = new Map<string, { major: number; count: number; indexes: Set<number> }>();
  for (const part of parts) {
    if (part.shard === null) continue;
    const { index, count } = part.shard;
    const major = majorOf(part);
    const whole = wholes.get(`${major}/${count}`) ?? { major, count, indexes: new Set() };
    wholes.set(`${major}/${count}`, whole);
    whole.indexes.add(index);
  }
  return [...wholes.values()].flatMap(({ major, count, indexes }) => {
    const all = Array.from({ length: count }, (_, index) => index + 1);
    const missing = all.filter((index) => !indexes.has(index));
    if (missing.length === 0) return [];
    const [noun, verb] = missing.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
    return [`Postgres ${major}: ${noun} ${ranges(missing)} of ${count} ${verb} missing.`];
  });
}
