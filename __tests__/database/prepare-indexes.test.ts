/** Indexes of large tables that are made before the fix begins, and are gone where it is not kept. */
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ProgressEvent, Report } from '../../src/model.js';
import { run } from '../../src/run.js';
import { describeLeft } from '../../src/stages/prepare/left-behind.js';
import { noBackup, runPlan, settingsFor } from '../support/deploy-notes.js';
import { type Changes, thirdSection, withFolder, withNotesBundle } from '../support/notes-bundle.js';
import { type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { rollBackNotes } from '../support/return-notes.js';
import { withClient } from '../support/server.js';

/** The section makes it where it is not there, as it would without `prepare/`. */
const indexed: Changes = {
  'prepare/01_body.sql': `--! Title: What notes are looked up by
select 'public.notes' as table_name, 'notes_body' as index_name, 'using btree (body)' as definition
where pg_catalog.to_regclass('public.notes_body') is null;\n`,
  ...thirdSection(`do $$ begin
    if pg_catalog.to_regclass('public.notes_body') is null then
        create index notes_body on public.notes using btree (body);
    end if;
end $$;`),
};
const failing: Changes = { ...indexed, ...thirdSection("do $$ begin raise exception 'no'; end $$;") };

const query = async (target: NotesTarget, sql: string) =>
  (await withClient(target.connection, (client) => client.query(sql))).rows;

/** Some 17 MB of rows. */
const grow = (target: NotesTarget) =>
  query(
    target,
    `insert into public.notes (writer, body)
     select 'ann', n || pg_catalog.repeat('x', 1900) from pg_catalog.generate_series(1, 8700) as n`,
  );

const listIndexes = async (target: NotesTarget) =>
  (
    await query(
      target,
      "select relname from pg_class where relkind = 'i' and relnamespace = 'public'::regnamespace order by 1",
    )
  ).map(({ relname }) => relname);

/** What it says while it works, too. */
async function runNotes(
  target: NotesTarget,
  changes: Changes,
  command: { plan: string } | { planOut: string } | Record<string, never> = {},
): Promise<{ report: Report; told: string[] }> {
  const told: string[] = [];
  const progress = (event: ProgressEvent) => {
    if (event.kind === 'waiting') told.push(event.text);
  };
  const report = await withNotesBundle(changes, (bundle) => {
    const settings = settingsFor(target, bundle);
    const options = { progress, signal: new AbortController().signal };
    if ('planOut' in command)
      return runPlan({ command: 'plan', ...settings, planOut: command.planOut as string }, options);
    const { plan = null } = command as { plan?: string };
    return run({ command: 'deploy', ...settings, plan, ...noBackup }, options);
  });
  return { report, told };
}

describe('an index that can be prepared', () => {
  it('is made before the locks, is what the plan says, and goes with a rollback', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        await grow(target);
        const file = path.join(folder, 'plan.json');
        const planned = await runNotes(target, indexed, { planOut: file });
        expect(planned).toMatchObject({ report: { verdict: 'pass' }, told: [] });
        expect(await listIndexes(target)).toEqual(['notes_pkey']);

        const { report, told } = await runNotes(target, indexed, { plan: file });
        expect(report.verdict).toBe('pass');
        expect(told).toEqual(['The index notes_body is made on public.notes while the application goes on.']);
        expect(await listIndexes(target)).toEqual(['notes_body', 'notes_pkey']);
        const locks = report.subjects[0]?.apply.outcome === 'pass' ? report.subjects[0].apply.locks : [];
        // Made by the section, the index would have locked out whoever writes: that is a lock of its own.
        expect(locks).not.toContainEqual(expect.objectContaining({ mode: 'ShareLock' }));
        const changes = report.subjects[0]?.changes;
        expect(changes?.outcome === 'pass' && changes.changes.map(({ object }) => object)).toContain(
          'index public.notes_body',
        );
        await rollBackNotes(target);
        expect(await listIndexes(target)).toEqual(['notes_pkey']);
      }),
    );
  });

  it('may have a name that is written in quotes', async () => {
    await withNotesTarget(async (target) => {
      await grow(target);
      const mixed: Changes = Object.fromEntries(
        Object.entries(indexed).map(([file, text]) => [
          file,
          String(text)
            .replaceAll("'notes_body'", "'NotesBody'")
            .replaceAll(/(public\.|index )notes_body/g, '$1"NotesBody"'),
        ]),
      );
      expect((await runNotes(target, mixed)).report.verdict).toBe('pass');
      expect(await listIndexes(target)).toEqual(['NotesBody', 'notes_pkey']);
    });
  });

  it('is taken away by another session where the first one is lost', async () => {
    await withNotesTarget(async (target) => {
      await grow(target);
      const lost = "do $$ begin execute 'select pg_terminate_' || 'backend(pg_backend_pid())'; end $$;";
      const { report, told } = await runNotes(target, { ...indexed, ...thirdSection(lost) });
      expect(report).toMatchObject({ verdict: 'fail', subjects: [{ committed: 'no' }] });
      expect(told).toHaveLength(1);
      expect(await listIndexes(target)).toEqual(['notes_pkey']);
    });
  });

  it('is taken away where the fix is not kept, and what a killed run has left is named and taken away', async () => {
    await withNotesTarget(async (target) => {
      await grow(target);
      await query(target, 'create index schema_fix_prepared_other on public.notes (id)');
      const left = await withClient(target.connection, (client) => describeLeft(client));
      expect(left).toMatchObject([
        {
          severity: 'warning',
          what: expect.stringContaining('public.schema_fix_prepared_other'),
          remedy: expect.stringContaining('drop index concurrently public.schema_fix_prepared_other'),
        },
      ]);
      const { report, told } = await runNotes(target, failing);
      expect(report.verdict).toBe('fail');
      expect(told).toHaveLength(1);
      expect(await listIndexes(target)).toEqual(['notes_pkey']);
    });
  });

  it('is left to the fix on a small table, and where it cannot be made', async () => {
    await withNotesTarget(async (target) => {
      expect(await runNotes(target, indexed)).toMatchObject({ report: { verdict: 'pass' }, told: [] });
      await query(target, 'drop index public.notes_body');
      await query(target, 'alter table public.notes rename column author to writer');
      await grow(target);
      const by = (expression: string) => ({
        ...indexed,
        'prepare/01_body.sql': (indexed['prepare/01_body.sql'] as string).replace(
          '(body)',
          `(${expression})`,
        ),
      });
      await query(
        target,
        `create table public.seen (n int4);
         create function public.see(text) returns text language plpgsql as
         $$ begin insert into public.seen values (1); return $1; end $$;
         create function public.pass(text) returns text immutable language plpgsql as
         $$ begin return public.see($1); end $$;
         create function public.yes(text) returns bool immutable language plpgsql as
         $$ begin return public.see($1) is not null; end $$`,
      );
      // Whatever it runs would be run for good, before the first proof.
      const definitions = [
        '((body::pg_catalog.int4))',
        '((public.pass(body)))',
        '(body) where public.yes(body)',
        '(body) where public.yes(notes.body)',
        '(body); insert into public.seen values (2)',
      ];
      const rows = definitions.map((definition, place) => `('notes_body_${place}', '${definition}')`);
      const { told: left } = await runNotes(target, {
        'prepare/01_body.sql': `--! Title: What runs something\nselect 'public.notes' as table_name, name as index_name, 'using btree ' || definition as definition
          from (values ${rows.join(', ')}) as v (name, definition) order by 1, 2;\n`,
      });
      expect(left).toEqual(
        definitions.map((_, place) =>
          expect.stringMatching(new RegExp(`^The index notes_body_${place} could not be made before`)),
        ),
      );
      expect(await query(target, 'select count(*)::int4 as seen from public.seen')).toEqual([{ seen: 0 }]);
      const { report, told } = await runNotes(target, by('nobody'));
      expect(report.verdict).toBe('pass');
      expect(told.at(-1)).toMatch(
        /^The index notes_body could not be made before \(column "nobody" does not exist\)/,
      );
      expect(await listIndexes(target)).toEqual(['notes_body', 'notes_pkey']);
    });
  });
});
