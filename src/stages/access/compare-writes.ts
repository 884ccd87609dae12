/** What people could write before the fix, as their application does, tried again after it → a sentence for each loss that nothing declares. */
import { withSequencesPutBack } from '../../database/with-sequences-put-back.js';
import type { Session } from '../../database/with-session.js';
import { groupBy } from '../../group-by.js';
import type { Declared } from '../preservation/declared-names.js';
import {
  type Answered,
  findLostWrites,
  findStoredOtherwise,
  type LostWrite,
  type ToldOfWrites,
  tellLostWrites,
} from './judge-writes.js';
import { isCutShort } from './limit-time.js';
import type { Observation, Sight } from './observation.js';
import { attemptOf, type Deed, type OrdinaryWrites, placeIn, readWritable } from './ordinary-writes.js';
import { reachOf } from './reach.js';
import type { Kinship } from './recognise-rows.js';
import { type Attempt, isRefusal, tryWrites, type Way } from './try-writes.js';
import {
  addition,
  additions,
  type Column,
  changesOf,
  isSent,
  relationOf,
  type Writable,
} from './ways-of-writing.js';

export interface ComparedWrites {
  readonly before: Observation;
  readonly after: Observation;
  readonly kinship: Kinship;
  readonly notes: OrdinaryWrites;
  readonly declared: Declared;
  /** What a sentence calls them, by their places; otherwise it counts them. */
  readonly names?: (people: readonly number[]) => string;
}

export async function compareOrdinaryWrites(
  session: Session,
  { before, after, kinship, notes, declared, names }: ComparedWrites,
): Promise<ToldOfWrites> {
  const tables = await readWritable(session, [...notes.tables.keys()]);
  const lost: LostWrite[] = [];
  await withSequencesPutBack(session, async () => {
    for (const [name, deeds] of groupBy(notes.deeds, (one) => one.table)) {
      const [then, now, sight] = [notes.tables.get(name), tables.get(name), after.sights.get(name)];
      if (then === undefined || now === undefined || sight === undefined) continue;
      const again = deeds.flatMap((deed) => repeated(deed, { before, after, kinship, then, now, sight }));
      const answers = await tryAgain(session, now, again);
      lost.push(
        ...(await findLostWrites(session, now, answers)),
        ...findStoredOtherwise(now, answers, (one, other) =>
          then.oid === now.oid ? one.number === other.number : one.name === other.name,
        ),
      );
    }
  });
  return tellLostWrites(lost, declared, names);
}

interface Again {
  readonly deed: Deed;
  readonly columns: readonly Column[];
  readonly attempt: Attempt;
  /** The same with all columns that there are now, or without asking for the row. */
  readonly controls: Attempt | null;
}

/** A control that took too long answers for what it was to control. */
async function tryAgain(session: Session, table: Writable, again: readonly Again[]): Promise<Answered[]> {
  const relation = relationOf(table);
  const outcomes = await tryWrites(
    session,
    relation,
    again.map(({ attempt }) => attempt),
  );
  const answered = again.map(({ deed, columns, controls }, index) => {
    const outcome = outcomes[index];
    const isRefused = outcome !== undefined && isRefusal(outcome);
    return {
      deed,
      columns,
      controls,
      refusal: isRefused ? outcome : null,
      kept: isRefused ? [] : (outcome?.kept ?? []),
    };
  });
  const controlled = answered.filter(({ controls, refusal }) => controls !== null && refusal !== null);
  const controls = controlled.flatMap((one) => one.controls ?? []);
  const possible = await tryWrites(session, relation, controls);
  return answered.map(({ deed, columns, refusal, kept }, index) => {
    const place = controlled.indexOf(answered[index] as (typeof answered)[number]);
    const outcome = place < 0 ? undefined : possible[place];
    const isUntried = outcome !== undefined && isRefusal(outcome) && isCutShort(outcome);
    return {
      deed,
      columns,
      kept,
      refusal: isUntried ? outcome : refusal,
      isOldWay: outcome !== undefined && !isRefusal(outcome),
    };
  });
}

/** The same of what its row has become, where whoever did it may still do it to some row. */
function repeated(
  deed: Deed,
  {
    before,
    after,
    kinship,
    then,
    now,
    sight,
  }: {
    readonly before: Observation;
    readonly after: Observation;
    readonly kinship: Kinship;
    readonly then: Writable;
    readonly now: Writable;
    readonly sight: Sight;
  },
): Again[] {
  const imageOf = (row: number | null) =>
    row === null
      ? undefined
      : kinship.images.get(deed.table)?.[row]?.find(({ table }) => table === deed.table)?.row;
  const row = imageOf(deed.row);
  const role = after.people[deed.person]?.role ?? '';
  const may = sight.roles.get(role);
  if (row === undefined || may === undefined || before.people[deed.person]?.role !== role) return [];
  const verb = deed.change === null ? 'add' : 'change';
  const reach = reachOf(after, { table: deed.table, row }, deed.person, verb);
  if (reach !== 'yes') return [];
  // Under whatever name it has now.
  const written = deed.columns.map((column) => {
    const found = now.columns.find((one) =>
      then.oid === now.oid ? one.number === column.number : one.name === column.name,
    );
    const names = deed.change === null ? may.adds : may.changes;
    return {
      column,
      found,
      isWritten: found !== undefined && !found.isComputed && names.includes(found.name),
    };
  });
  const columns = written.flatMap(({ found, isWritten }) =>
    found !== undefined && isWritten ? [found] : [],
  );
  // Who had to say something that is there and may be said no more is told of by the privileges of columns.
  const isUnsaid = written.some(
    ({ column, found, isWritten }) => found !== undefined && !isWritten && !column.hasDefault,
  );
  if (columns.length === 0 || isUnsaid) return [];
  const adds = { ...(additions[deed.way] ?? additions[0]), returned: may.reads[0] ?? null };
  const way =
    deed.change === null
      ? addition(now, columns, adds)
      : changesOf(now, columns[0] as Column, placeIn(sight, imageOf(deed.change.donor) ?? null))[deed.way];
  if (way === undefined || placeIn(sight, row) === null) return [];
  const attemptTo = (ways: readonly Way[]) => attemptOf(after, sight, deed, { row, ways });
  const all = now.columns.filter((one) => isSent(one, may.adds));
  const controls = [
    addition(now, all, adds),
    ...(adds.returns ? [columns, all].map((sent) => addition(now, sent, { ...adds, returns: false })) : []),
  ];
  return [
    {
      deed,
      columns,
      attempt: attemptTo([way]),
      controls: deed.change === null ? attemptTo(controls) : null,
    },
  ];
}
