/** The tables that were read, and those that were asked for → those that a bundle is about. */
import { UserError } from '../errors.js';
import { isNameable, type Table } from './there.js';

/** `unnamed` are those that a manifest cannot name. Throws a UserError for one that is not there. */
export function chooseTables(
  all: readonly Table[],
  wanted: readonly string[] | null,
): { readonly tables: Table[]; readonly unnamed: string[] } {
  const asked = wanted?.map((name) => name.replaceAll('"', '')) ?? null;
  const own = all.filter(({ name, isPartition }) => !isPartition && name !== 'auth.users');
  const chosen = asked === null ? own : own.filter(({ name }) => asked.includes(name));
  const absent = asked?.filter((name) => !own.some((table) => table.name === name)) ?? [];
  if (absent.length > 0) {
    throw new UserError(
      `table: ${absent.join(', ')} is not in what was read. There are ${listed(own) || 'no tables'}.`,
    );
  }
  const tables = chosen.filter(isNameable);
  if (tables.length === 0 && chosen.length > 0) {
    throw new UserError(
      `before: a bundle cannot name a table with a dot or a quote in its name, or one without columns, and so none of those that were read: ${listed(chosen)}. Give them other names first, or begin with others.`,
    );
  }
  if (tables.length === 0) {
    throw new UserError(
      'before: there is no table in what was read. Name a file or database that holds some.',
    );
  }
  return { tables, unnamed: chosen.filter((table) => !isNameable(table)).map(({ name }) => name) };
}

function listed(tables: readonly Table[]): string {
  return tables
    .map(({ name }) => name)
    .slice(0, 20)
    .join(', ');
}
