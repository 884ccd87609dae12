/** What a database was and is → what of the manifest was of use in it, each with its key in `seen` of a result. */
import type { Session } from '../../database/with-session.js';
import type { Bundle, Fact, Preserved } from '../../model.js';
import { declaredNames } from './declared-names.js';
import type { Fates } from './fates.js';
import type { NotedTable } from './note-tables.js';
import { columnsCalled, type Shapes } from './read-shapes.js';
import { bitOf, listSetAside } from './set-aside.js';

export interface Found {
  readonly before: Shapes;
  readonly after: Shapes;
  /** All objects, as `changes` and `drops` name them. */
  readonly named: Readonly<Record<'before' | 'after', readonly string[]>>;
  readonly tables: readonly NotedTable[];
  readonly fates: readonly Fates[];
}

/** While what was noted is still there. */
export async function listUsed(session: Session, bundle: Bundle, found: Found): Promise<string[]> {
  const met = await listMet(session);
  const apart = await listComparedApart(session, found.tables);
  return [
    ...ofNames(bundle, found),
    ...(await ofKeys(session, bundle, found)),
    ...bundle.preserve.flatMap((kind) => ofKind(kind, found, { met, apart })),
    ...bundle.access.functions
      .filter((name) => found.named.after.includes(`function ${name.replace(/\(.*\)$/s, '')}`))
      .map((name) => `function ${name}`),
    ...[...new Set(bundle.access.differences.map(({ table }) => table))]
      .filter(
        (table) =>
          [found.before, found.after].some((shapes) => shapes.has(table)) ||
          [...found.named.before, ...found.named.after].includes(`view ${table}`),
      )
      .map((table) => `difference ${table}`),
  ];
}

/** A bit each for what holds of some row, and of every one. */
interface Met {
  readonly alt: number;
  readonly free: number;
  readonly allFree: number;
  readonly allAside: number;
}

async function listMet(session: Session): Promise<Map<number, Met>> {
  const { rows } = await session.query<Met & { tbl: number }>(
    `select tbl, pg_catalog.bit_or(alt) as alt, pg_catalog.bit_or(free | shared) as free,
         pg_catalog.bit_and(free) as "allFree", pg_catalog.bit_and(aside) as "allAside"
     from pg_temp.schema_fix_rows group by tbl`,
  );
  return new Map(rows.map(({ tbl, ...met }) => [tbl, met]));
}

/** Tables, and the columns of facts of which `comparedAs` makes two values that differ: `0 title`. */
async function listComparedApart(session: Session, tables: readonly NotedTable[]): Promise<Set<string>> {
  const apart = new Set<string>();
  for (const [place, { noted }] of tables.entries()) {
    const facts = noted?.allowance.facts ?? [];
    for (const [index, { comparedAs, columns }] of facts.entries()) {
      if (noted === null || comparedAs === null) continue;
      const { rows } = await session.query<{ values: number }>(
        `select count(distinct vals[$2])::int as values from pg_temp.schema_fix_rows where tbl = $1 and vals[$3] is not null`,
        [place, noted.columns.length + facts.length + index + 1, noted.columns.length + index + 1],
      );
      if ((rows[0]?.values ?? 0) > 1) apart.add(`${place} ${columns.join()}`);
    }
  }
  return apart;
}

function ofNames({ adds, drops, changes }: Bundle, { before, after, named }: Found): string[] {
  const whole = { before: new Set(named.before), after: new Set(named.after) };
  const speaksOf = (entry: string, when: 'before' | 'after') =>
    entry.includes('*') ? named[when].some(declaredNames([entry])) : whole[when].has(entry);
  const went = (name: string) => has(before, name) && !has(after, name);
  return [
    ...adds.filter((name) => has(after, name) && !has(before, name)).map((name) => `adds ${name}`),
    ...drops.filter((name) => went(name) || speaksOf(name, 'before')).map((name) => `drops ${name}`),
    ...changes
      .filter((name) => speaksOf(name, 'before') || speaksOf(name, 'after'))
      .map((name) => `changes ${name}`),
  ];
}

/** A table, or a column. */
function has(shapes: Shapes, name: string): boolean {
  if (shapes.has(name)) return true;
  const dot = name.lastIndexOf('.');
  const table = shapes.get(name.slice(0, dot));
  return table?.columns.some((column) => column.name === name.slice(dot + 1)) ?? false;
}

async function ofKeys(
  session: Session,
  { keyed }: Bundle,
  { tables, fates, before, after }: Found,
): Promise<string[]> {
  if (keyed === null) return [];
  const setAside = await listSetAside(session, tables);
  const hasSome = (count: 'normalised' | 'filled') =>
    tables.some(({ allowance }, index) =>
      allowance.pointers.some((column) => (fates[index]?.excused.get(column)?.[count] ?? 0) > 0),
    );
  const typeOf = (shapes: Shapes, table: string, name: string) =>
    shapes.get(table)?.columns.find((column) => column.name === name)?.type;
  const isRetyped = tables.some(({ allowance: { table, pointers } }) =>
    pointers.some((column) => typeOf(before, table, column) !== typeOf(after, table, column)),
  );
  const isAside = tables.some(
    ({ allowance }) => allowance.followsKeys && (setAside.get(allowance.table)?.size ?? 0) > 0,
  );
  return [
    ...(isRetyped || hasSome('normalised') ? ['keyed retype'] : []),
    ...(hasSome('filled') ? ['keyed detach'] : []),
    ...(isAside ? ['keyed quarantine'] : []),
  ];
}

function ofKind(
  { name, from, to, facts, leaves, notCopied, quarantine }: Preserved,
  { before, tables, fates }: Found,
  { met, apart }: { readonly met: ReadonlyMap<number, Met>; readonly apart: ReadonlySet<string> },
): string[] {
  const places = [...tables.keys()].filter((place) => from.includes(tables[place]?.allowance.table ?? ''));
  const columns = from.flatMap((table) => before.get(table)?.columns ?? []);
  const isThere = (column: string) =>
    columnsCalled(columns, facts.find((fact) => fact.name === column)?.columns ?? [column]).length > 0;
  const isSo = (what: keyof Met, at: (allowance: NotedTable['allowance']) => number, holds: boolean) =>
    places.some((place) => {
      const bits = met.get(place)?.[what];
      const bit = at((tables[place] as NotedTable).allowance);
      return bits !== undefined && bit >= 0 && ((bits & bitOf(bit)) !== 0) === holds;
    });
  const isAmong =
    ({ columns }: Fact) =>
    (allowance: NotedTable['allowance']) =>
      allowance.facts.findIndex((one) => one.columns.join() === columns.join());
  return [
    ...(fates.some(({ table, merged }) => from.includes(table) && merged > 0) ? [`${name} merge`] : []),
    ...[...Object.keys(leaves), ...notCopied].filter(isThere).map((column) => `${name} column ${column}`),
    ...(fates.some(({ table, expected }) => to.includes(table) && expected > 0) ? [`${name} appears`] : []),
    ...quarantine
      .filter(({ reason }) =>
        isSo(
          'allAside',
          (allowance) => allowance.quarantine.findIndex((rule) => rule.reason === reason),
          false,
        ),
      )
      .map(({ reason }) => `${name} quarantine not ${reason}`),
    ...facts.flatMap((fact) => [
      ...(isSo('alt', isAmong(fact), true) ? [`${name}.${fact.name} normalise`] : []),
      ...(isSo('free', isAmong(fact), true) ? [`${name}.${fact.name} fill`] : []),
      ...(isSo('allFree', isAmong(fact), false) ? [`${name}.${fact.name} gap not`] : []),
      ...(places.some((place) => apart.has(`${place} ${fact.columns.join()}`))
        ? [`${name}.${fact.name} compared`]
        : []),
    ]),
  ];
}
