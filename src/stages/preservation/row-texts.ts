/** A row of a table, or of the quarantine → SQL for the text of each column that was noted and of each fact of the manifest. */
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import type { Fact, FactType } from '../../model.js';
import { jsonAsJsonb } from './json-text.js';
import type { Allowance } from './plan-comparison.js';
import { firstOf, normalise } from './project-facts.js';
import { type Column, columnsCalled, type Shape } from './read-shapes.js';
import { isDefault, saysNothing } from './says-nothing.js';

/** The columns that a table had when its rows were noted: what a row is compared by, wherever it is now. */
export interface Noted {
  readonly allowance: Allowance;
  readonly columns: readonly Column[];
}

/** SQL for one row: a text (or null) for each noted column and each fact. */
export interface RowTexts {
  readonly slots: readonly string[];
  readonly facts: readonly string[];
  /** What a fact says, as it is written, and what another of its columns says: for the manifest's own expressions, and for what they give. */
  readonly said: readonly Said[];
  /** The values of `columnsAsWritten` as their types write them. */
  readonly written: readonly string[];
}

/** A row where it is now. */
export interface RowTextsNow extends RowTexts {
  /** Conditions, in the order of `columnsBeside`. */
  readonly beside: readonly string[];
}

export interface Said {
  readonly value: string;
  readonly older: string;
}

/** Of a row of the table `shape` under the alias `this`, which may be the noted one itself, or one that a row may have come to. */
export function textsOfRow({ allowance, columns }: Noted, shape: Pick<Shape, 'columns'>): RowTexts {
  const located = allowance.facts.map((fact) => columnsCalled(shape.columns, fact.columns));
  return {
    slots: columns.map(({ name }) => {
      const type = allowance.facts[factOfColumn(allowance.facts, columns, name)]?.type ?? null;
      const own = columnNow({ allowance, columns }, shape.columns, name);
      return own === undefined ? 'null::text' : comparable(own, type);
    }),
    written: columnsAsWritten(columns).map(({ name }) => {
      const own = columnNow({ allowance, columns }, shape.columns, name);
      return own === undefined ? 'null::text' : plainTextOf(own);
    }),
    facts: allowance.facts.map((fact, index) =>
      firstOf((located[index] ?? []).map((column) => factText(column, fact.type))),
    ),
    said: located.map((found, index) => {
      const texts = found.map((column) => saidText(column, allowance.facts[index]?.type ?? 'text'));
      return { value: firstOf(texts), older: firstOf(texts.slice(1)) };
    }),
  };
}

export function textsOfRowNow(noted: Noted, shape: Shape): RowTextsNow {
  return { ...textsOfRow(noted, shape), beside: besideRow(noted, shape) };
}

/** Columns of a place in which the row said nothing before: neither noted, nor the one in which a fact is now. */
export function columnsBeside({ allowance, columns }: Noted, now: readonly Column[]): Column[] {
  const told = allowance.facts.map((fact) => columnsCalled(now, fact.columns)[0]?.name);
  return now.filter(
    ({ name, isGenerated }) =>
      !isGenerated && !told.includes(name) && !columns.some((column) => column.name === name),
  );
}

/** Whether each of them says nothing still, or only what the fact says that it tells, too. */
function besideRow(noted: Noted, shape: Shape): string[] {
  const { facts } = noted.allowance;
  return columnsBeside(noted, shape.columns).map((column) => {
    const fact = facts[factOfColumn(facts, shape.columns, column.name)];
    const [first] = columnsCalled(shape.columns, fact?.columns ?? []);
    const isNothing = saysNothing(column, shape);
    if (fact === undefined || first === undefined) return isNothing;
    return `(${isNothing} or coalesce(${factText(column, fact.type)} = ${factText(first, fact.type)}, false))`;
  });
}

/** Columns whose values JSON cannot tell apart: bounds of arrays, keys that are there twice, a number and the text of it. */
export function columnsAsWritten(columns: readonly Column[]): Column[] {
  return columns.filter(({ base, category }) => 'AC'.includes(category) || isJson(base));
}

/** Where a column of the noted table is continued: under its own name, or under the first that its fact knows. */
export function columnNow(
  { allowance, columns }: Noted,
  now: readonly Column[],
  name: string,
): Column | undefined {
  const fact = allowance.facts[factOfColumn(allowance.facts, columns, name)];
  return now.find((column) => column.name === name) ?? columnsCalled(now, fact?.columns ?? [])[0];
}

/** The place of the fact that a column tells, or -1. */
export function factOfColumn(facts: readonly Fact[], columns: readonly Column[], name: string): number {
  return facts.findIndex((fact) =>
    columnsCalled(columns, fact.columns).some((column) => column.name === name),
  );
}

function comparable(column: Column, type: FactType | null): string {
  if (type === null || type === 'text' || type === 'bigint') return textOf(column);
  return `coalesce(${factText(column, type)}, ${textOf(column)})`;
}

export function factText(column: Column, type: FactType): string {
  if (type === 'text' || type === 'bigint') return textOf(column);
  return normalise(`this.${quoteIdentifier(column.name)}`, type, column.base);
}

/** A time as Postgres writes it, but where a fact of times says of all of them how they are written. */
function saidText(column: Column, type: FactType): string {
  return isTime(column) && type !== 'timestamptz' ? plainTextOf(column) : textOf(column);
}

/** Of a date, of a time with a zone or without one. */
export const isTime = ({ category }: Column): boolean => category === 'D';

const isJson = (base: string): boolean => base === 'json' || base === 'jsonb';

/**
 * The text of a value, which is null only where the value is: as the type's own output function writes it, not as somebody's
 * cast to text might. What JSON writes in another way than Postgres is written as JSON, so that it is found again in `row_data`.
 */
function textOf(column: Column): string {
  const { name, base, category } = column;
  const value = `this.${quoteIdentifier(name)}`;
  const plain = `pg_catalog.concat(${value})`;
  if (base === 'timestamp with time zone') return `extract(epoch from ${value})::text`;
  const isFloat = base === 'real' || base === 'double precision';
  if (!'BDAC'.includes(category) && !isJson(base) && !isFloat) return plainTextOf(column);
  const holdsJson = category === 'C' || base === 'json[]';
  const asJsonb =
    base === 'json' || holdsJson
      ? jsonAsJsonb(holdsJson ? `pg_catalog.to_json(${value})` : value)
      : `pg_catalog.to_jsonb(${value})`;
  const json = `coalesce((${asJsonb}) #>> '{}', ${plain})`;
  const written = isFloat ? `case when ${value} = 0 then ${plain} else ${json} end` : json;
  return `case when ${value} is distinct from null then ${written} end`;
}

function plainTextOf({ name }: Column): string {
  const value = `this.${quoteIdentifier(name)}`;
  return `case when ${value} is distinct from null then pg_catalog.concat(${value}) end`;
}

/**
 * The same of a row of the quarantine under the alias `this`: what it holds may have been renamed, and given the columns that there
 * are now, before it was put there.
 */
export function textsOfQuarantined({ allowance, columns }: Noted, now: readonly Column[]): RowTextsNow {
  const names = now.map(({ name }) => name);
  const key = (name: string) => `(this.row_data ->> ${quoteLiteral(name)})`;
  const keysOf = (fact: Fact) => {
    const own = columnsCalled(columns, fact.columns).map(({ name }) => name);
    return [...new Set([...fact.columns, ...own, ...names.filter((name) => isCalled(name, fact))])];
  };
  const facts = allowance.facts.map((fact) =>
    firstOf(keysOf(fact).map((name) => normalise(key(name), fact.type, 'text'))),
  );
  const told = new Map(
    allowance.facts.flatMap((fact, index) =>
      keysOf(fact).map((name) => [name, `${normalise(key(name), fact.type, 'text')} = ${facts[index]}`]),
    ),
  );
  const said = allowance.facts.map((fact) => ({
    value: firstOf(keysOf(fact).map(key)),
    older: firstOf(keysOf(fact).slice(1).map(key)),
  }));
  return {
    slots: columns.map((column) => {
      const index = factOfColumn(allowance.facts, columns, column.name);
      const type = allowance.facts[index]?.type ?? null;
      const own = quarantinedText(column, type, key(column.name));
      if (index < 0) return own;
      return `case when pg_catalog.jsonb_exists(this.row_data, ${quoteLiteral(column.name)}) then ${own} else ${facts[index]} end`;
    }),
    facts,
    said,
    written: columnsAsWritten(columns).map(() => 'null::text'),
    beside: [holdsNoMore({ now, columns, told })],
  };
}

interface Held {
  readonly columns: readonly Column[];
  readonly now: readonly Column[];
  /** Keys under which a fact stands → what it says. */
  readonly told: ReadonlyMap<string, string>;
}

/** Whether each key is a column of the row, or says again what a fact does, or what the server puts into a column that is new. */
function holdsNoMore({ columns, now, told }: Held): string {
  const own = columns.map(({ name }) => quoteLiteral(name));
  const others = [...told].filter(([name]) => !columns.some((column) => column.name === name));
  const isAgain = others.map(([name, text]) => `more.key = ${quoteLiteral(name)} and ${text}`);
  const isByItself = now.map(
    (column) => `more.key = ${quoteLiteral(column.name)} and ${isDefault(column, 'more.value')}`,
  );
  const row = "case when pg_catalog.jsonb_typeof(this.row_data) = 'object' then this.row_data end";
  const conditions = ['more.value is null', ...isAgain, ...isByItself];
  return `not exists (
    select from pg_catalog.jsonb_each_text(${row}) as more (key, value)
    where more.key <> all (array[${own.join(', ')}]::text[]) and (${conditions.join(' or ')}) is not true
  )`;
}

function isCalled(name: string, fact: Fact): boolean {
  return columnsCalled([{ name } as Column], fact.columns).length > 0;
}

function quarantinedText(column: Column, type: FactType | null, text: string): string {
  if (column.base === 'timestamp with time zone') return normalise(text, 'timestamptz', 'text');
  if (type === 'uuid' || type === 'timestamptz') return `coalesce(${normalise(text, type, 'text')}, ${text})`;
  return text;
}
