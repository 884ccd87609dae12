/** What the fix leaves that acts later, and what it asks that no trial answers → a line each. */
import type { ObjectDifference, Report } from '../model.js';
import { count, listed } from './words.js';

const allObjectsOf = ({ subjects }: Report): ObjectDifference[] =>
  subjects.flatMap(({ preservation }) =>
    preservation.outcome === 'skipped' ? [] : preservation.comparison.declared,
  );

/** Databases have the same objects, which are told once. */
function objectsOf(report: Report): ObjectDifference[] {
  return [
    ...new Map(
      allObjectsOf(report).map((object) => [JSON.stringify([object.table, object.does]), object]),
    ).values(),
  ];
}

/** Whoever writes a row sets it going, and nobody asks for it. */
export const actsLater = ({ word, table }: ObjectDifference): boolean =>
  word !== 'gone' && /^(trigger|rule|event trigger|default|generated column|publication) /.test(table);

/** Past so many, of several databases together, the others are told below. */
const mostUnguarded = 12;

/** What protected the data and does not any more, also where a star of the manifest lets it go: nobody may have to look for it. */
export function sayTakenAway(report: Report): { readonly answer: string; readonly others: string[] } | null {
  const guards = allObjectsOf(report).filter((object) => object.protected);
  const gone = namesOf(guards.filter(({ word }) => word === 'gone'));
  const replaced = [
    ...new Set(
      guards
        .filter(({ word }) => word !== 'gone')
        .map(({ table, text }) => (text === null ? table : `${table} (now ${text})`)),
    ),
  ];
  if (gone.length + replaced.length === 0) return null;
  const most = report.subjects.length === 1 ? Number.POSITIVE_INFINITY : mostUnguarded;
  const answer = [
    ...(gone.length === 0 ? [] : [`taken away: ${listed(gone, most)}`]),
    ...(replaced.length === 0 ? [] : [`replaced by another of its name: ${listed(replaced, most)}`]),
  ].join('; ');
  return {
    answer,
    others: [
      ...gone.slice(most).map((name) => `taken away: ${name}`),
      ...replaced.slice(most).map((name) => `replaced: ${name}`),
    ],
  };
}

const namesOf = (objects: readonly ObjectDifference[]): string[] => [
  ...new Set(objects.map(({ table }) => table.replace(/^property /, ''))),
];

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
