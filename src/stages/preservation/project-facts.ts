/** A kind of row and a table → SQL that gives each row's facts as text, whatever its columns are called there. */
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import { quoteTable } from '../../database/table-names.js';
import type { Fact, FactType, Preserved } from '../../model.js';
import { jsonAsJsonb } from './json-text.js';

/** Column name → its type as `format_type` writes it. */
export type ColumnTypes = ReadonlyMap<string, string>;

/** `fact_0`, `fact_1`, … in the order of the manifest, of every row of the table. */
export function projectTable(preserved: Preserved, table: string, columns: ColumnTypes): string {
  const facts = preserved.facts.map((fact, index) => {
    const values = fact.columns
      .filter((column) => columns.has(column))
      .map((column) => normalise(quoteIdentifier(column), fact.type, columns.get(column) ?? 'text'));
    return `${firstOf(values)} as fact_${index}`;
  });
  return `select ${facts.join(', ')} from ${quoteTable(table)}`;
}

/** The same of the rows in quarantine that came from this kind's tables. */
export function projectQuarantine(preserved: Preserved, quarantine: string): string {
  const facts = preserved.facts.map((fact, index) => {
    const values = fact.columns.map((column) =>
      normalise(`(row_data ->> ${quoteLiteral(column)})`, fact.type, 'text'),
    );
    return `${firstOf(values)} as fact_${index}`;
  });
  const sources = [...new Set([...preserved.from, ...preserved.to])].map((table) => quoteLiteral(table));
  return `select ${facts.join(', ')} from ${quoteTable(quarantine)} where source_table in (${sources.join(', ')})`;
}

/** A bit for each fact that is known: a fact that was null before may become anything. */
export function maskOf(facts: readonly Fact[]): string {
  return facts
    .map((_, index) => `(fact_${index} is not null)::int << ${index}`)
    .map((bit) => `(${bit})`)
    .join(' | ');
}

/** 64 bits of the facts that are known; with `mask`, a SQL expression, of those that are in it, too. As bytes, whatever the collation. */
export function digestOf(facts: readonly Fact[], mask?: string): string {
  const parts = facts
    .map((_, index) => `fact_${index} collate pg_catalog."C"`)
    .map((fact, index) =>
      mask === undefined ? fact : `case when ${mask} & ${1 << index} <> 0 then ${fact} end`,
    );
  return `pg_catalog.hash_record_extended(row(${parts.join(', ')}), 0)`;
}

/** Names a row in a report: keys and times, never what somebody wrote. */
export function labelOf(facts: readonly Fact[]): string {
  const parts = facts.flatMap(({ name, type }, index) =>
    type === 'text' ? [] : [`${quoteLiteral(`${name} `)} || fact_${index}`],
  );
  return parts.length === 0 ? "''" : `pg_catalog.concat_ws(', ', ${parts.join(', ')})`;
}

/** The first that says something: a column that was added with a default says nothing beside one that was filled. */
export function firstOf(values: readonly string[]): string {
  if (values.length === 0) return 'null::text';
  if (values.length === 1) return `coalesce(${values[0]})`;
  const telling = values.map(
    (value) => `case when pg_catalog.btrim(${value}) not in ('', '${nilUuid}') then ${value} end`,
  );
  return `coalesce(${[...telling, ...values].join(', ')})`;
}

const nilUuid = '00000000-0000-0000-0000-000000000000';

/** Only what can really be cast, leap years, the first year and the last and all: a cast that fails would end the whole run. */
const leapYear = String.raw`\d{0,2}(\d\d(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)`;
const anyDay = [
  String.raw`\d{4,6}-(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])`,
  String.raw`\d{4,6}-(0[469]|11)-(0[1-9]|[12]\d|30)`,
  String.raw`\d{4,6}-02-(0[1-9]|1\d|2[0-8])`,
  `${leapYear}-02-29`,
].join('|');
const timeOfDay = String.raw`[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?( ?(Z|UTC|GMT|[+-](0\d|1[0-4])(:?[0-5]\d)?))?`;
const outOfReach = [
  String.raw`0000|0\d{5}|(29427[6-9]|2942[89]\d|294[3-9]\d\d|29[5-9]\d{3}|[3-9]\d{5})-`,
  String.raw`\d+-02-29.* BC|(\d{5,}|471[3-9]|47[2-9]\d|4[89]\d\d|[5-9]\d{3})-.* BC`,
].join('|');
const isoTime = `^(?!${outOfReach})(${anyDay})(${timeOfDay})?( BC)?$`;

/** Seconds since 1970, or milliseconds. */
const unixTime = String.raw`^\d{9,13}(\.\d+)?$`;

/** One text for what is the same value under another type: a uuid in capitals, a time with or without its zone. */
export function normalise(value: string, factType: FactType, columnType: string): string {
  if (factType === 'uuid') return normaliseUuid(value, columnType);
  if (columnType === 'jsonb') return `coalesce(${value} #>> '{}', ${value}::text)`;
  if (columnType === 'json') {
    return `case pg_catalog.json_typeof(${value}) when 'string' then (${jsonAsJsonb(value)}) #>> '{}' else ${value}::text end`;
  }
  if (factType !== 'timestamptz') return `${value}::text`;
  if (/^(timestamp|date)/.test(columnType)) return `extract(epoch from ${value}::timestamptz)::text`;
  const text = `${value}::text`;
  return `case
    when ${text} ~ '${isoTime}' then extract(epoch from ${text}::timestamptz)::text
    when ${text} ~ '${unixTime}' then round(
      ${text}::numeric / case when ${text}::numeric < 100000000000 then 1 else 1000 end, 6
    )::text
    when ${text} in ('infinity', '-infinity') then pg_catalog.initcap(${text})
    else ${text}
  end`;
}

/** Text that is no uuid has to become one, whichever: it is a fact that was not known before. */
function normaliseUuid(value: string, columnType: string): string {
  if (columnType === 'uuid') return `${value}::text`;
  const digits = `pg_catalog.lower(pg_catalog.translate(${value}::text, ' {}-', ''))`;
  return `case when ${digits} ~ '^[0-9a-f]{32}$' then ${digits}::uuid::text end`;
}
