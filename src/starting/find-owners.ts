/** Tables → the column of each that says whose a row is, as far as it can be told. */
import type { Table } from './there.js';

/** On Supabase: what is keyed to an account, or becomes `auth.uid()` by itself, or is called as such columns are and is a uuid. */
export function findOwners(
  tables: readonly Table[],
  { isSupabase, given }: { readonly isSupabase: boolean; readonly given: string | null },
): Map<string, string> {
  const owners = new Map<string, string>();
  const isOwner = (table: Table, name: string, above: readonly string[]): boolean =>
    table.keys.some(({ columns, parent, parentColumns }) => {
      if (columns.length !== 1 || columns[0] !== name || above.includes(parent)) return false;
      if (parent === 'auth.users') return parentColumns[0] === 'id';
      const over = tables.find((one) => one.name === parent);
      return (
        over !== undefined &&
        over.primaryKey.join() === parentColumns.join() &&
        isOwner(over, parentColumns[0] ?? '', [...above, parent])
      );
    });
  for (const table of tables) {
    const found = table.columns.find((column) => {
      if (given !== null) return column.name === given;
      if (!isSupabase || column.type !== 'uuid') return false;
      return (
        isOwner(table, column.name, [table.name]) ||
        /\bauth\.uid\(\)/.test(column.default ?? '') ||
        (/^(user|owner|author|creator|account)_?id$|^created_by$/i.test(column.name) &&
          !table.keys.some(({ columns }) => columns.includes(column.name)))
      );
    });
    if (found !== undefined) owners.set(table.name, found.name);
  }
  return owners;
}
