/** New partitions of tables that were there → what acts on their rows, or refuses them, and not on those of the whole: rows of today go elsewhere, those that come go there. */
import { nameInSql } from '../../database/quote.js';
import type { Bundle, RowDifference } from '../../model.js';
import type { Given } from './come-alive.js';
import { type DatabaseObject, nameOf } from './read-objects.js';

const acting = ['trigger', 'rule', 'constraint', 'unique index', 'not null', 'default', 'generated column'];

export function findOfPartitions(
  { after, shapes, shapesNow }: Given,
  preserve: Bundle['preserve'],
): RowDifference[] {
  const holdsWhatWas = (name: string) => shapes.has(name) || preserve.some(({ to }) => to.includes(name));
  const wholes = new Map(
    [...shapesNow.values()]
      .filter(({ name, isPartition }) => isPartition && !shapes.has(name))
      .map(({ name }) => [name, wholesOf(name, shapesNow)] as const)
      .filter(([, names]) => names.some(holdsWhatWas)),
  );
  if (wholes.size === 0) return [];
  const said = new Set(after.map((one) => keyOf(one, one.relation ?? '')));
  const isLogged = new Set(
    after.flatMap(({ kind, name, relation }) =>
      kind === 'property' && name === 'persistence' ? [relation] : [],
    ),
  );
  const unlogged = [...wholes].filter(
    ([name, names]) => !isLogged.has(name) && names.some((one) => isLogged.has(one)),
  );
  return [
    ...after.flatMap((one): RowDifference[] => {
      const names = wholes.get(one.relation ?? '');
      // A key of a partition that is the whole's says nothing.
      if (one.kind === 'constraint' && one.said === null) return [];
      const isTheirs = names?.some((name) => said.has(keyOf(one, name))) !== false;
      return isTheirs || !acting.includes(one.kind) ? [] : [differenceOf(nameOf(one), names?.[0] ?? '')];
    }),
    ...unlogged.map(([name, [whole = '']]) => differenceOf(`property persistence on ${name}`, whole)),
  ];
}

const differenceOf = (table: string, whole: string): RowDifference => ({
  word: 'means something else',
  table,
  key: null,
  columns: [`it is of a partition of ${whole}, which has none like it`],
});

/** The tables of which it is a partition, the nearest first. */
function wholesOf(name: string, shapes: Given['shapesNow']): string[] {
  const parents = shapes.get(name)?.parents ?? [];
  return parents.flatMap((parent) => [parent, ...wholesOf(parent, shapes)]);
}

const onTable = new RegExp(` ON (?:ONLY )?${nameInSql} `);

/** Without the name of the table that it is of. */
const keyOf = ({ kind, name, said, relation }: DatabaseObject, table: string): string => {
  const text = (said ?? name).replace(onTable, ' ON ').replace(/^.*? USING /, 'USING ');
  return JSON.stringify([kind, kind === 'trigger' || said === null ? name : '', text, table || relation]);
};
