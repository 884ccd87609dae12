/** A manifest → the tables of which it says more than the engine can tell apart: a bit of a number tells each fact and each reason. */
import type { z } from 'zod';
import type { Manifest } from './manifest-schema.js';

const most = 31;

export function findTooMany({ preserve }: Manifest): z.core.$ZodIssue[] {
  const tables = [...new Set(preserve.flatMap(({ from }) => from))];
  return tables.flatMap((table) => {
    const kinds = preserve.flatMap((kind, index) => (kind.from.includes(table) ? [{ kind, index }] : []));
    const issueOf = (what: 'facts' | 'quarantine', count: number, words: string): z.core.$ZodIssue[] => {
      const last = kinds.at(-1)?.index ?? 0;
      const message = `${table} has ${count} ${words}, and there may be ${most}. ${what === 'facts' ? 'Name only what may differ: every other column is compared as it is' : 'Join reasons that say the same of a row to one, with or'}`;
      return count > most
        ? [{ code: 'custom', path: ['preserve', last, what], message, input: preserve[last]?.[what] }]
        : [];
    };
    const facts = kinds.flatMap(({ kind }) => Object.keys(kind.facts)).length;
    const reasons = kinds.flatMap(({ kind }) => kind.quarantine).length;
    return [...issueOf('facts', facts, 'facts'), ...issueOf('quarantine', reasons, 'reasons for quarantine')];
  });
}
