/** What the fix leaves that acts later, and what it asks that no trial answers → a line each. */
import type { ObjectDifference, Report } from '../model.js';
import { count, listed } from './words.js';

/** Databases have the same objects, which are told once. */
function objectsOf({ subjects }: Report): ObjectDifference[] {
  const objects = subjects.flatMap(({ preservation }) =>
    preservation.outcome === 'skipped' ? [] : preservation.comparison.declared,
  );
  return [
    ...new Map(objects.map((object) => [JSON.stringify([object.table, object.does]), object])).values(),
  ];
}

/** Whoever writes a row sets it going, and nobody asks for it. */
export const actsLater = ({ word, table }: ObjectDifference): boolean =>
  word !== 'gone' && /^(trigger|rule|event trigger|default|generated column|publication) /.test(table);

/** `asks the time`: when a row is written is none of who reaches it. */
const asksMoment = ({ table, does }: ObjectDifference): string[] =>
  /^(policy|view|rule) /.test(table) ? does.filter((what) => /^asks /.test(what)) : [];

const isOfAValue = ({ table }: ObjectDifference): boolean => /^(default|generated column) /.test(table);

export function sayObjects(report: Report): string[] {
  const objects = objectsOf(report);
  const names = new Set(objects.map(({ table }) => table));
  const later = objects
    .filter(actsLater)
    .sort((one, other) => Number(isOfAValue(one)) - Number(isOfAValue(other)))
    .map(({ table, does }) => (does.length === 0 ? table : `${table} (${does.join(', ')})`));
  const unproven = objects.flatMap((object) => {
    const asked = asksMoment(object);
    return asked.length === 0 ? [] : [`${object.table} ${asked.join(', ')}`];
  });
  const isOne = names.size === 1;
  return [
    ...(names.size === 0
      ? []
      : [
          `${count(names.size)} ${isOne ? 'policy, function, trigger or other object differs' : 'policies, functions, triggers and other objects differ'} because the fix made, changed or took ${isOne ? 'it' : 'them'} away: the report lists ${isOne ? 'it' : 'them'}`,
        ]),
    ...(later.length === 0 ? [] : [`what will act later: ${listed([...new Set(later)], 4)}`]),
    ...(unproven.length === 0
      ? []
      : [`not proven, because it is otherwise at another time: ${listed(unproven, 4)}`]),
  ];
}
