/** What becomes of a target's catalog, in short: `+9 functions, −7 policies, ~2 constraints`. */
import type { ChangesResult, DefinitionChange } from '../model.js';
import { count } from './words.js';

export type Sign = '+' | '−' | '~';

export function signOf({ before, after }: DefinitionChange): Sign {
  if (before === null) return '+';
  return after === null ? '−' : '~';
}

const plurals: Readonly<Record<string, string>> = { policy: 'policies', index: 'indexes' };

/** Kinds in the order of their names, what is made before what goes before what changes. */
export function sayChanges({ changes }: ChangesResult): string {
  if (changes.length === 0) return 'no definition changes';
  const tallies = new Map<string, number>();
  for (const sign of ['+', '−', '~'] as const) {
    for (const change of changes.filter((candidate) => signOf(candidate) === sign)) {
      const key = `${sign} ${kindOf(change)}`;
      tallies.set(key, (tallies.get(key) ?? 0) + 1);
    }
  }
  return [...tallies]
    .map(([key, number]) => {
      const [sign = '', kind = ''] = key.split(/ (.*)/);
      return `${sign}${count(number)} ${number === 1 ? kind : (plurals[kind] ?? `${kind}s`)}`;
    })
    .join(', ');
}

/** `materialized view`, `event trigger` and `default privileges` are two words. */
function kindOf({ object }: DefinitionChange): string {
  return /^(materialized view|event trigger|default privilege|\w+)/.exec(object)?.[1] ?? 'object';
}
