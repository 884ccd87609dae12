/** What applications go by that stands in no row, before and after the fix → what is not as it was, though all that holds it is declared. */
import { engineSql } from '../../database/engine-sql.js';
import type { Session } from '../../database/with-session.js';
import type { RowDifference } from '../../model.js';
import { isCalledAs } from './called-as.js';
import { type FunctionOptions, findOtherOptions } from './function-options.js';
import { takesNoLess } from './judge-shape.js';
import { bareOf } from './read-objects.js';
import { findOtherRelationships, type Key } from './relationships.js';

export interface Offered {
  /** Functions that people of the API may call. */
  readonly calls: readonly Call[];
  /** All functions by their names, once for each of a name, and those with their definer's rights. */
  readonly functions: readonly string[];
  readonly definers: readonly { readonly name: string; readonly hasPath: boolean }[];
  readonly options: readonly FunctionOptions[];
  /** Type → its words. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly relations: readonly { readonly name: string; readonly kind: string; readonly columns: Columns }[];
  readonly keys: readonly Key[];
}

/** Name → type. */
type Columns = Readonly<Record<string, string>>;

export interface Call {
  /** `schema.name`. */
  readonly name: string;
  readonly takes: readonly { readonly name: string; readonly type: string; readonly isOptional: boolean }[];
  readonly answers: string;
  readonly isVolatile: boolean;
  /** The table of which a data API shows it as a column. */
  readonly fieldOf: string | null;
}

export async function readOffered(session: Session, roles: readonly string[]): Promise<Offered> {
  const { rows } = await session.query<Offered>(engineSql('offered'), [roles]);
  return rows[0] as Offered;
}

/** `hasApi`: people come by a data API, which reads relationships from keys. */
export function compareOffered(
  before: Offered,
  after: Offered,
  { hasApi }: { readonly hasApi: boolean },
): RowDifference[] {
  return [
    ...findLessWords(before, after),
    ...findOtherColumns(before, after),
    ...findOtherCalls(before, after),
    ...findLostRights(before, after),
    ...findOtherOptions(before.options, after.options),
    ...(hasApi
      ? [...findHiddenFields(before, after), ...findOtherRelationships(before.keys, after.keys)]
      : []),
  ];
}

const differenceOf = (
  word: RowDifference['word'],
  table: string,
  columns: readonly string[] = [],
): RowDifference => ({ word, table, key: null, columns });

/** A type that is gone is told of as that. */
function findLessWords({ enums }: Offered, after: Offered): RowDifference[] {
  return Object.entries(enums).flatMap(([type, labels]) => {
    const now = after.enums[type];
    return now === undefined
      ? []
      : labels
          .filter((label) => !now.includes(label))
          .map((label) => differenceOf('gone', `label ${label} of type ${type}`));
  });
}

/** Whether a table's column became of that type, which views and functions follow. */
function followsTables(before: Offered, after: Offered): (from: string, to: string) => boolean {
  const now = columnsOf(after);
  const pairs = new Set(
    before.relations
      .filter(isTable)
      .flatMap(({ name, columns }) =>
        Object.entries(columns).map(([column, type]) => JSON.stringify([type, now.get(name)?.[column]])),
      ),
  );
  return (from, to) => from === to || takesNoLess(from, to) || pairs.has(JSON.stringify([from, to]));
}

const isTable = ({ kind }: Offered['relations'][number]): boolean => kind === 'r' || kind === 'p';
const columnsOf = ({ relations }: Offered) => new Map(relations.map(({ name, columns }) => [name, columns]));

/** Of views that are there still. A column that no table has any more, and one had, is told of the table. */
function findOtherColumns(before: Offered, after: Offered): RowDifference[] {
  const now = columnsOf(after);
  const follows = followsTables(before, after);
  const named = ({ relations }: Offered) =>
    new Set(relations.filter(isTable).flatMap(({ columns }) => Object.keys(columns)));
  const [then, still] = [named(before), named(after)];
  return before.relations
    .filter((one) => !isTable(one))
    .flatMap(({ name, columns }) =>
      Object.entries(columns).flatMap(([column, type]): RowDifference[] => {
        const found = now.get(name);
        if (found === undefined) return [];
        const other = found[column];
        if (other === undefined)
          return then.has(column) && !still.has(column)
            ? []
            : [differenceOf('gone', `column ${column} of view ${name}`)];
        return follows(type, other)
          ? []
          : [
              differenceOf('means something else', `type of ${column} on ${name}`, [
                `${other}, where it was ${type}`,
              ]),
            ];
      }),
    );
}

/** Whoever calls it does so by the names of what it takes. */
function findOtherCalls(before: Offered, after: Offered): RowDifference[] {
  const follows = followsTables(before, after);
  return before.calls.flatMap((call) => {
    const complaints = after.calls
      .filter(({ name }) => name === call.name)
      .map((one) => isCalledAs(call, one, follows));
    const [least] = complaints.sort((one, other) => one.length - other.length);
    return least === undefined || least.length === 0
      ? []
      : [differenceOf('means something else', `calls of function ${call.name}`, least)];
  });
}

/** The options of functions that a text made again may forget. One that has its caller's rights needs no path. */
function findLostRights(before: Offered, after: Offered): RowDifference[] {
  const definersOf = ({ definers }: Offered, name: string) => definers.filter((one) => one.name === name);
  const callers = (offered: Offered, name: string) =>
    offered.functions.filter((one) => one === name).length - definersOf(offered, name).length;
  return [...new Set(before.definers.map(({ name }) => name))].flatMap((name) => {
    const [then, now] = [definersOf(before, name), definersOf(after, name)];
    const lost = [
      ...(callers(after, name) > callers(before, name) && now.length < then.length
        ? ['security definer']
        : []),
      ...(then.every(({ hasPath }) => hasPath) && now.some(({ hasPath }) => !hasPath) ? ['search_path'] : []),
    ];
    return lost.map((option) => differenceOf('gone', `option ${option} of function ${name}`));
  });
}

/** A column stands before a function of its name. */
function findHiddenFields(before: Offered, after: Offered): RowDifference[] {
  const [then, now] = [columnsOf(before), columnsOf(after)];
  return before.calls.flatMap(({ name, fieldOf }) => {
    const field = bareOf(name);
    const isHidden =
      fieldOf !== null &&
      then.get(fieldOf)?.[field] === undefined &&
      now.get(fieldOf)?.[field] !== undefined &&
      after.calls.some((one) => one.name === name && one.fieldOf === fieldOf);
    return isHidden
      ? [differenceOf('means something else', `function ${name}`, [`${field} of ${fieldOf} is a column now`])]
      : [];
  });
}
