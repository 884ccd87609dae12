/** A view under the name of a table of before → of which of the rows that each person tried to copy there, they add a copy through it. */
import type { Session } from '../../database/with-session.js';
import type { Row, Sight } from './observation.js';
import type { ObserveOptions } from './observe.js';
import type { Person } from './people.js';
import { type Answer, isTable, mayTry, type Relation } from './relation.js';
import { tryOut } from './try-out.js';

/** `rows`: places in those of before. */
export interface Copied {
  /** Place in the list of people. */
  readonly person: number;
  readonly rows: readonly number[];
  /** Places in `rows`. */
  readonly answer: Answer;
}

/**
 * Whether Postgres itself puts what is added to the view into a table, with the defaults of that: what a trigger makes of a whole row says
 * nothing of one from which an application leaves columns out.
 */
export const takesCopiesOf = (before: Sight | undefined, view: Relation): before is Sight =>
  before !== undefined && isTable(before) && view.kind === 'v' && !view.addsByTrigger && mayTry(view, 'add');

export async function copyThroughView(
  session: Session,
  view: Relation,
  {
    before,
    people,
    ...options
  }: Pick<ObserveOptions, 'clientSettings' | 'longest'> & {
    readonly before: Sight;
    readonly people: readonly { readonly person: Person; readonly index: number }[];
  },
): Promise<Copied[]> {
  const rows = [...new Set(people.flatMap(({ index }) => [...(before.copied[index] ?? [])]))];
  const columns = view.columns.map((column) => ({
    ...column,
    adds: column.adds && before.columns.includes(column.name),
  }));
  const answers = await tryOut(
    session,
    { ...view, columns },
    {
      ...options,
      verbs: ['add'],
      people: people.map(({ person }) => person),
      ids: [],
      copies: rows.map((row) =>
        writeRow(
          before.rows[row],
          columns.map(({ name }) => name),
        ),
      ),
      choices: people.map(({ index }) => [...(before.copied[index] ?? [])].map((row) => rows.indexOf(row))),
      isSampled: false,
    },
  );
  return people.map(({ index }, position) => ({
    person: index,
    rows,
    answer: answers[position]?.add ?? [],
  }));
}

/** As Postgres reads it, `(1,"a ""b""",)`. */
function writeRow(row: Row | undefined, columns: readonly string[]): string {
  const values = columns.map((column) => row?.values.get(column) ?? null);
  return `(${values.map((value) => (value === null ? '' : `"${value.replace(/["\\]/g, '$&$&')}"`)).join(',')})`;
}
