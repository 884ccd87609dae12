/** What is new under a name that something has in another schema → who does not write the schema may mean it from now on. */
import { partsOf } from '../../database/table-names.js';
import type { CatalogEntry } from './read-entries.js';

interface Named {
  readonly what: 'relation' | 'function';
  /** As a manifest writes it: `table public.rooms`, `function public.me`. */
  readonly label: string;
  readonly schema: string;
  readonly name: string;
}

/** A schema that is new, too, is in nobody's search path. */
export function findNamesakes(before: readonly CatalogEntry[], after: readonly CatalogEntry[]): string[] {
  const [then, now] = [before.flatMap(nameOf), after.flatMap(nameOf)];
  const known = new Set(then.map(({ label }) => label));
  const schemas = new Set([
    'public',
    ...before.flatMap(({ catalog, label }) =>
      catalog === 'pg_namespace' ? [label.replace(/^schema /, '')] : [],
    ),
  ]);
  return now
    .filter(
      ({ what, label, schema, name }) =>
        !known.has(label) &&
        schemas.has(schema) &&
        then.some((one) => one.what === what && one.name === name && one.schema !== schema),
    )
    .map(({ label }) => label);
}

function nameOf({ catalog, label }: CatalogEntry): Named[] {
  if (catalog !== 'pg_class' && catalog !== 'pg_proc') return [];
  const [, kind, written = ''] =
    /^(table|view|materialized view|foreign table|function) (.+)$/s.exec(label) ?? [];
  const [schema, called] = partsOf(written);
  if (schema === undefined || called === undefined) return [];
  const isFunction = catalog === 'pg_proc';
  const name = isFunction ? called.replace(/\(.*$/s, '') : called;
  return [{ what: isFunction ? 'function' : 'relation', label: `${kind} ${schema}.${name}`, schema, name }];
}
