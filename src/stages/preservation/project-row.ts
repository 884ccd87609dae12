/** A table and what may become of another table's rows → SQL that gives each row's values as numbers that can be compared. */
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import type { Fact, FactType } from '../../model.js';
import type { Allowance } from './plan-comparison.js';
import { firstOf, normalise } from './project-facts.js';
import { type Column, columnsCalled, type Shape } from './read-shapes.js';

/** The columns that a table had when its rows were noted: what a row is compared by, wherever it is now. */
export interface Noted {
  readonly allowance: Allowance;
  readonly columns: readonly Column[];
}

/** SQL for one row: a text (or null) for each noted column and each fact. */
export interface RowTexts {
  readonly slots: readonly string[];
  readonly facts: readonly string[];
  /** What a fact says, as it is written, and what another of its columns says: for the manifest's own expressions. */
  readonly said: readonly Said[];
}

interface Said {
  readonly value: string;
  readonly older: string;
}

/** Of a row of the table `shape` under the alias `this`, which may be the noted one itself, or one that a row may have come to. */
export function textsOfRow({ allowance, columns }: Noted, shape: Pick<Shape, 'columns'>): RowTexts {
  const located = allowance.facts.map((fact) => columnsCalled(shape.columns, fact.columns));
  return {
    slots: columns.map(({ name }) => {
      const index = factOfColumn(allowance.facts, columns, name);
      const type = allowance.facts[index]?.type ?? null;
      const own = shape.columns.find((column) => column.name === name) ?? located[index]?.[0];
      return own === undefined ? 'null::text' : comparable(own, type);
    }),
    facts: allowance.facts.map((fact, index) =>
      firstOf((located[index] ?? []).map((column) => factText(column, fact.type))),
    ),
    said: located.map((found) => ({
      value: firstOf(found.map(textOf)),
      older: firstOf(found.slice(1).map(textOf)),
    })),
  };
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

function factText(column: Column, type: FactType): string {
  if (type === 'text' || type === 'bigint') return textOf(column);
  return normalise(`this.${quoteIdentifier(column.name)}`, type, column.base);
}

const jsonBases = ['json', 'jsonb', 'real', 'double precision'];

/**
 * The text of a value, which is null only where the value is: as the type's own output function writes it, not as somebody's
 * cast to text might. What JSON writes in another way than Postgres is written as JSON, so that it is found again in `row_data`.
 */
export function textOf({ name, base, category }: Column): string {
  const value = `this.${quoteIdentifier(name)}`;
  const plain = `pg_catalog.concat(${value})`;
  if (base === 'timestamp with time zone') return `extract(epoch from ${value})::text`;
  if (!'BDAC'.includes(category) && !jsonBases.includes(base))
    return `case when ${value} is distinct from null then ${plain} end`;
  const json = `coalesce(pg_catalog.to_jsonb(${value}) #>> '{}', ${plain})`;
  const isFloat = base === 'real' || base === 'double precision';
  const written = isFloat ? `case when ${value} = 0 then ${plain} else ${json} end` : json;
  return `case when ${value} is distinct from null then ${written} end`;
}

/** The same of a row of the quarantine under the alias `this`: what it holds may have been renamed before it was put there. */
export function textsOfQuarantined({ allowance, columns }: Noted, names: readonly string[]): RowTexts {
  const key = (name: string) => `(this.row_data ->> ${quoteLiteral(name)})`;
  const keysOf = (fact: Fact) => {
    const own = columnsCalled(columns, fact.columns).map(({ name }) => name);
    return [...new Set([...fact.columns, ...own, ...names.filter((name) => isCalled(name, fact))])];
  };
  const facts = allowance.facts.map((fact) =>
    firstOf(keysOf(fact).map((name) => normalise(key(name), fact.type, 'text'))),
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
  };
}

function isCalled(name: string, fact: Fact): boolean {
  return columnsCalled([{ name } as Column], fact.columns).length > 0;
}

function quarantinedText(column: Column, type: FactType | null, text: string): string {
  if (column.base === 'timestamp with time zone') return normalise(text, 'timestamptz', 'text');
  if (type === 'uuid' || type === 'timestamptz') return `coalesce(${normalise(text, type, 'text')}, ${text})`;
  return text;
}

/** A 64-bit number for each text, in which the bytes count and no collation. */
export function hashOf(text: string): string {
  return `pg_catalog.hashtextextended(${text} collate pg_catalog."C", 0)`;
}

/** A number for a whole row, of which the sum over many rows tells also which values stand side by side. */
export const rowDigest = 'pg_catalog.hashint8extended(r.sum, r.sum)';

/** A SQL expression or condition of the manifest over one row, `value` being what the fact says. */
function evaluate(expression: string, said: Said | undefined): string {
  const { value, older } = said ?? { value: 'null::text', older: 'null::text' };
  return `(select (${expression}\n) from (select ${value} as value, ${older} as older) as said)`;
}

/** Whether a row, under the alias `this`, may be put into quarantine for any reason. */
export function conditionForQuarantine(allowance: Allowance, shape: Shape): string {
  const { said } = textsOfRow({ allowance, columns: shape.columns }, shape);
  return `(${conditionsForQuarantine(allowance, said).join(' or ')})`;
}

/** For each reason; where it is that others are like it, no row meets it alone. */
function conditionsForQuarantine({ quarantine, facts }: Allowance, said: readonly Said[]): string[] {
  return quarantine.map(({ when }) => (when === null ? 'false' : holdsOf(when, facts, said)));
}

/** A condition of the manifest on a whole row, whose facts are `said.NAME`. */
function holdsOf(condition: string, facts: readonly Fact[], said: readonly Said[]): string {
  const values = facts.map(({ name }, index) => `${said[index]?.value} as ${quoteIdentifier(name)}`);
  return `coalesce((select (${condition}\n) from (select ${values.join(', ')}) as said), false)`;
}

/** The text of what an expression of the manifest gives, as a fact of that type is written. */
function evaluateText(expression: string, said: Said | undefined, type: FactType): string {
  return normalise(`(pg_catalog.to_jsonb(${evaluate(expression, said)}) #>> '{}')`, type, 'text');
}

/** Names a row in a report: its key, never what somebody wrote. */
export function labelOfRow({ allowance, columns }: Noted): string {
  const { facts, by } = allowance;
  if (by.length > 0) {
    const named = namingFacts(allowance).map((index) => part(facts[index]?.name ?? '', `f_${index}`));
    return `pg_catalog.concat_ws(', ', ${named.join(', ')})`;
  }
  const keys = columns.flatMap(({ name, isKey }, index) => (isKey ? [{ name, index }] : []));
  const parts =
    keys.length > 0
      ? keys.map(({ name, index }) => {
          const fact = factOfColumn(facts, columns, name);
          return part(facts[fact]?.name ?? name, fact < 0 ? `t_${index}` : `f_${fact}`);
        })
      : facts.flatMap((fact, index) => (fact.type === 'text' ? [] : [part(fact.name, `f_${index}`)]));
  return parts.length === 0 ? "''" : `pg_catalog.concat_ws(', ', ${parts.join(', ')})`;
}

function part(name: string, text: string): string {
  return `${quoteLiteral(`${name} `)} || ${text}`;
}

/**
 * Of every row as it was: `digest`; `vals`, a number for each column, each fact, and what each fact may be normalised to; the
 * facts that may become something else (`free`), that may be normalised to it (`alt`) and that another column than the first
 * tells (`flex`), a bit each; the reasons for which it may be put into quarantine (`aside`); `label`; and where it is.
 */
export function projectBefore(noted: Noted, shape: Shape): string {
  const { facts } = noted.allowance;
  const texts = textsOfRow(noted, shape);
  const becomes = facts.map(({ normalise: expression, comparedAs, type }, index) => {
    if (comparedAs !== null) return evaluateText(comparedAs, texts.said[index], 'text');
    if (expression === null) return 'null::text';
    const result = evaluateText(expression, texts.said[index], type);
    return isTyped(type) ? `case when ${texts.facts[index]} is null then ${result} end` : result;
  });
  const gaps = facts.map(({ gap }, index) =>
    gap === null ? 'false' : `coalesce(${evaluate(gap, texts.said[index])}, false)`,
  );
  const aside = noted.allowance.quarantine.map(({ when }, index) =>
    when === null ? isOneOfSeveral(noted.allowance) : `q_${index}`,
  );
  const inner = [
    'this.tableoid as part',
    'this.ctid as place',
    ...named('t', texts.slots),
    ...named('f', texts.facts),
    ...named('n', becomes),
    ...named('g', gaps),
    ...named('q', conditionsForQuarantine(noted.allowance, texts.said)),
  ];
  const firsts = facts.map(({ columns }) => {
    const [first] = columnsCalled(noted.columns, columns);
    return first === undefined ? -1 : noted.columns.indexOf(first);
  });
  const free = facts.map(({ normalise: expression, fill, comparedAs, type }, index) => {
    // By what may stand there. Where nothing says that, it may become null alone.
    const saysNothing =
      expression !== null && fill !== null && !isTyped(type) ? ` or n_${index} is null` : '';
    const isNormalised = comparedAs === null ? `n_${index} is not null` : 'false';
    return `(f_${index} is null${saysNothing}) and not ${isNormalised} or g_${index} or ${isRepeated(noted, index)}`;
  });
  const alt = facts.map(({ normalise: expression, fill, comparedAs, type }, index) => {
    if (comparedAs !== null) return `n_${index} is not null`;
    const mayBeForgotten = expression !== null && fill === null && !isTyped(type);
    const isSaid = mayBeForgotten ? '' : `n_${index} is not null and `;
    return `${isSaid}n_${index} is distinct from f_${index}`;
  });
  const flex = firsts.map((first, index) =>
    first < 0 ? 'false' : `f_${index} is not null and t_${first} is distinct from f_${index}`,
  );
  return `select ${rowDigest} as digest, r.vals, r.free, r.alt, r.flex, r.aside, r.label, r.part, r.place
    from (
        select pg_catalog.hash_array_extended(r.compared, 0) as sum, r.compared || r.becomes as vals,
            r.free, r.alt, r.flex, r.aside, r.label, r.part, r.place
        from (
            select ${comparedArray(noted)} as compared, ${numbers('n', facts.length)} as becomes, r.part, r.place,
                ${bits(free)} as free, ${bits(alt)} as alt, ${bits(flex)} as flex,
                ${bits(aside)} as aside, ${labelOfRow(noted)} as label
            from (select ${inner.join(',\n')} from ${sourceOf(shape)} as this offset 0) as r
            offset 0
        ) as r
        offset 0
    ) as r`;
}

/**
 * Of every row as it is: where it is (`part`, `place`), `digest` and `vals` as before, the facts that may stand where a gap was
 * (`fits`), and `label`.
 */
export function projectAfter(noted: Noted, shape: Shape): string {
  const texts = textsOfRow(noted, shape);
  const { facts } = noted.allowance;
  const fits = facts.map(({ fill }, index) =>
    fill === null ? 'true' : `coalesce(${evaluate(fill, texts.said[index])}, false)`,
  );
  const becomes = facts.map(({ comparedAs }, index) =>
    comparedAs === null ? `${texts.facts[index]}` : evaluateText(comparedAs, texts.said[index], 'text'),
  );
  return gather(noted, texts, { fits, becomes, source: sourceOf(shape) });
}

/** Where the rows are of which the manifest says that they may be there though nobody had them before. */
export function projectExpected({ appears }: Noted['allowance'], shape: Shape): string {
  const conditions = appears.map((condition) => `coalesce((${condition}\n), false)`);
  return `select this.tableoid as part, this.ctid as place from ${sourceOf(shape)} as this where ${conditions.join(' or ')}`;
}

/** The same of the rows in quarantine that came from a table. */
export function projectQuarantined(noted: Noted, shape: Shape, names: readonly string[]): string {
  const texts = textsOfQuarantined(noted, names);
  const fits = noted.allowance.facts.map(() => 'false');
  return gather(noted, texts, { fits, becomes: texts.facts, source: sourceOf(shape) });
}

function gather(
  noted: Noted,
  texts: RowTexts,
  { fits, becomes, source }: Record<'fits' | 'becomes', readonly string[]> & { readonly source: string },
): string {
  const inner = [
    'this.tableoid as part',
    'this.ctid as place',
    ...named('t', texts.slots),
    ...named('f', texts.facts),
    ...named('n', becomes),
    ...named('o', fits),
  ];
  return `select r.part, r.place, ${rowDigest} as digest, r.vals, r.fits, r.label
    from (
        select part, place, compared || becomes as vals, fits, label,
            pg_catalog.hash_array_extended(r.compared, 0) as sum
        from (
            select part, place, ${comparedArray(noted)} as compared, ${numbers('n', noted.allowance.facts.length)} as becomes, ${bits(fits.map((_, index) => `o_${index}`))} as fits,
                ${labelOfRow(noted)} as label
            from (select ${inner.join(',\n')} from ${source} as this offset 0) as r
            offset 0
        ) as r
        offset 0
    ) as r`;
}

function isTyped(type: FactType): boolean {
  return type === 'uuid' || type === 'timestamptz';
}

/** The places of the facts by which rows are named. */
export function namingFacts({ facts, by }: Allowance): number[] {
  return by.map((name) => facts.findIndex((fact) => fact.name === name)).filter((index) => index >= 0);
}

/** Whether another row of the table is named alike; one that lacks a part of its name is like no other. */
function isOneOfSeveral(allowance: Allowance): string {
  const names = namingFacts(allowance).map((index) => `coalesce(f_${index}, n_${index})`);
  if (names.length === 0) return 'false';
  return `${names.map((name) => `${name} is not null`).join(' and ')} and pg_catalog.count(*) over (partition by ${names.join(', ')}) > 1`;
}

/** Nothing that is the primary key by itself is there twice. */
function isRepeated({ allowance, columns }: Noted, index: number): string {
  const fact = allowance.facts[index];
  const keys = columns.filter(({ isKey }) => isKey);
  const isKey = keys.length === 1 && columnsCalled(columns, fact?.columns ?? [])[0] === keys[0];
  if (!fact?.isMadeUnique || isKey) return 'false';
  return `pg_catalog.count(*) over (partition by f_${index}) > 1`;
}

function sourceOf({ kind, relation }: Shape): string {
  return kind === 'p' ? relation : `only ${relation}`;
}

function named(letter: string, expressions: readonly string[]): string[] {
  return expressions.map((expression, index) => `${expression} as ${letter}_${index}`);
}

function comparedArray({ columns, allowance }: Noted): string {
  return `${numbers('t', columns.length)} || ${numbers('f', allowance.facts.length)}`;
}

function numbers(letter: string, count: number): string {
  const parts = Array.from({ length: count }, (_, index) => hashOf(`${letter}_${index}`));
  return `array[${parts.join(', ')}]::pg_catalog.int8[]`;
}

function bits(conditions: readonly string[]): string {
  return conditions.map((condition, index) => `((${condition})::int << ${index})`).join(' | ') || '0';
}
