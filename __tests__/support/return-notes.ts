/** A deployment of the notes bundle that also changes rows, adds a column and a table; and the way back from it. */
import { differences, type Fingerprint, readDefinitions } from '../../src/database/fingerprint.js';
import { withSession } from '../../src/database/with-session.js';
import { type Returned, returnTo } from '../../src/return-to.js';
import type { HistorySettings, RollbackSettings } from '../../src/settings/settings.js';
import { plain } from '../../src/stages/history/compare-with-before.js';
import { fingerprintRows } from '../../src/stages/history/fingerprint-rows.js';
import { withoutHistory } from '../../src/stages/history/history-schema.js';
import { deployNotes, quietly } from './deploy-notes.js';
import { limits } from './limits.js';
import { type Changes, thirdSection } from './notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from './notes-target.js';

export const manyChanges: Changes = {
  'bundle.yml': (text) =>
    text
      .replace('text: { columns: [body] }', 'text: { columns: [body], normalise: pg_catalog.upper(value) }')
      .replace(
        'access:\n',
        'adds: [public.tags, public.notes.made_at]\nchanges: [constraint tags_note_fkey on public.tags]\naccess:\n',
      ),
  ...thirdSection(`
    update public.notes set body = pg_catalog.upper(body) where body <> pg_catalog.upper(body);
    alter table public.notes add column if not exists made_at timestamptz;
    alter table public.notes alter column made_at set default pg_catalog.now();
    create table if not exists public.tags (note bigint references public.notes on delete cascade, tag text);
    insert into public.tags select id, 'old' from public.notes where not exists (select from public.tags);`),
};

function way(target: NotesTarget) {
  return {
    databaseUrl: addressOf(target.connection),
    databaseCa: null,
    confirm: target.database,
    window: { notBefore: null, notAfter: null },
  };
}

export function rollBackNotes(
  target: NotesTarget,
  overrides: Partial<RollbackSettings> = {},
  { signal }: { readonly signal: AbortSignal } = quietly,
): Promise<Returned> {
  return returnTo(
    {
      command: 'rollback',
      ...way(target),
      choices: { keepsNewRows: false, keysNotValid: false },
      toSql: null,
      markdown: null,
      ...limits,
      ...overrides,
    },
    { signal },
  );
}

export function tellHistory(
  target: NotesTarget,
  overrides: Partial<HistorySettings> = {},
): Promise<Returned> {
  return returnTo(
    { command: 'history', ...way(target), forget: null, markdown: null, ...overrides },
    quietly,
  );
}

export async function deployMany(target: NotesTarget): Promise<void> {
  const report = await deployNotes(target, manyChanges);
  if (report.verdict !== 'pass') throw new Error(JSON.stringify(report.subjects, null, 1));
}

/** Every definition and every table's rows, as they count; the record is the engine's own. */
export function lookAt(target: NotesTarget): Promise<Fingerprint> {
  return withSession(target.connection, async (session) => {
    const definitions = withoutHistory(await readDefinitions(session));
    const rows = await fingerprintRows(session);
    return new Map([
      ...[...definitions].map(([object, text]) => [object, plain(object, text) ?? ''] as const),
      ...[...rows].map(
        ([table, { rows: count, digest }]) => [`rows of ${table}`, `${count} ${digest}`] as const,
      ),
    ]);
  });
}

/** A target, and what differs of it by then from what it was at first. */
export function withReturningTarget<T>(
  work: (target: NotesTarget, remains: () => Promise<string[]>) => Promise<T>,
): Promise<T> {
  return withNotesTarget(async (target) => {
    const first = await lookAt(target);
    return work(target, async () => differences(first, await lookAt(target)));
  });
}
