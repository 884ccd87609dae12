/**
 * Rows as an application writes them, which sends the columns that it knows and has others, and its keys, given by defaults: what
 * people could write so before the fix they write after it, also where columns, triggers and policies are new.
 */
import { counted } from '../../counted.js';
import { engineSql } from '../../database/engine-sql.js';
import { withSequencesPutBack } from '../../database/with-sequences-put-back.js';
import type { Session } from '../../database/with-session.js';
import { isCutShort } from './limit-time.js';
import { isUnknown, type Observation, type Sight } from './observation.js';
import { abilityOf } from './reach.js';
import { isTable } from './relation.js';
import { type Attempt, isRefusal, tryWrites, type Way } from './try-writes.js';
import {
  addition,
  additions,
  type Column,
  changesOf,
  hasOthers,
  isSent,
  relationOf,
  type Writable,
} from './ways-of-writing.js';

/** What somebody could write. */
export interface Deed {
  readonly table: string;
  readonly person: number;
  readonly row: number;
  /** Of an addition, the columns that are sent; of a change, the one that is set. */
  readonly columns: readonly Column[];
  /** Which of `additions`, or of the values of a change. */
  readonly way: number;
  /** Those of them of which what was sent was stored. */
  readonly kept: readonly string[];
  /** null: an addition. Otherwise a row that says something else in the column, or null where none does. */
  readonly change: { readonly donor: number | null } | null;
}

export interface OrdinaryWrites {
  readonly deeds: readonly Deed[];
  readonly tables: ReadonlyMap<string, Writable>;
  /** Of which tables some were not tried, and why. */
  readonly unseen: readonly string[];
}

/** Of each role so many people, and rows of each, of one table. */
const mostPeople = 6;
const mostRows = 2;
const mostPeopleWhoChange = 3;

export async function noteOrdinaryWrites(session: Session, before: Observation): Promise<OrdinaryWrites> {
  const tables = await readWritable(session, [...before.sights.keys()]);
  const deeds: Deed[] = [];
  const unseen: string[] = [];
  await withSequencesPutBack(session, async () => {
    for (const sight of before.sights.values()) {
      const table = tables.get(sight.table);
      if (table === undefined || !isTable(sight) || sight.isSampled) continue;
      const wanted = wantedOf(before, sight, table);
      const { done, untried } = await tryDeeds(session, sight, table, { before, wanted });
      deeds.push(...done);
      if (untried > 0)
        unseen.push(
          `${table.table}: ${counted(untried, 'way', 'ways')} in which an application writes its rows, because one took longer than statement-timeout allows`,
        );
    }
  });
  return { deeds, tables, unseen };
}

export async function readWritable(
  session: Session,
  names: readonly string[],
): Promise<Map<string, Writable>> {
  const { rows } = await session.query<Writable>(engineSql('writable_columns'), [names]);
  return new Map(rows.map((one) => [one.table, one]));
}

type Wanted = Omit<Deed, 'way' | 'kept'>;

function wantedOf(before: Observation, sight: Sight, { columns }: Writable): Wanted[] {
  const { table } = sight;
  return [...sight.roles].flatMap(([role, may]) => {
    const ofRole = [...before.people.keys()].filter((person) => before.people[person]?.role === role);
    const who = (verb: 'add' | 'change', most: number) => {
      const able = ofRole.filter((person) => rowsOf(before, table, person, verb).length > 0);
      const step = Math.max(1, able.length / most);
      return able
        .filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step) || index === 0)
        .slice(0, most);
    };
    const sent = columns.filter((one) => isSent(one, may.adds));
    const set = columns.filter(
      (one) =>
        may.changes.includes(one.name) &&
        !one.isComputed &&
        !one.isUnique &&
        !one.isForeign &&
        hasOthers(one),
    );
    return [
      ...(sent.length === 0 ? [] : who('add', mostPeople)).flatMap((person) =>
        ownFirst(before, sight, person, rowsOf(before, table, person, 'add'))
          .slice(0, mostRows)
          .map((row): Wanted => ({ table, person, row, columns: sent, change: null })),
      ),
      ...who('change', mostPeopleWhoChange).flatMap((person) => {
        const [row] = ownFirst(before, sight, person, rowsOf(before, table, person, 'change'));
        return row === undefined
          ? []
          : set.map((column): Wanted => {
              const own = sight.rows[row]?.values.get(column.name) ?? null;
              const donor = sight.rows.findIndex(({ values, place }) => {
                const value = values.get(column.name) ?? null;
                return place !== null && value !== null && value !== own;
              });
              return { table, person, row, columns: [column], change: { donor: donor < 0 ? null : donor } };
            });
      }),
    ];
  });
}

function rowsOf(before: Observation, table: string, person: number, verb: 'add' | 'change'): number[] {
  const ability = abilityOf(before, table, person, verb);
  const rows = before.sights.get(table)?.rows ?? [];
  return isUnknown(ability) ? [] : [...ability].filter((row) => rows[row]?.place != null);
}

/** Rows that name the person. */
function ownFirst(
  { people }: Observation,
  { rows }: Sight,
  person: number,
  among: readonly number[],
): number[] {
  const name = people[person]?.name ?? '';
  const isOwn = (row: number) => [...(rows[row]?.values.values() ?? [])].includes(name);
  return [...among.filter(isOwn), ...among.filter((row) => !isOwn(row))];
}

async function tryDeeds(
  session: Session,
  sight: Sight,
  table: Writable,
  { before, wanted }: { readonly before: Observation; readonly wanted: readonly Wanted[] },
): Promise<{ readonly done: readonly Deed[]; readonly untried: number }> {
  const attempts = wanted.map((one): Attempt => {
    const returned = returnedOf(sight, before.people[one.person]?.role ?? '');
    const ways =
      one.change === null
        ? additions.map((way) => addition(table, one.columns, { ...way, returned }))
        : changesOf(table, one.columns[0] as Column, placeIn(sight, one.change.donor));
    return attemptOf(before, sight, one, { row: one.row, ways });
  });
  const outcomes = await tryWrites(session, relationOf(table), attempts);
  const done = wanted.flatMap((one, index) => {
    const outcome = outcomes[index];
    return outcome === undefined || isRefusal(outcome) ? [] : [{ ...one, ...outcome }];
  });
  return { done, untried: outcomes.filter((one) => isRefusal(one) && isCutShort(one)).length };
}

export const attemptOf = (
  { people }: Observation,
  sight: Sight,
  { person }: Pick<Deed, 'person'>,
  { row, ways }: { readonly row: number; readonly ways: readonly Way[] },
): Attempt => ({
  role: people[person]?.role ?? '',
  settings: people[person]?.settings ?? {},
  place: placeIn(sight, row) ?? '',
  ways,
});

export const placeIn = ({ rows }: Sight, row: number | null): string | null =>
  row === null ? null : (rows[row]?.place ?? null);

const returnedOf = ({ roles }: Sight, role: string): string | null => roles.get(role)?.reads[0] ?? null;
