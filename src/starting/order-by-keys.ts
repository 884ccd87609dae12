/** Tables → the same, those that keys lead to before those that have the keys. */
import type { Table } from './there.js';

/** Where keys lead in a circle, one of it comes too early. */
export function orderByKeys(tables: readonly Table[]): Table[] {
  const ordered: Table[] = [];
  const visit = (table: Table, above: readonly Table[]) => {
    if (ordered.includes(table) || above.includes(table)) return;
    for (const { parent } of table.keys) {
      const over = tables.find(({ name }) => name === parent);
      if (over !== undefined) visit(over, [...above, table]);
    }
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
}
