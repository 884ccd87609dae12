/** The chosen sections, applied in the open transaction: how each went, and which locks it took. */
import { isDeepStrictEqual } from 'node:util';
import { engineSql } from '../database/engine-sql.js';
import { readCallers } from '../database/locate-problem.js';
import { takeBack } from '../database/own-session.js';
import { quoteLiteral } from '../database/quote.js';
import { runFile } from '../database/run-file.js';
import { shorten } from '../database/shorten.js';
import type { Session } from '../database/with-session.js';
import { runOwnFiles } from '../database/with-transaction.js';
import { describeProblem, SqlError } from '../errors.js';
import type { ApplyResult, LockHeld, Section, SectionResult } from '../model.js';
import { endTemporary, noteTemporary } from './end-temporary.js';
import { alreadyThere, findSkippedIndex, type Skipped } from './skipped-indexes.js';
import { sayWithheld, type Words } from './withhold-content.js';

export type OnNotice = (section: number, text: string) => void;

export interface Applied extends Pick<ApplyResult, 'sections' | 'problem' | 'foundNoTable'> {
  readonly takenLocks: readonly TakenLock[];
}

export interface TakenLock extends Omit<LockHeld, 'milliseconds'> {
  /** As `performance.now()` counts. */
  readonly takenAt: number;
}

export interface ApplyNotes {
  /** When the locks were taken that are held already, as `performance.now()` counts; null: nobody asks for locks. */
  readonly lockedAt?: number | null;
  /** On somebody's database: whose notices are told. What its own functions say may be what is in its rows. */
  readonly words?: Words | null;
}

/**
 * Stops at the first section that fails and skips the rest; the caller then rolls the transaction back.
 */
export async function applySections(
  session: Session,
  sections: readonly Section[],
  onNotice: OnNotice,
  { lockedAt = null, words = null }: ApplyNotes = {},
): Promise<Applied> {
  const results: SectionResult[] = [];
  const takenLocks: TakenLock[] = [];
  const watched = lockedAt === null ? [] : await listTables(session);
  if (lockedAt !== null) await noteLocks(session, { number: 0, takenAt: lockedAt }, watched, takenLocks);
  const temporary = await noteTemporary(session);
  const limits = await readLimits(session);
  let problem: ApplyResult['problem'] = null;
  for (const section of sections) {
    const { number, title } = section;
    if (problem !== null) {
      results.push({ number, title, outcome: 'skipped', milliseconds: 0, notices: [] });
      continue;
    }
    const startedAt = performance.now();
    const { failure, notices, warnings } = await runSection(session, section, { onNotice, words, limits });
    problem = failure;
    if (failure === null && lockedAt !== null)
      await noteLocks(session, { number, takenAt: performance.now() }, watched, takenLocks);
    const outcome = failure === null ? 'pass' : 'fail';
    results.push({
      number,
      title,
      outcome,
      milliseconds: performance.now() - startedAt,
      notices,
      ...(warnings.length === 0 ? {} : { warnings }),
    });
  }
  problem ??= (await checkDeferred(session)) ?? (await checkCursors(session));
  if (problem === null) {
    await takeBack(session);
    problem = await endTemporary(session, temporary);
  }
  return { sections: results, problem, takenLocks };
}

/** A deferred constraint would speak up at the commit, after everything else was found to be right. */
async function checkDeferred(session: Session): Promise<ApplyResult['problem']> {
  const file = { path: 'the end of the fix', text: 'set constraints all immediate' };
  try {
    await runFile(session, file);
    return null;
  } catch (error: unknown) {
    if (!(error instanceof SqlError)) throw error;
    return error.problem;
  }
}

/** As `pg` hands it over. */
interface Notice {
  readonly message?: string | undefined;
  readonly code?: string | undefined;
  readonly severity?: string | undefined;
  readonly where?: string | undefined;
}

/** What is read of a cursor that outlives the transaction is read at its commit, and what that calls is run then. */
async function checkCursors(session: Session): Promise<ApplyResult['problem']> {
  const { rows } = await session.query<{ name: string }>(
    'select name from pg_catalog.pg_cursors where is_holdable order by name',
  );
  const [first] = rows;
  if (first === undefined) return null;
  return describeProblem({
    path: 'the end of the fix',
    // invalid_cursor_state
    sqlstate: '24000',
    message: `The cursor ${first.name} is declared with hold: its query would run at the commit, after everything was proven.`,
    advice: 'Close the cursor, or declare it without hold.',
  });
}

/** Of one section: more nobody reads, and no report could hold. */
const mostNotices = 1000;

/** `raise warning`, in whatever language the server speaks. */
const warning = '01000';

async function runSection(
  session: Session,
  section: Section,
  {
    onNotice,
    words,
    limits,
  }: { readonly onNotice: OnNotice; readonly words: Words | null; readonly limits: readonly string[] },
): Promise<{ failure: ApplyResult['problem']; notices: string[]; warnings: string[] }> {
  const notices: string[] = [];
  const warnings: string[] = [];
  const skipped: Skipped[] = [];
  const listen = ({ message, code, severity, where }: Notice) => {
    if (code === alreadyThere) skipped.push({ message: message ?? '', where: where ?? '' });
    // What Postgres has to say itself ("relation … already exists, skipping") tells nobody how far the fix is.
    if (severity === 'NOTICE' && code !== '00000') return;
    const callers = readCallers(where);
    // A server that speaks another language names its functions in words that are not known here.
    const why = words === null || (where ?? '') === '' ? 'told' : words(callers, message ?? '');
    const text = why === 'told' ? (message ?? '') : sayWithheld('notice', callers[0], why);
    if (notices.length > mostNotices) return;
    const told =
      notices.length < mostNotices
        ? shorten(text)
        : `More than ${mostNotices} notices: the rest is left out.`;
    notices.push(told);
    if (code === warning) warnings.push(told);
    onNotice(section.number, told);
  };
  session.on('notice', listen);
  const files = [section.file, ...section.parts];
  try {
    // What an earlier file made is there to be suggested, where a name is nearly right.
    const left = await runOwnFiles(session, files, { ahead: setLimits(limits), behind: selectLimits });
    const changed = files.find((_, index) => !isDeepStrictEqual(left[index]?.rows[0]?.limits, limits));
    const failure =
      changed === undefined
        ? await findSkippedIndex(session, files, skipped)
        : describeProblem({ path: changed.path, ...limitsChanged });
    return { failure, notices, warnings };
  } catch (error: unknown) {
    if (!(error instanceof SqlError)) throw error;
    return { failure: error.problem, notices, warnings };
  } finally {
    session.off('notice', listen);
  }
}

/** How long a statement may wait and run. */
const limiting = ['lock_timeout', 'statement_timeout'];

const selectLimits = `select array[${limiting.map((name) => `pg_catalog.current_setting('${name}')`).join(', ')}] as limits`;

async function readLimits(session: Session): Promise<readonly string[]> {
  const { rows } = await session.query<{ limits: string[] }>(selectLimits);
  return rows[0]?.limits ?? [];
}

/** A file that changes them is found when those behind it are under way. */
function setLimits(limits: readonly string[]): string {
  const set = limiting.map(
    (name, index) => `pg_catalog.set_config('${name}', ${quoteLiteral(limits[index] ?? '')}, true)`,
  );
  return `select ${set.join(', ')}`;
}

const limitsChanged = {
  // object_not_in_prerequisite_state
  sqlstate: '55000',
  message:
    'This file has changed lock_timeout or statement_timeout, so that the application might wait for the fix longer than whoever runs it allows.',
  advice: 'Take out what sets it. Both are set for every run, with --lock-timeout and --statement-timeout.',
};

async function listTables(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ oid: string }>(engineSql('tables'));
  return rows.map(({ oid }) => oid);
}

async function noteLocks(
  session: Session,
  { number: section, takenAt }: { readonly number: number; readonly takenAt: number },
  watched: readonly string[],
  taken: TakenLock[],
): Promise<void> {
  const { rows } = await session.query<{ relation: string; mode: string }>(engineSql('locks'), [watched]);
  for (const { relation, mode } of rows) {
    if (taken.some((lock) => lock.relation === relation && lock.mode === mode)) continue;
    taken.push({ section, relation, mode, takenAt });
  }
}

/** To be called when the transaction has ended: until then the locks were held. */
export function locksHeld(taken: readonly TakenLock[], endedAt: number): LockHeld[] {
  return taken.map(({ takenAt, ...lock }) => ({ ...lock, milliseconds: endedAt - takenAt }));
}
