/** A bundle and what its states came to → what it names and no state has, a sentence each. */
import type { Bundle, NamedByBundle, SubjectResult } from '../model.js';

/** What a rehearsal of the whole fix on all the bundle's states has to find; of a part nobody can say that nothing has it. */
export function listNamed(bundle: Bundle, unmentioned: readonly NamedByBundle[]): NamedByBundle[] {
  const better = new Map(unmentioned.map(({ key, sentence }) => [key, sentence]));
  return [
    ...named(bundle).map(
      ([key, sentence]): NamedByBundle => ({
        key,
        sentence: better.get(key) ?? sentence,
        isOfAccess: false,
      }),
    ),
    ...ruled(bundle).map(([key, sentence]): NamedByBundle => ({ key, sentence, isOfAccess: true })),
  ];
}

/**
 * Of what no SQL of the bundle names either what no database has that was rehearsed: were they not all states, more than that nobody can
 * say of what is missing.
 */
export function findMisnamed(
  unmentioned: readonly NamedByBundle[],
  subjects: readonly SubjectResult[],
): string[] {
  const comparisons = subjects.flatMap(({ preservation }) =>
    preservation.outcome === 'skipped' ? [] : [preservation.comparison],
  );
  if (comparisons.length === 0) return [];
  const seen = new Set(comparisons.flatMap((comparison) => comparison.seen));
  return unmentioned.filter(({ key }) => !seen.has(key)).map(({ sentence }) => sentence);
}

/** `subjects` are all states. */
export function findUnseen(known: readonly NamedByBundle[], subjects: readonly SubjectResult[]): string[] {
  const repaired = subjects.filter(({ refusal }) => refusal.outcome === 'skipped');
  const comparisons = repaired.flatMap(({ preservation }) =>
    preservation.outcome === 'skipped' ? [] : [preservation.comparison],
  );
  const accesses = repaired.flatMap(({ access }) => (access.outcome === 'skipped' ? [] : [access]));
  // What was not proven because something else failed is not told twice.
  if (comparisons.length < repaired.length || comparisons.length === 0) return [];
  const seen = new Set([...comparisons, ...accesses].flatMap((result) => result.seen));
  const holdsRows = comparisons.some(({ rows }) => rows > 0);
  return [
    ...(holdsRows
      ? []
      : ['No state holds a row in a table of the manifest, so nothing could have been lost.']),
    ...known
      .filter(({ key, isOfAccess }) => !seen.has(key) && (!isOfAccess || accesses.length > 0))
      .map(({ sentence }) => sentence),
  ];
}

type Named = readonly [key: string, sentence: string];

function named({ tables, preserve }: Bundle): Named[] {
  const places = preserve.flatMap(({ from, to }) => [...from, ...to]);
  return [
    ...[...new Set([...tables, ...places])].map(
      (table): Named => [
        table,
        `bundle.yml: no state has a table ${table}. Correct its name, or take it out.`,
      ],
    ),
    ...preserve.flatMap((kind) =>
      kind.facts.flatMap((fact) =>
        fact.columns.map(
          (column): Named => [
            `${kind.name}.${fact.name}.${column}`,
            `bundle.yml: no state has a column ${column} for the fact ${fact.name} of ${kind.name}. Correct its name, or add a state that has it.`,
          ],
        ),
      ),
    ),
  ];
}

function ruled({ access }: Bundle): Named[] {
  return [
    ...access.rules.map(
      ({ file }): Named => [
        file.path,
        `${file.path}: speaks of no row in any state. Correct it, or add a state that has such rows.`,
      ],
    ),
    ...(access.people === null
      ? []
      : [
          [
            'access.people',
            'bundle.yml: access.people names nobody in any state. Correct the query, or add a state with people.',
          ] as const,
        ]),
  ];
}
