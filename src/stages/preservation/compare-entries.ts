/** What the catalogs say beside the kinds of objects, before and after → what differs of it without being declared, and what is. */
import type { Bundle, RowDifference } from '../../model.js';
import { catalogCalled } from './catalogs.js';
import { declaredFunctions, type ObjectDifferences } from './compare-objects.js';
import { type Declared, declaredIn } from './declared-names.js';
import { findNamesakes } from './find-namesakes.js';
import type { CatalogEntry } from './read-entries.js';

export interface ComparedEntries {
  readonly before: readonly CatalogEntry[];
  readonly after: readonly CatalogEntry[];
}

export function compareEntries(
  { access, tables, ...declared }: Declared & Pick<Bundle, 'access' | 'tables'>,
  compared: ComparedEntries,
): ObjectDifferences {
  const isDeclared = declaredIn(declared, declaredFunctions(access));
  // The fix is about its own tables, wherever others have some of their names.
  const own = tables.map((name) => `table ${name}`);
  const namesakes = findNamesakes(compared.before, compared.after).filter((name) => !own.includes(name));
  const found = [
    ...findDifferences(compared),
    ...namesakes.map((table): RowDifference => ({ word: 'appeared', table, key: null, columns: [] })),
  ];
  return {
    differences: found.filter(({ table }) => !isDeclared(table)),
    declared: found
      .filter(({ table }) => isDeclared(table))
      .map((difference) => ({ ...difference, does: [], text: null, digest: null, protected: false })),
  };
}

/** Made again under its name it must go with no extension with which it did not go: the rest is told by its kind. */
const knownByName = ['pg_proc', 'pg_class', 'pg_trigger'];

function findDifferences({ before, after }: ComparedEntries): RowDifference[] {
  const find = indexEntries(after);
  const known = new Set(before.map(keyOf));
  // What an extension brings along comes with it.
  const extensions = new Set(
    after
      .filter((one) => one.catalog === 'pg_extension' && !known.has(keyOf(one)))
      .map(({ key }) => `e ${key.replace(/:.*$/, '')}`),
  );
  const isOfExtension = ({ said: { extension } }: CatalogEntry) =>
    Array.isArray(extension) && extension.some((one) => extensions.has(one));
  return [
    ...before.flatMap((entry) => {
      const other = find(entry);
      if (other === undefined) return comesAndGoes(entry) ? [] : [differenceOf('gone', entry, [])];
      const isAnother = keyOf(other) !== keyOf(entry);
      const columns = differingColumns(entry.said, other.said).filter(
        (name) => !isAnother || name === 'extension',
      );
      return columns.length === 0 ? [] : [differenceOf('changed', entry, columns)];
    }),
    ...after
      .filter((entry) => !comesAndGoes(entry) && !isOfExtension(entry) && !known.has(keyOf(entry)))
      .map((entry) => differenceOf('appeared', entry, [])),
  ];
}

const comesAndGoes = ({ catalog }: CatalogEntry): boolean => catalogCalled(catalog).comesAndGoes ?? false;

const keyOf = ({ catalog, key }: CatalogEntry): string => `${catalog} ${key}`;

function indexEntries(entries: readonly CatalogEntry[]) {
  const numbered = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const named = new Map(
    entries.flatMap((entry) =>
      knownByName.includes(entry.catalog) ? [[`${entry.catalog} ${entry.label}`, entry]] : [],
    ),
  );
  return (entry: CatalogEntry): CatalogEntry | undefined =>
    numbered.get(keyOf(entry)) ?? named.get(`${entry.catalog} ${entry.label}`);
}

function differingColumns(then: CatalogEntry['said'], now: CatalogEntry['said']): string[] {
  const names = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...names].filter((name) => JSON.stringify(then[name]) !== JSON.stringify(now[name])).sort();
}

const differenceOf = (
  word: RowDifference['word'],
  { label }: CatalogEntry,
  columns: readonly string[],
): RowDifference => ({ word, table: label, key: null, columns: [...columns] });
