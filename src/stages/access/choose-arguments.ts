/** A function and whoever calls it → values to call it with: those of rows that name them, and of others. A value that does not fit costs a call that says nothing. */
import type { Observation, Row } from './observation.js';
import { isTable } from './relation.js';

export interface Input {
  readonly name: string | null;
  readonly type: string;
  /** As in `pg_type.typcategory`. */
  readonly category: string;
  readonly isOptional: boolean;
  readonly isVariadic: boolean;
  /** Of an enum, the first. */
  readonly word: string | null;
}

/** null: it is left to its default. */
export type Values = readonly (string | null)[];

/** Who calls, and the rows that are there for it. */
export interface Caller {
  readonly person: string;
  /** Other people whose names are uuids. */
  readonly others: readonly string[];
  readonly tables: readonly TableOfCaller[];
}

interface TableOfCaller {
  readonly table: string;
  readonly columns: readonly string[];
  /** Some that name the person. */
  readonly own: readonly Row[];
  /** One that does not. */
  readonly other: Row | undefined;
}

/** Once a person: it goes through all rows. */
export function readCaller({ people, sights }: Observation, person: string): Caller {
  const isOwn = ({ values }: Row) => [...values.values()].includes(person);
  return {
    person,
    others: people.map(({ name }) => name).filter((name) => name !== person && /^[0-9a-f-]{36}$/.test(name)),
    tables: [...sights.values()].filter(isTable).map(({ table, columns, rows }) => {
      const own = rows.filter(isOwn);
      return {
        table,
        columns,
        own: [...own.slice(0, 1), ...own.slice(1).slice(-1)],
        other: rows.find((row) => !isOwn(row)),
      };
    }),
  };
}

/** Each once, at most `mostChoices`. */
export function chooseArguments(inputs: readonly Input[], caller: Caller): Values[] {
  if (inputs.length === 0) return [[]];
  const rows = rowsToCallWith(inputs, caller).slice(0, mostChoices);
  const choices = (rows.length === 0 ? [null] : rows).flatMap((row, nth): Values[] => {
    const all = inputs.map((input) => chosenFor(input, row, { ...caller, nth }));
    const required = all.map((value, place) => (inputs[place]?.isOptional ? null : value));
    return [required, all];
  });
  const distinct = new Map(choices.map((values) => [JSON.stringify(values), values]));
  return [...distinct.values()].slice(0, mostChoices);
}

const mostChoices = 5;

interface Known {
  readonly table: string;
  readonly row: Row;
}

/** Rows of the tables that have most of what it takes, first those that name the person. */
function rowsToCallWith(inputs: readonly Input[], { tables }: Caller): Known[] {
  const known = tables
    .map((one) => ({
      ...one,
      score: inputs.filter((input) => columnFor(input, one.table, one.columns) !== null).length,
    }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  return [
    ...known.flatMap(({ table, own }) => own.map((row) => ({ table, row }))),
    ...known.flatMap(({ table, other }) => (other === undefined ? [] : [{ table, row: other }])),
  ];
}

/** `p_room_id`, `roomId` and `_room` are `room_id`, or the id of a table of rooms. */
function columnFor({ name }: Pick<Input, 'name'>, table: string, columns: readonly string[]): string | null {
  if (name === null) return null;
  const plain = plainName(name);
  const base = plain.replace(/_?id$/, '');
  const found = columns.find((column) => [plain, `${base}_id`].includes(plainName(column)));
  if (found !== undefined) return found;
  const singular = table.replace(/s$/, '');
  return base !== '' && singular.endsWith(base) && columns.includes('id') ? 'id' : null;
}

const plainName = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/^_*(?:(?:p|in|v|i|arg|param|the|my|new|target)_)?/, '')
    .replace(/_*(?:_(?:in|arg|param))?$/, '');

type Turn = Pick<Caller, 'person' | 'others'> & { readonly nth: number };

function chosenFor(input: Input, known: Known | null, turn: Turn): string | null {
  const one = oneChosenFor(input, known, turn);
  if (input.category !== 'A' || one === null || one.startsWith('{')) return one;
  return `{${JSON.stringify(one)}}`;
}

function oneChosenFor(input: Input, known: Known | null, { nth, person, others }: Turn): string | null {
  if (known !== null) {
    const column = columnFor(input, known.table, [...known.row.values.keys()]);
    const value = column === null ? null : known.row.values.get(column);
    if (value != null) return value;
  }
  const { category, type, word, name } = input;
  if (word !== null) return word;
  const isCaller = /^(me|user|uid|creator|owner|sender|author|caller|self)(_id)?$/.test(
    plainName(name ?? ''),
  );
  if (/^uuid(\[\])?$/.test(type))
    return isCaller ? person : (others[nth % Math.max(1, others.length)] ?? person);
  if (category === 'A') return '{}';
  return category === 'U' && /^jsonb?$/.test(type) ? '{}' : (usual[category] ?? null);
}

/** By category: a text, a number, a yes, a time, a time span. */
const usual: Readonly<Record<string, string>> = {
  S: 'hello',
  N: '5',
  B: 'true',
  D: '2026-01-01',
  T: '1 day',
};
