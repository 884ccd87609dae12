/** Views before and after the fix → columns of theirs by which a data API no longer finds what belongs together, and rows that its conditions keep out from now on, though the view is declared. */
import type { Bundle, RowDifference } from '../../model.js';
import type { Given } from './come-alive.js';
import { boundsIn } from './read-bounds.js';
import { fieldOf, isNode, type Node, readNodes, type Value, wordOf } from './read-nodes.js';
import type { DatabaseObject } from './read-objects.js';
import { readPieces } from './read-pieces.js';

/** `hasApi`: people come by a data API, which finds the keys of a view by the columns that it shows as they are. */
export function findOtherViews(
  given: Given,
  preserve: Bundle['preserve'],
  { hasApi }: { readonly hasApi: boolean },
): RowDifference[] {
  const { before, after } = given;
  const now = new Map(
    after.flatMap((one) => (one.kind === 'view' && one.relation !== null ? [[one.relation, one]] : [])),
  );
  const keys = keysOf(before);
  const namesNow = followNames(given, preserve);
  const tables = new Map(after.flatMap(({ relid, relation }) => (relid === null ? [] : [[relid, relation]])));
  return before.flatMap((view): RowDifference[] => {
    const found = view.kind === 'view' ? now.get(view.relation ?? '') : undefined;
    if (found === undefined || found.written === view.written) return [];
    return [
      ...(hasApi ? findUnrelated(view, found, { keys, tables }) : []),
      ...findKeptOut(view, found, namesNow),
    ];
  });
}

/** `table column`, by their numbers. */
function keysOf(objects: readonly DatabaseObject[]): Set<string> {
  return new Set(
    objects.flatMap(({ kind, relid, place, said, references }) =>
      kind === 'constraint' && (references !== null || said?.startsWith('PRIMARY KEY') === true)
        ? (place?.match(/\d+/g) ?? []).map((number) => `${relid} ${number}`)
        : [],
    ),
  );
}

function findUnrelated(
  view: DatabaseObject,
  found: DatabaseObject,
  {
    keys,
    tables,
  }: { readonly keys: ReadonlySet<string>; readonly tables: ReadonlyMap<string, string | null> },
): RowDifference[] {
  const now = originsOf(found);
  return [...originsOf(view)].flatMap(([column, origin]): RowDifference[] => {
    const is = now.get(column);
    const table = tables.get(origin.split(' ')[0] ?? '');
    if (is !== '0 0' || !keys.has(origin) || table === undefined) return [];
    return [
      {
        word: 'means something else',
        table: `column ${column} of view ${view.relation}`,
        key: null,
        columns: [`it is no column of ${table} any more, by which rows of other tables are found`],
      },
    ];
  });
}

/** Of each column the table and the column that it shows as it is, by their numbers; `0 0`: none. */
function originsOf({ nodes }: DatabaseObject): Map<string, string> {
  const query = readNodes(nodes ?? '').flatMap(queriesIn)[0];
  const targets = query === undefined ? [] : fieldOf(query, 'targetList');
  return new Map(
    (Array.isArray(targets) ? targets : []).flatMap((target): [string, string][] =>
      isNode(target) && wordOf(target, 'resjunk') === 'false'
        ? [[wordOf(target, 'resname'), `${wordOf(target, 'resorigtbl')} ${wordOf(target, 'resorigcol')}`]]
        : [],
    ),
  );
}

function queriesIn(value: Value): readonly Node[] {
  if (isNode(value)) return value.tag === 'QUERY' ? [value] : [];
  return typeof value === 'string' ? [] : value.flatMap(queriesIn);
}

/** `id < 1000`, `kind <> 'draft'`, `limit 10`: of the rows that there are it may keep out none. */
function findKeptOut(
  view: DatabaseObject,
  found: DatabaseObject,
  namesNow: (column: string) => readonly string[],
): RowDifference[] {
  const then = boundsIn(readPieces(view.said ?? ''), namesNow);
  const bounds = boundsIn(readPieces(found.said ?? '')).filter((bound) => !then.includes(bound));
  return bounds.length === 0
    ? []
    : [
        {
          word: 'means something else',
          table: `bounds of view ${view.relation}`,
          key: null,
          columns: [...new Set(bounds)],
        },
      ];
}

/** A column → its name, and those of columns that continue one of that name. */
export function followNames(
  { shapes, shapesNow }: Pick<Given, 'shapes' | 'shapesNow'>,
  preserve: Bundle['preserve'],
): (column: string) => readonly string[] {
  const now = new Map([...shapesNow.values()].map((shape) => [shape.oid, shape]));
  const renamed = [...shapes.values()].flatMap(({ oid, columns }) =>
    columns.map(({ name, number }) => [
      name,
      now.get(oid)?.columns.find((one) => one.number === number)?.name ?? name,
    ]),
  );
  const continued = preserve.flatMap(({ facts }) => facts.map(({ columns }) => columns));
  return (column) => [
    ...new Set([
      column,
      ...renamed.flatMap(([then = '', is = '']) => (then === column ? [is] : [])),
      ...continued.flatMap((columns) => (columns.includes(column) ? columns : [])),
    ]),
  ];
}
