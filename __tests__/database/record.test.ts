/** What a deployment replaces is recorded in its own transaction, where only its owner reads it. */
import { describe, expect, it } from '@jest/globals';
import { sayAnswer } from '../../src/report/answer.js';
import { deployNotes as deploy } from '../support/deploy-notes.js';
import { thirdSection } from '../support/notes-bundle.js';
import { type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { withClient } from '../support/server.js';

const ask = async <T extends object>(target: NotesTarget, sql: string): Promise<T[]> =>
  withClient(target.connection, async (client) => (await client.query<T>(sql)).rows);

describe('the record of a deployment', () => {
  it('says which bundle, which database, each definition before and after, and each row that was changed', async () => {
    await withNotesTarget(async (target) => {
      expect((await deploy(target)).verdict).toBe('pass');
      const [run] = await ask<{ definitions_before: object; definitions_after: object }>(
        target,
        'select * from schema_fix_history.runs',
      );
      expect(run).toMatchObject({
        id: '1',
        kind: 'deployment',
        bundle: 'Notes belong to somebody',
        sections: [1, 2],
        target: { place: expect.stringContaining(target.database) },
        obstacles: [],
        digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(run?.definitions_before).toHaveProperty(['column public.notes.writer']);
      expect(run?.definitions_before).not.toHaveProperty(['column public.notes.author']);
      expect(run?.definitions_after).toHaveProperty(['policy "own notes" on public.notes']);
      expect(JSON.stringify(run?.definitions_after)).not.toContain('schema_fix_history');
      const rows = await ask(
        target,
        'select table_number, side, key, content from schema_fix_history.rows order by id',
      );
      expect(rows).toEqual([
        { table_number: 0, side: 'was', key: '(3)', content: '(3,,lost)' },
        { table_number: 1, side: 'became', key: null, content: expect.stringMatching(/^[0-9a-f]{32}$/) },
      ]);
      await ask(target, 'delete from schema_fix_history.runs');
      expect(await ask(target, 'select from schema_fix_history.rows')).toEqual([]);
    });
  });

  it('of a later deployment knows nothing of the record of an earlier one', async () => {
    await withNotesTarget(async (target) => {
      await deploy(target);
      await deploy(target);
      const [, again] = await ask<{
        definitions_before: object;
        definitions_after: object;
        tables: object[];
      }>(target, 'select * from schema_fix_history.runs order by id');
      expect(again?.definitions_before).toEqual(again?.definitions_after);
      expect(JSON.stringify(again?.definitions_after)).not.toContain('schema_fix_history');
      expect(again?.tables).toEqual([]);
    });
  });

  it('is shut to everybody else, whatever default privileges give away', async () => {
    await withNotesTarget(async (target) => {
      await ask(
        target,
        `alter default privileges grant all on tables to pg_monitor;
         alter default privileges grant all on sequences to pg_monitor;
         alter default privileges grant all on schemas to pg_monitor`,
      );
      const shuts = thirdSection(
        'revoke all on schema notes_quarantine from pg_monitor; revoke all on notes_quarantine.rows from pg_monitor;',
      );
      expect((await deploy(target, shuts)).verdict).toBe('pass');
      expect(
        await ask(
          target,
          `select n.nspacl::text as acl from pg_namespace as n where nspname = 'schema_fix_history' and nspacl::text ~ '(^|[{,])(pg_monitor)?='
           union all
           select relacl::text from pg_class
           where relnamespace = 'schema_fix_history'::regnamespace and relacl::text ~ '(^|[{,])(pg_monitor)?='`,
        ),
      ).toEqual([]);
    });
  });

  it('is there for a deployment that is kept alone', async () => {
    await withNotesTarget(async (target) => {
      const failing = thirdSection("delete from public.notes where body = 'beer';");
      expect((await deploy(target, failing)).verdict).toBe('fail');
      expect(await ask(target, "select to_regnamespace('schema_fix_history')::text as there")).toEqual([
        { there: null },
      ]);
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'belongs to somebody else',
      'create schema schema_fix_history authorization notes_owner',
      /belongs to notes_owner/,
    ],
    [
      'is open to somebody',
      'create schema schema_fix_history; grant usage on schema schema_fix_history to app_user',
      /app_user may usage of the schema/,
    ],
    [
      'holds something else',
      'create schema schema_fix_history; create view schema_fix_history.runs as select 1',
      /schema_fix_history\.runs is no table of the engine/,
    ],
  ])('is not made in a schema that %s', async (_what, sql, said) => {
    await withNotesTarget(async (target) => {
      await ask(target, sql);
      const report = await deploy(target);
      expect(sayAnswer(report)).toMatch(/^NOT DEPLOYED, rolled back, .* is as it was: /);
      expect(JSON.stringify(report)).toMatch(said);
      expect(await target.changes()).not.toContain('column public.notes.author');
    });
  });

  it.each<[string, string, RegExp]>([
    [
      'a fix that has a say in it',
      'create trigger theirs before insert on schema_fix_history.runs for each row execute function public.deny();',
      /the trigger theirs acts on schema_fix_history\.runs/,
    ],
    [
      'something of the database that refuses it, whose words are withheld',
      `create domain public.refusing as text check (value = 'never: beer');
       alter table schema_fix_history.runs alter column tool type public.refusing;`,
      /23514/,
    ],
  ])(
    'that cannot be written, because of %s, is told as what it is: nothing was deployed',
    async (_who, sql, said) => {
      await withNotesTarget(async (target) => {
        expect((await deploy(target)).verdict).toBe('pass');
        await ask(
          target,
          `create function public.deny() returns trigger language plpgsql as $$ begin return null; end $$;
         delete from schema_fix_history.runs`,
        );
        const before = await target.changes();
        const report = await deploy(target, thirdSection(sql));
        expect(sayAnswer(report)).toMatch(/^NOT DEPLOYED, rolled back, .* is as it was: /);
        expect(JSON.stringify(report)).toMatch(said);
        expect(await target.changes()).toEqual(before);
      });
    },
  );
});
