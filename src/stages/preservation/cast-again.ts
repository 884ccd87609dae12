/** A check or a default before and after → whether it asks the same, as Postgres writes it again once a column has another type. */
import type { DatabaseObject } from './read-objects.js';

/** Only within one of them: an enum is in another order as text, and a time is in no zone or in one. */
const families = [
  ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'],
  ['text', 'character varying'],
];

/** `price >= (0)::double precision` and `price >= (0)::numeric`, where price became a numeric. */
export function isCastAgain(
  before: DatabaseObject,
  after: DatabaseObject | undefined,
  objects: Readonly<Record<'before' | 'after', readonly DatabaseObject[]>>,
): boolean {
  if (!['constraint', 'default'].includes(before.kind) || before.relid !== after?.relid) return false;
  if (before.said === null || after.said === null) return false;
  const now = typesIn(objects.after, before.relid);
  const recast = [...typesIn(objects.before, before.relid)].flatMap(([column, then]): Recast[] => {
    const types = [then, now.get(column) ?? then];
    const isOfOneKind = families.some((family) => types.every((type) => family.includes(type)));
    return isOfOneKind && types[0] !== types[1] ? [{ column, types }] : [];
  });
  const texts: string[] = [];
  const [one, other] = [before.said, after.said].map((said) =>
    recast.reduce(withoutCasts, withoutTexts(said, texts)),
  );
  return recast.length > 0 && one === other;
}

interface Recast {
  readonly column: string;
  /** Before, and after. */
  readonly types: readonly string[];
}

/** Without their bounds. */
function typesIn(objects: readonly DatabaseObject[], relid: string | null): Map<string, string> {
  const columns = objects.filter((one) => one.kind === 'type of' && one.relid === relid);
  return new Map(columns.map(({ name, said }) => [name, (said ?? '').replace(/\(.*\)$/, '')]));
}

/** A number for each, so that nothing in it looks like a cast. */
const withoutTexts = (said: string, texts: string[]): string =>
  said.replace(/'(?:[^']|'')*'/g, (text) => {
    if (!texts.includes(text)) texts.push(text);
    return `'${texts.indexOf(text)}'`;
  });

/** Of what is written out and of the column itself: a cast of anything else may round. */
function withoutCasts(said: string, { column, types }: Recast): string {
  const quoted = `"${column.replaceAll('"', '""')}"`.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const name = /^[a-z_][a-z0-9_]*$/.test(column) ? `${column}|${quoted}` : quoted;
  return types.reduce((text, type) => {
    // `(1.5)::integer` is 2.
    const number = /int/.test(type) ? '\\d+' : '\\d+(?:\\.\\d+)?';
    const cast = `::${type}(?![\\w([])`;
    return text
      .replace(new RegExp(`(?<![\\w"])\\((${number}|'\\d+'(?:::integer)?|${name})\\)${cast}`, 'g'), '$1')
      .replace(new RegExp(`('\\d+')${cast}`, 'g'), '$1')
      .replace(new RegExp(`\\((ARRAY\\[[^[\\]]*\\])\\)::${type}\\[\\]`, 'g'), '$1');
  }, said);
}
