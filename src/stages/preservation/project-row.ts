/** A table and what may become of another table's rows → SQL that gives each row's values as numbers that can be compared. */
import { quoteIdentifier, quoteLiteral } from '../../database/quote.js';
import type { Fact, FactType } from '../../model.js';
import type { Allowance } from './plan-comparison.js';
import { normalise } from './project-facts.js';
import { type Column, columnsCalled, type Shape } from './read-shapes.js';
import {
  columnsAsWritten,
  factOfColumn,
  isTime,
  type Noted,
  type RowTextsNow,
  type Said,
  textsOfQuarantined,
  textsOfRow,
  textsOfRowNow,
} from './row-texts.js';
import { saysNothing } from './says-nothing.js';

/** A 64-bit number for each text, in which the bytes count and no collation. */
export function hashOf(text: string): string {
  return `pg_catalog.hashtextextended(${text} collate pg_catalog."C", 0)`;
}

/** A number for a whole row, of which the sum over many rows tells also which values stand side by side. */
const rowDigest = 'pg_catalog.hashint8extended(r.sum, r.sum)';

/** A SQL expression or condition of the manifest over one row, `value` being what the fact says. */
function evaluate(expression: string, said: Said | undefined): string {
  const { value, older } = said ?? nothing;
  return `(select (${expression}\n) from (select ${value} as value, ${older} as older) as said)`;
}

/** The same over a row as it is now, whose other facts are `said.NAME`. */
function evaluateFill(
  condition: string,
  facts: readonly Fact[],
  { facts: texts, said }: RowTextsNow,
  index: number,
): string {
  if (!/\bsaid\s*\./.test(condition)) return evaluate(condition, said[index]);
  const { value, older } = said[index] ?? nothing;
  const others = facts.map(
    ({ name, type }, place) =>
      `${type === 'text' ? said[place]?.value : texts[place]} as ${quoteIdentifier(name)}`,
  );
  return `(select (${condition}\n) from (select ${value} as value, ${older} as older) as own, (select ${others.join(', ')}) as said)`;
}

const nothing: Said = { value: 'null::text', older: 'null::text' };

/** Whether a row, under the alias `this`, may be put into quarantine for any reason. */
export function conditionForQuarantine(allowance: Allowance, shape: Shape): string {
  const { said } = textsOfRow({ allowance, columns: shape.columns }, shape);
  const conditions = conditionsForQuarantine(allowance, said);
  return `(${conditions.map((condition) => `coalesce(${condition}, false)`).join(' or ')})`;
}

/** For each reason, null where it cannot be told; where it is that others are like it, no row meets it alone. */
function conditionsForQuarantine({ quarantine, facts }: Allowance, said: readonly Said[]): string[] {
  return quarantine.map(({ when }) => (when === null ? 'false' : holdsOf(when, facts, said)));
}

/** A condition of the manifest on a whole row, whose facts are `said.NAME`. */
function holdsOf(condition: string, facts: readonly Fact[], said: readonly Said[]): string {
  const values = facts.map(({ name }, index) => `${said[index]?.value} as ${quoteIdentifier(name)}`);
  return `(select (${condition}\n) from (select ${values.join(', ')}) as said)`;
}

/** The text of what an expression of the manifest gives, as a fact of that type is written; a time as Postgres writes it. */
function evaluateText(expression: string, said: Said | undefined, type: FactType): string {
  const text = `(select case
      when pg_catalog.pg_typeof(given.result)::pg_catalog.oid in (${timesOfPostgres.map((name) => `'pg_catalog.${name}'::pg_catalog.regtype`).join(', ')})
      then case when given.result is distinct from null then pg_catalog.concat(given.result) end
      else pg_catalog.to_jsonb(given.result) #>> '{}'
    end from (select ${evaluate(expression, said)} as result offset 0) as given)`;
  return normalise(text, type, 'text');
}

const timesOfPostgres = ['timestamptz', 'timestamp', 'date'];

/** Names a row in a report: its key, never what somebody wrote. */
function labelOfRow({ allowance, columns }: Noted): string {
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
 * Of every row as it was: `digest`; `vals`, a number for each column, each fact, what each fact may be normalised to, and each column as it is written; the
 * facts that may become something else (`free`), that may be normalised to it (`alt`) and that another column than the first
 * tells (`flex`), and that are made unique here (`shared`), a bit each; the reasons for which it may be put into quarantine (`aside`), and those whose condition is null
 * for it (`unsure`); `label`; and where it is.
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
    when === null ? isOneOfSeveral(noted.allowance) : `coalesce(q_${index}, false)`,
  );
  const unsure = noted.allowance.quarantine.map((_, index) => `q_${index} is null`);
  const inner = [
    'this.tableoid as part',
    'this.ctid as place',
    ...named('t', texts.slots),
    ...named('f', texts.facts),
    ...named('n', becomes),
    ...named('w', texts.written),
    ...named('g', gaps),
    ...named(
      'e',
      texts.said.map(({ value }, index) => isUntold(facts[index]?.type, value)),
    ),
    ...named('q', conditionsForQuarantine(noted.allowance, texts.said)),
  ];
  const first = (index: number) => columnsCalled(noted.columns, facts[index]?.columns ?? [])[0];
  const free = facts.map(({ normalise: expression, comparedAs }, index) => {
    const isNormalised = comparedAs === null && expression !== null ? `n_${index} is not null` : 'false';
    return `e_${index} and not ${isNormalised} or g_${index} or ${isRepeated(noted, index)}`;
  });
  // What may be replaced in every row need not be kept by one of them.
  const shared = facts.map(({ name }, index) =>
    // All that point at one row go with it.
    noted.allowance.pointers.includes(name)
      ? 'false'
      : `f_${index} is not null and not g_${index} and ${isRepeated(noted, index)}`,
  );
  const written = columnsAsWritten(noted.columns);
  const alt = facts.map(({ comparedAs }, index) => {
    const isTold = comparedAs === null && !written.some((column) => column === first(index));
    return isTold
      ? `n_${index} is not null and n_${index} is distinct from f_${index}`
      : `n_${index} is not null`;
  });
  const flex = facts.map((_, index) => {
    const column = first(index);
    if (column === undefined) return 'false';
    return `f_${index} is not null and t_${noted.columns.indexOf(column)} is distinct from f_${index}`;
  });
  return `select ${rowDigest} as digest, r.vals, r.free, r.alt, r.flex, r.shared, r.aside, r.unsure, r.label, r.part, r.place
    from (
        select pg_catalog.hash_array_extended(r.compared || r.written, 0) as sum,
            r.compared || r.becomes || r.written as vals,
            r.free, r.alt, r.flex, r.shared, r.aside, r.unsure, r.label, r.part, r.place
        from (
            select ${comparedArray(noted)} as compared, ${numbers('n', facts.length)} as becomes,
                ${numbers('w', written.length)} as written, r.part, r.place,
                ${bits(free)} as free, ${bits(alt)} as alt, ${bits(flex)} as flex, ${bits(shared)} as shared,
                ${bits(aside)} as aside, ${bits(unsure)} as unsure, ${labelOfRow(noted)} as label
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
  const texts = textsOfRowNow(noted, shape);
  const { facts } = noted.allowance;
  const fits = facts.map((fact, index) => {
    if (fact.fill !== null) return `coalesce(${evaluateFill(fact.fill, facts, texts, index)}, false)`;
    // One of several alike gets another, whichever.
    return fact.isMadeUnique ? 'true' : isStillUntold(noted, shape, fact, texts.said[index]);
  });
  const becomes = facts.map(({ comparedAs }, index) =>
    comparedAs === null ? asGiven(noted, texts, index) : evaluateText(comparedAs, texts.said[index], 'text'),
  );
  return gather(noted, texts, { fits, becomes, source: sourceOf(shape) });
}

/** What a fact says, as what its `normalise` gives is written. */
function asGiven({ allowance }: Noted, { facts, said }: RowTextsNow, index: number): string {
  return `${allowance.facts[index]?.type === 'text' ? said[index]?.value : facts[index]}`;
}

/** Whether a row says nothing of a fact: text that is no uuid is a word all the same. */
function isUntold(type: FactType | undefined, value: string): string {
  return type === 'uuid' ? `coalesce(pg_catalog.btrim(${value}), '') = ''` : `${value} is null`;
}

/** Null, or what the server puts into a column that the row had not. */
function isStillUntold(noted: Noted, shape: Shape, { columns }: Fact, said: Said | undefined): string {
  const [first] = columnsCalled(shape.columns, columns);
  const isNull = `${said?.value ?? 'null'} is null`;
  if (first === undefined || noted.columns.some(({ name }) => name === first.name)) return isNull;
  return `(${isNull} or ${saysNothing(first, shape)})`;
}

/** Where the rows are of which the manifest says that they may be there though nobody had them before. */
export function projectExpected({ appears }: Noted['allowance'], shape: Shape): string {
  const conditions = appears.map((condition) => `coalesce((${condition}\n), false)`);
  return `select this.tableoid as part, this.ctid as place from ${sourceOf(shape)} as this where ${conditions.join(' or ')}`;
}

/** The same of the rows in quarantine that came from a table. */
export function projectQuarantined(noted: Noted, shape: Shape, now: readonly Column[]): string {
  const texts = textsOfQuarantined(noted, now);
  const fits = noted.allowance.facts.map(() => 'false');
  const becomes = noted.allowance.facts.map((fact, index) => {
    const [first] = columnsCalled(now, fact.columns);
    const isOfTimes = fact.type === 'text' && first !== undefined && isTime(first);
    return isOfTimes ? asPostgresWrites(`${texts.facts[index]}`) : `${texts.facts[index]}`;
  });
  return gather(noted, texts, { fits, becomes, source: sourceOf(shape) });
}

/** A time that JSON wrote. */
const asPostgresWrites = (text: string): string =>
  String.raw`pg_catalog.regexp_replace(${text}, '^(\d{4,}-\d\d-\d\d)T([\d:.]+)(([+-]\d\d)(:00)?)?( BC)?$', '\1 \2\4\6')`;

function gather(
  noted: Noted,
  texts: RowTextsNow,
  { fits, becomes, source }: Record<'fits' | 'becomes', readonly string[]> & { readonly source: string },
): string {
  const inner = [
    'this.tableoid as part',
    'this.ctid as place',
    ...named('t', texts.slots),
    ...named('f', texts.facts),
    ...named('n', becomes),
    ...named('w', texts.written),
    ...named('o', fits),
    ...named('x', texts.beside),
  ];
  // One bit of the digest is another where a row says what it did not.
  const isMore = texts.beside.map((_, index) => `(not x_${index})::int`);
  const beside = `array[${isMore.join(', ')}]::pg_catalog.int8[]`;
  return `select r.part, r.place, ${rowDigest} as digest, r.vals, r.fits, r.label
    from (
        select part, place, compared || becomes || written || beside as vals, fits, label,
            pg_catalog.hash_array_extended(r.compared || r.written, 0) # (1 = any(r.beside))::int as sum
        from (
            select part, place, ${beside} as beside, ${comparedArray(noted)} as compared, ${numbers('n', noted.allowance.facts.length)} as becomes,
                ${numbers('w', texts.written.length)} as written, ${bits(fits.map((_, index) => `o_${index}`))} as fits,
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

export function sourceOf({ kind, relation }: Shape): string {
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
