/** A bundle → the tables and columns that its manifest names and some state must have, each with its key in `seen` of a result. */
import type { Bundle } from '../model.js';

export type ManifestName =
  | { readonly kind: 'table'; readonly key: string; readonly table: string }
  | {
      readonly kind: 'column';
      readonly key: string;
      readonly column: string;
      /** As a sentence says it: `the fact author of notes`. */
      readonly whose: string;
    };

export function listNames({ tables, preserve }: Pick<Bundle, 'tables' | 'preserve'>): ManifestName[] {
  const places = preserve.flatMap(({ from, to }) => [...from, ...to]);
  return [
    ...[...new Set([...tables, ...places])].map(
      (table): ManifestName => ({ kind: 'table', key: table, table }),
    ),
    ...preserve.flatMap(({ name, facts }) =>
      facts.flatMap((fact) =>
        fact.columns.map(
          (column): ManifestName => ({
            kind: 'column',
            key: `${name}.${fact.name}.${column}`,
            column,
            whose: `the fact ${fact.name} of ${name}`,
          }),
        ),
      ),
    ),
  ];
}
