/** What the catalogs say beside the kinds of objects, before and after → what differs of it without being declared. */
import type { RowDifference } from '../../model.js';
import { type CatalogEntries, type CatalogEntry, comesAndGoes } from './read-entries.js';

/** Made again under its name it must go with no extension with which it did not go: the rest is told by its kind. */
const knownByName = ['pg_proc', 'pg_class', 'pg_trigger'];

export function compareEntries(before: CatalogEntries, after: CatalogEntries): RowDifference[] {
  const isOurs = ({ catalog }: CatalogEntry) =>
    !before.written.has(catalog) || before.written.get(catalog) !== after.written.get(catalog);
  const then = before.entries.filter(isOurs);
  const now = after.entries.filter(isOurs);
  const find = indexEntries(now);
  const known = new Set(then.map(keyOf));
  return [
    ...then.flatMap((entry) => {
      const other = find(entry);
      if (other === undefined) return comesAndGoes(entry.catalog) ? [] : [differenceOf('gone', entry, [])];
      const isAnother = keyOf(other) !== keyOf(entry);
      const columns = differingColumns(entry.said, other.said).filter(
        (name) => !isAnother || name === 'extension',
      );
      return columns.length === 0 ? [] : [differenceOf('changed', entry, columns)];
    }),
    ...now
      .filter((entry) => !comesAndGoes(entry.catalog) && !known.has(keyOf(entry)))
      .map((entry) => differenceOf('appeared', entry, [])),
  ];
}

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
