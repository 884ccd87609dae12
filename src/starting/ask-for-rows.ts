/** Tables, and the column that says whose a row is → what is asked of made-up rows: the people that they belong to. */
import type { RowsAskedFor } from './insert-rows.js';
import { metadataOf, people } from './people.js';
import type { Table } from './there.js';

/** `owners` is by table; `metadata` are the keys that the project's triggers on accounts ask for, null: nothing. */
export function askForRows(
  tables: readonly Table[],
  owners: ReadonlyMap<string, string>,
  metadata: readonly string[] | null,
): RowsAskedFor {
  const subjects = [people.ann, people.ben];
  return {
    tables: tables.map((table) => (table.name === 'auth.users' ? asAccounts(table, metadata) : table)),
    owners: new Map([...owners].map(([name, column]) => [name, { column, subjects }])),
  };
}

/** One of the host's has only what says who it is, and what the project's triggers ask for. */
function asAccounts(table: Table, metadata: readonly string[] | null): Table {
  const asked = metadata === null ? [] : ['cem', 'dan', 'eve'].map((name) => metadataOf(name, metadata));
  const columns = table.columns.map((column) =>
    column.name === 'raw_user_meta_data' && asked.length > 0
      ? { ...column, isRequired: true, labels: asked }
      : column,
  );
  return { ...table, columns, keys: [] };
}
