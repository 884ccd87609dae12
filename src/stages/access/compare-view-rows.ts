/** Views that the fix made again, or what they ask, before and after → columns in which rows say what they did not, a sentence each. */
import type { Bundle, Preserved } from '../../model.js';
import { declaredNames } from '../preservation/compare-objects.js';
import type { Observation, Row, Sight } from './observe.js';
import { type Kinship, normalise, wordOf } from './recognise-rows.js';
import { isTable } from './relation.js';

export interface ViewRows {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
  /** Names of the views. */
  readonly remade: ReadonlySet<string>;
  readonly preserve: readonly Preserved[];
  readonly changes: Bundle['changes'];
}

export interface ToldOfViews {
  readonly reasons: readonly string[];
  /** What `changes` declares of them, as it is written there. */
  readonly declared: readonly string[];
}

/** What a manifest writes to let it be. */
const nameOfValues = (column: string, view: string): string => `values of ${column} on ${view}`;

export function compareViewRows({
  before,
  after,
  kinship,
  remade,
  preserve,
  changes,
}: ViewRows): ToldOfViews {
  const became = listBecome(before, after, { kinship, preserve });
  const isDeclared = declaredNames(changes);
  const found = [...before.sights.values()]
    // Of what is a table now, the rows are known by what they were in tables.
    .filter(
      ({ table }) => remade.has(table) && [before, after].every(({ sights }) => isView(sights.get(table))),
    )
    .flatMap((sight) => {
      const images = kinship.images.get(sight.table) ?? [];
      return sight.columns.flatMap((column) => {
        const differing = images.filter((image, row) => {
          const now = image.find(({ table }) => table === sight.table);
          if (now === undefined) return false;
          const is = rowOf(after, now.table, now.row);
          return is?.values.has(column) && !isSame(sight.rows[row], is, column, became);
        });
        return differing.length === 0 ? [] : [{ column, count: differing.length, sight }];
      });
    });
  const names = found.map(({ column, sight }) => nameOfValues(column, sight.table));
  return {
    reasons: found
      .filter((_, index) => !isDeclared(names[index] ?? ''))
      .map(({ column, count, sight }) => tell(column, count, sight)),
    declared: changes.filter((change) => names.some(declaredNames([change]))),
  };
}

const tell = (column: string, count: number, { table, rows }: Sight): string =>
  `${table} is another view now, or asks what is another, and ${column} says otherwise in ${count} of ${rows.length} rows that were read: have it say what it said, or declare ${nameOfValues(column, table)} under changes of bundle.yml`;

function isSame(
  was: Row | undefined,
  is: Row,
  column: string,
  became: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const [then, now] = [was, is].map((row) => keyOf(row?.values.get(column) ?? null)) as [string, string];
  return then === now || (became.get(then)?.has(now) ?? false);
}

/** A number, a time and an id are the same however they are written; nothing is one value of its own. */
function keyOf(value: string | null): string {
  if (value === null) return 'null';
  const number = /^-?\d+(\.\d+)?$/.test(value) ? value.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') : null;
  return `= ${number ?? normalise(value)}`;
}

/** What values of tables are now, which other proofs have looked into. */
function listBecome(
  before: Observation,
  after: Observation,
  { kinship, preserve }: Pick<ViewRows, 'kinship' | 'preserve'>,
): Map<string, Set<string>> {
  const became = new Map<string, Set<string>>();
  const add = (was: string | null, is: string | null): void => {
    const key = keyOf(was);
    became.set(key, (became.get(key) ?? new Set()).add(keyOf(is)));
  };
  for (const sight of [...before.sights.values()].filter(isTable)) {
    const facts = preserve.filter(({ from }) => from.includes(sight.table)).flatMap((kind) => kind.facts);
    for (const [row, images] of (kinship.images.get(sight.table) ?? []).entries()) {
      const was = sight.rows[row];
      for (const { table, row: image } of images) {
        const is = rowOf(after, table, image);
        if (was === undefined || is === undefined) continue;
        for (const [column, value] of was.values)
          if (is.values.has(column)) add(value, is.values.get(column) ?? null);
        for (const fact of facts) add(wordOf(was, fact), wordOf(is, fact));
      }
    }
  }
  return became;
}

const isView = (sight: Sight | undefined): boolean => sight !== undefined && !isTable(sight);

const rowOf = ({ sights }: Observation, table: string, row: number): Row | undefined =>
  sights.get(table)?.rows[row];
