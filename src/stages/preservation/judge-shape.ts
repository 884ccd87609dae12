/** The type or collation of a column, the order of a table's columns, or an option of a view, before and after → whether it may be another without being declared. */
import type { Bundle, Fact, Preserved } from '../../model.js';
import type { DatabaseObject } from './read-objects.js';
import { type Column, columnsCalled } from './read-shapes.js';

/** A column comes by them, and loses them, as it comes and goes, which is told of the column. */
const ofColumns = ['type of', 'collation of', 'order of columns'];

/** `after` is what has its name now. Of tables that the manifest does not name the comparison of rows tells. */
export function isAllowedShape(
  { preserve, tables, prelude }: Pick<Bundle, 'preserve' | 'tables' | 'prelude'>,
  before: DatabaseObject,
  after: DatabaseObject | undefined,
): boolean {
  // What is no view any more is told of the view; whoever asks more than was asked before lets nobody in.
  if (before.kind === 'option')
    return after === undefined || (before.name !== 'check_option' && before.said !== 'on');
  if (!ofColumns.includes(before.kind)) return false;
  if (after === undefined) return true;
  if (before.kind === 'collation of') return false;
  const isNamed = (table: string) =>
    tables.includes(table) || preserve.some(({ from, to }) => [...from, ...to].includes(table));
  if (!isNamed(before.relation ?? '')) return true;
  if (before.kind === 'order of columns') return isSameOrder(before.said ?? '[]', after.said ?? '[]');
  const [then, now] = [before.said ?? '', after.said ?? ''];
  const facts = factsOf(preserve, before);
  const isWrittenAnew =
    facts.some(({ normalise }) => normalise !== null && mayBecome(withCalled(normalise, prelude), now)) &&
    !isText(now) &&
    !now.includes('.');
  return takesNoLess(then, now) || isWrittenAnew || facts.some(({ type }) => typesOfFacts[type] === now);
}

/** A text that takes less is normalised by nothing. */
const isText = (type: string): boolean => /^(text|character)/.test(type);

/** With what it calls of the prelude, whose bodies may be what casts. */
function withCalled(normalise: string, prelude: Bundle['prelude']): string {
  const known = new Map(
    prelude.flatMap(({ text }) => [...text.matchAll(madeFunctions)].map((found) => [found[1], found])),
  );
  const called = new Set<string>();
  const texts = [normalise];
  for (const text of texts) {
    for (const [, name = ''] of text.matchAll(/\bschema_fix\.(\w+)\s*\(/gi)) {
      const [, , type = '', , body = ''] = known.get(name) ?? [];
      if (called.has(name) || type === '') continue;
      called.add(name);
      texts.push(`${body} ::${type}`);
    }
  }
  return texts.join('\n');
}

const madeFunctions =
  /\bfunction\s+schema_fix\.(\w+)\s*\([^;]*?\)\s*returns\s+((?:pg_catalog\.)?\w+(?:\s*\([\d,\s]+\))?)[^;]*?\bas\s+(\$\w*\$)([\s\S]*?)\3/gi;

/** A type to which it casts the value, or one that takes more; where it casts to none, one without bounds of its own. */
function mayBecome(normalise: string, now: string): boolean {
  const types = [...normalise.matchAll(casts)].map(([, name = '', bounds = '', zone = '']) =>
    nameOfType(name.toLowerCase(), bounds, zone.toLowerCase()),
  );
  // Of one that has no zone it makes one that has, and of one that has, one without.
  const zoned = /\bat\s+time\s+zone\b/i.test(normalise)
    ? ['timestamp with time zone', 'timestamp without time zone']
    : [];
  const others = [...types, ...zoned].filter((type) => !isText(type));
  return others.length === 0
    ? !now.includes('(')
    : others.some((type) => type === now || takesNoLess(type, now));
}

const casts =
  /(?:::|\bas\s)\s*(?:pg_catalog\.)?(double precision|character varying|[a-z]\w*)\s*(\([\d,\s]+\))?( with(?:out)? time zone)?/gi;

/** As Postgres writes it. */
function nameOfType(name: string, bounds: string, zone: string): string {
  const whole = wholeNames[name] ?? name;
  const [first, second = '0'] = bounds.match(/\d+/g) ?? [];
  const within = first === undefined ? '' : whole === 'numeric' ? `(${first},${second})` : `(${first})`;
  const ofZone = /^timestamptz?$/.test(name)
    ? zone || ` with${name === 'timestamptz' ? '' : 'out'} time zone`
    : zone;
  return `${whole}${within}${ofZone}`;
}

const wholeNames: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  decimal: 'numeric',
  float4: 'real',
  float8: 'double precision',
  float: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  timestamptz: 'timestamp',
};

/** Of the columns that are there still; those that are new stand anywhere. */
function isSameOrder(before: string, after: string): boolean {
  const [then, now] = [JSON.parse(before) as string[], JSON.parse(after) as string[]];
  const kept = (names: readonly string[], others: readonly string[]) =>
    JSON.stringify(names.filter((name) => others.includes(name)));
  return kept(then, now) === kept(now, then);
}

const wider: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric'],
  ['real', 'double precision'],
  ['json', 'jsonb'],
];

/** Whatever could be written into the one can be written into the other. */
export function takesNoLess(before: string, after: string): boolean {
  // An enum is in another order as text, and so is a number.
  if (after === 'text' || after === 'character varying') return isText(before);
  const limited = /^(character varying|numeric)\((\d+)(?:,(\d+))?\)$/;
  const [then, now] = [limited.exec(before), limited.exec(after)];
  if (after === 'numeric' && then?.[1] === 'numeric') return true;
  if (then !== null && now !== null && then[1] === now[1]) {
    const [digits, scale] = [Number(now[2]) - Number(then[2]), Number(now[3] ?? 0) - Number(then[3] ?? 0)];
    return scale >= 0 && digits >= scale;
  }
  return wider.some((types) => types.includes(before) && types.indexOf(after) > types.indexOf(before));
}

const typesOfFacts = {
  uuid: 'uuid',
  timestamptz: 'timestamp with time zone',
  bigint: 'bigint',
  text: 'text',
};

/** What the manifest says of the column. */
function factsOf(preserve: readonly Preserved[], { name, relation }: DatabaseObject): Fact[] {
  return preserve
    .filter(({ from, to }) => [...from, ...to].includes(relation ?? ''))
    .flatMap(({ facts }) => facts)
    .filter(({ columns }) => columnsCalled([{ name } as Column], columns).length > 0);
}
