/** What became of each row, table by table → the numbers of each kind of row that the manifest preserves, as a report tells them. */
import { counted } from '../../counted.js';
import type { LostRow, Preserved, PreservedResult } from '../../model.js';
import type { Compared } from './compare-database.js';
import { nameless } from './fates.js';

/** As `preservation.sql` returns it. */
export interface FateRow
  extends Record<'before' | 'in_place' | 'moved' | 'quarantined' | 'merged' | 'lost', string> {
  /** Places in `preserve` and in the list of sources. */
  readonly kind: number;
  readonly lost_rows: { readonly source: number; readonly facts: string }[] | null;
}

/** A kind of which there was no row before has none to lose. */
export function toResult(
  name: string,
  sources: readonly string[],
  row: FateRow | undefined,
): PreservedResult {
  const lost = Number(row?.lost ?? 0);
  const lostRows = (row?.lost_rows ?? []).map(
    ({ source, facts }): LostRow => ({
      table: sources[source] ?? '',
      facts: facts === '' ? nameless : facts,
      word: 'gone',
      columns: [],
    }),
  );
  return {
    name,
    outcome: lost === 0 ? 'pass' : 'fail',
    before: Number(row?.before ?? 0),
    inPlace: Number(row?.in_place ?? 0),
    moved: Number(row?.moved ?? 0),
    merged: Number(row?.merged ?? 0),
    quarantined: Number(row?.quarantined ?? 0),
    lost,
    lostRows,
    appeared: 0,
    excused: [],
  };
}

/** What the comparison found of the tables that hold rows of a kind. */
export function sumFates({ name, from, to, facts, leaves }: Preserved, { fates }: Compared): PreservedResult {
  const own = fates.filter(({ table }) => from.includes(table));
  const names = new Set([...facts.map((fact) => fact.name), ...Object.keys(leaves)]);
  const excused = [...names].map((fact) => {
    const counts = own.flatMap((found) => found.excused.get(fact) ?? []);
    const left = sum(counts, (one) => one.left ?? 0);
    return {
      fact,
      normalised: sum(counts, (one) => one.normalised),
      alike: sum(counts, (one) => one.alike),
      filled: sum(counts, (one) => one.filled),
      ...(left > 0 ? { left } : {}),
    };
  });
  const before = sum(own, (found) => found.before);
  const moved = sum(own, (found) => found.moved);
  const merged = sum(own, (found) => found.merged);
  const quarantined = sum(own, (found) => found.quarantined);
  const lost = sum(own, (found) => found.lost);
  const lostRows = own
    .flatMap(({ differences }) => differences)
    .flatMap(({ word, table, key, columns }): LostRow[] =>
      word === 'gone' || word === 'changed' || word === 'moved without being declared'
        ? [{ table, facts: key ?? '', word, columns }]
        : [],
    );
  return {
    name,
    outcome: lost === 0 ? 'pass' : 'fail',
    before,
    inPlace: before - moved - merged - quarantined - lost,
    moved,
    merged,
    quarantined,
    lost,
    lostRows: lostRows.slice(0, 20),
    appeared: sum(
      fates.filter(({ table }) => to.includes(table)),
      (found) => found.expected,
    ),
    excused: excused.filter(({ normalised, filled, left = 0 }) => normalised + filled + left > 0),
  };
}

/** The same, where all rows of a table that is not among those of `to` have to leave it, and some have not. */
export function withThoseLeft(preserved: Preserved, compared: Compared): PreservedResult {
  const summed = sumFates(preserved, compared);
  const left = compared.fates.flatMap((found): (LostRow & { rows: number })[] => {
    if (!preserved.from.includes(found.table) || preserved.to.includes(found.table)) return [];
    const rows = found.before - found.moved - found.merged - found.quarantined - found.lost;
    const facts = `${counted(rows, 'row')} still there, and not in ${preserved.to.join(', ')}`;
    return rows > 0 ? [{ table: found.table, facts, word: 'gone', columns: [], rows }] : [];
  });
  const rows = sum(left, (one) => one.rows);
  if (rows === 0) return summed;
  return {
    ...summed,
    outcome: 'fail',
    inPlace: summed.inPlace - rows,
    lost: summed.lost + rows,
    lostRows: [...left.map(({ rows: _, ...row }) => row), ...summed.lostRows].slice(0, 20),
  };
}

function sum<Counted>(all: readonly Counted[], count: (one: Counted) => number): number {
  return all.reduce((total, one) => total + count(one), 0);
}

/**
 * A row that arrived with its facts may have lost something else on the way. One without all of them has arrived wherever
 * another has those that it has: if it is in quarantine, row by row, it is no longer in place.
 */
export function withContent(arrival: PreservedResult, content: PreservedResult): PreservedResult {
  const { appeared, excused } = content;
  const hidden = Math.min(Math.max(content.quarantined - arrival.quarantined, 0), arrival.inPlace);
  const told = {
    ...arrival,
    inPlace: arrival.inPlace - hidden,
    quarantined: arrival.quarantined + hidden,
    appeared,
    excused,
  };
  if (content.lost === 0 || arrival.lost > 0) return told;
  return { ...told, outcome: 'fail', lost: content.lost, lostRows: content.lostRows };
}
