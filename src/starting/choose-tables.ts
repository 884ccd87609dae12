/** The tables that were read, and those that were asked for → those that a bundle is about. */
import { UserError } from '../errors.js';
import { isNameable, type Table } from './there.js';

/** `unnamed` are those that a manifest cannot name. Throws a UserError for one that is not there. */
export function chooseTables(
  all: readonly Table[],
  wanted: readonly string[] | null,
): { readonly tables: Table[]; readonly unnamed: string[] } {
  const own = all.filter(({ name, isPartition }) => !isPartition && name !== 'auth.users');
  const chosen = wanted === null ? own : own.filter(({ name }) => wanted.includes(name));
  const absent = wanted?.filter((name) => !own.some((table) => table.name === name)) ?? [];
  if (absent.length > 0) {
    const there = own
      .map(({ name }) => name)
      .slice(0, 20)
      .join(', ');
    throw new UserError(
      `table: ${absent.join(', ')} is not in what was read. There are ${there || 'no tables'}.`,
    );
  }
  const tables = chosen.filter(isNameable);
  if (tables.length === 0) {
    throw new UserError(
      'before: there is no table that a bundle can be about: schema.name, in lower case. Name a file or database that holds some.',
    );
  }
  return { tables, unnamed: chosen.filter((table) => !isNameable(table)).map(({ name }) => name) };
}
