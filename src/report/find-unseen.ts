/** A bundle and what its states came to → what it names and no state has, a sentence each. */
import { findLine, type Unmentioned } from '../bundle/find-unmentioned.js';
import { listAllowances } from '../bundle/list-allowances.js';
import { listNames, type ManifestName } from '../bundle/list-names.js';
import type { Bundle, NamedByBundle, SubjectResult } from '../model.js';
import { readPieces } from '../stages/preservation/read-pieces.js';
import { readWriting } from '../stages/preservation/read-writing.js';

/**
 * What a rehearsal of the whole fix on all the bundle's states has to find; of a part nobody can say that nothing has it. Of
 * what is `unmentioned` it is known where it stands, and what may be meant.
 */
export function listNamed(bundle: Bundle, unmentioned: readonly Unmentioned[]): NamedByBundle[] {
  const placed = new Map(unmentioned.map((one) => [one.key, sayPlaced(one)]));
  return [
    ...listNames(bundle).map(
      (name): NamedByBundle => ({
        key: name.key,
        sentence: placed.get(name.key) ?? sayMissing(name),
        isOfAccess: false,
      }),
    ),
    ...allowances(bundle),
    ...[...conditions(bundle), ...takenFrom(bundle)].map(
      ([key, sentence]): NamedByBundle => ({ key, sentence, isOfAccess: false }),
    ),
    ...ruled(bundle).map(([key, sentence]): NamedByBundle => ({ key, sentence, isOfAccess: true })),
  ];
}

/**
 * Of what no SQL of the bundle names either, what none of the rehearsed databases has: where they are not all states, nobody
 * can say more of what is missing.
 */
export function findMisnamed(
  unmentioned: readonly Unmentioned[],
  subjects: readonly SubjectResult[],
): string[] {
  const comparisons = comparisonsOf(subjects);
  if (comparisons.length === 0) return [];
  const seen = new Set(comparisons.flatMap((comparison) => comparison.seen));
  return unmentioned.filter(({ key }) => !seen.has(key)).map(sayPlaced);
}

/** `subjects` are all states. */
export function findUnseen(known: readonly NamedByBundle[], subjects: readonly SubjectResult[]): string[] {
  const repaired = subjects.filter(({ refusal }) => refusal.outcome === 'skipped');
  const comparisons = comparisonsOf(repaired);
  const accesses = repaired.flatMap(({ access }) => (access.outcome === 'skipped' ? [] : [access]));
  if (repaired.length === 0 && subjects.length > 0)
    return [
      'No state is repaired: each says Expect: refuse, so nothing was proven. Add one that the fix is for.',
    ];
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

function comparisonsOf(subjects: readonly SubjectResult[]) {
  return subjects.flatMap(({ preservation }) =>
    preservation.outcome === 'skipped' ? [] : [preservation.comparison],
  );
}

function sayPlaced({ line, text }: Unmentioned): string {
  return `bundle.yml:${line}: ${text}.`;
}

function sayMissing(name: ManifestName): string {
  return name.kind === 'table'
    ? `bundle.yml: no state has a table ${name.table}. Correct its name, or take it out.`
    : `bundle.yml: no state has a column ${name.column} for ${name.whose}. Correct its name, or add a state that has it.`;
}

type Named = readonly [key: string, sentence: string];

/** What nobody has a use for lets something differ of which nobody knows. */
function allowances(bundle: Bundle): NamedByBundle[] {
  return listAllowances(bundle).map(({ key, written, what }) => {
    const line = findLine(bundle.manifest.text, written);
    return {
      key,
      sentence: `bundle.yml${line > 0 ? `:${line}` : ''}: in no state ${what}. Take it out, or add a state that has a use for it.`,
      isOfAccess: false,
    };
  });
}

/** That every row meets it shows nothing of a condition: it may be true of whatever there is. */
function conditions({ preserve }: Bundle): Named[] {
  return preserve.flatMap(({ name, quarantine }) =>
    quarantine
      .filter(({ when }) => when !== null)
      .map(
        ({ reason }): Named => [
          `${name} quarantine not ${reason}`,
          `bundle.yml: in no state is there one of ${name} that the condition for quarantine does not hold of, whose reason is "${reason}". Add a row that stays, or correct the condition.`,
        ],
      ),
  );
}

/** Whatever a section takes away or writes anew where no state has a row, none is missed. */
function takenFrom({ sections, tables, preserve }: Bundle): Named[] {
  const named = new Set([...tables, ...preserve.flatMap(({ from }) => from)]);
  const taken = sections.flatMap(({ file, parts }) =>
    [file, ...parts].flatMap(({ path, text }) =>
      listTaken(text).map(
        (table): Named => [
          `rows ${table}`,
          `${path}: changes or deletes rows of ${table}, and no state has one. Add a state with rows there, or leave them alone.`,
        ],
      ),
    ),
  );
  return [...new Map(taken.filter(([key]) => named.has(key.replace('rows ', '')))).entries()];
}

function listTaken(text: string): string[] {
  const pieces = readPieces(text);
  return pieces.flatMap(({ kind, text: word }, at) =>
    kind === 'word' && /^(update|delete|truncate|drop)$/.test(word)
      ? readWriting(pieces, at).map((writes) => writes.slice(writes.lastIndexOf(' ') + 1))
      : [],
  );
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
