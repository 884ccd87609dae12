/** What becomes of a target's catalog, in short: `+9 functions, −7 policies, ~2 constraints`. */
import type { ChangesResult, DefinitionChange } from '../model.js';
import { count, listed } from './words.js';

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

/** What clients and writers come upon afterwards, a line each. */
export function sayConsequences({ changes }: ChangesResult): string[] {
  const made = changes.filter(({ before }) => before === null);
  const tables = made.flatMap(({ object }) => /^table (.*)$/.exec(object)?.[1] ?? []);
  const isOfOlder = ({ object, after }: DefinitionChange) =>
    !tables.some(
      (table) =>
        object.startsWith(`column ${table}.`) ||
        object.endsWith(` on ${table}`) ||
        after?.startsWith(`CREATE UNIQUE INDEX ${object.replace(/^.*\./, '')} ON ${table} `),
    );
  const columns = changes
    .filter((change) => change.object.startsWith('column ') && isOfOlder(change) && changesType(change))
    .map(({ object }) => object.slice('column '.length));
  // The index of a constraint is told by the constraint.
  const ofConstraints = new Set(
    made.flatMap(({ object }) => {
      const [, name, schema] = /^constraint (.*) on (.*)\.[^.]*$/.exec(object) ?? [];
      return name === undefined ? [] : [`index ${schema}.${name}`];
    }),
  );
  const rules = made
    .filter(isOfOlder)
    .filter(
      ({ object, after }) =>
        object.startsWith('constraint ') || (isUnique(after) && !ofConstraints.has(object)),
    )
    .map(({ object }) => object);
  return [
    ...(columns.length === 0
      ? []
      : [
          `clients that keep prepared statements, also behind a pooler, may get “cached plan must not change result type” (0A000) until they connect anew, because of ${listed(columns, 4)}`,
        ]),
    ...(rules.length === 0 ? [] : [`whatever is written from then on must satisfy ${listed(rules, 4)}`]),
  ];
}

/** A column that comes or goes changes what `select *` gives. */
function changesType({ before, after }: DefinitionChange): boolean {
  const typeOf = (definition: string | null) => definition?.replace(/ (not null|default|position) .*$/s, '');
  return typeOf(before) !== typeOf(after);
}

const isUnique = (definition: string | null) => /^CREATE UNIQUE INDEX /.test(definition ?? '');
