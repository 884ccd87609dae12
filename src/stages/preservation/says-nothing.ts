/** A column that a row had not before → SQL for whether it says nothing about anybody: what it holds is what the server puts there by itself. */
import { quoteIdentifier } from '../../database/quote.js';
import type { Column, Shape } from './read-shapes.js';

/** A number of its own, or one by chance. */
const numbers = /\bnextval\(|^(?:[\w"]+\.)?"?(?:gen_random_uuid|uuid_generate_v[14](?:mc)?|uuidv[47])"?\(\)$/;

/** What does not say the same here whoever asks: a function of somebody's own, or a setting. */
const computed = /\bcurrent_setting\(|[\w"]\."?\w+"?\(/;

/** Whether a text says what the server puts into the column by itself. */
export function isDefault({ type, fallback, isNumbered }: Column, text: string): string {
  if (isNumbered || numbers.test(fallback ?? '')) return 'true';
  if (fallback === null || computed.test(fallback)) return 'false';
  return `${text} in (pg_catalog.concat((${fallback}\n)::${type}), pg_catalog.to_jsonb((${fallback}\n)::${type}) #>> '{}')`;
}

/** Null, its default, or what it was filled with as it was added with one. `this` is the row. */
export function saysNothing(
  { name, number, type, fallback, isNumbered }: Column,
  { oid }: Pick<Shape, 'oid'>,
): string {
  if (isNumbered || numbers.test(fallback ?? '')) return 'true';
  const value = `this.${quoteIdentifier(name)}`;
  const text = `pg_catalog.concat(${value})`;
  const isDefault =
    fallback === null || computed.test(fallback)
      ? []
      : [`${text} = pg_catalog.concat((${fallback}\n)::${type})`];
  const asAdded = `(select (a.attmissingval::pg_catalog.text::pg_catalog.text[])[1] from pg_catalog.pg_attribute as a where a.attrelid = ${oid} and a.attnum = ${number})`;
  return `(${[`${value} is not distinct from null`, ...isDefault, `coalesce(${text} = ${asAdded}, false)`].join(' or ')})`;
}
