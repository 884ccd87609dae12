/** A plan does what a deployment does, leaves nothing, and is what a deployment then keeps to. */
import { spawn } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { DeploymentPlan, Report } from '../../src/model.js';
import type { DeploySettings, PlanSettings } from '../../src/settings/settings.js';
import { killAtWork } from '../support/at-work.js';
import { deployNotes as deploy, runPlan, settingsFor } from '../support/deploy-notes.js';
import { type Changes, thirdSection, withFolder, withNotesBundle } from '../support/notes-bundle.js';
import { addressOf, type NotesTarget, withNotesTarget } from '../support/notes-target.js';
import { cliPath } from '../support/run-cli.js';
import { withClient } from '../support/server.js';

function plan(target: NotesTarget, changes: Changes, overrides: Partial<PlanSettings> = {}): Promise<Report> {
  return withNotesBundle(changes, (bundle) =>
    runPlan({ command: 'plan', ...settingsFor(target, bundle), planOut: null, ...overrides }),
  );
}

/** A target, the file of a plan for it, and what is in that. */
function withPlan<T>(
  work: (target: NotesTarget, file: string, made: DeploymentPlan) => Promise<T>,
): Promise<T> {
  return withFolder((folder) =>
    withNotesTarget(async (target) => {
      const file = path.join(folder, 'plan.json');
      expect((await plan(target, {}, { planOut: file })).verdict).toBe('pass');
      return work(target, file, JSON.parse(await readFile(file, 'utf8')) as DeploymentPlan);
    }),
  );
}

const change = (target: NotesTarget, sql: string) =>
  withClient(target.connection, (client) => client.query(sql));

describe('a plan', () => {
  it('makes every proof, says what changes, and leaves nothing', async () => {
    await withNotesTarget(async (target) => {
      const report = await plan(target, {});
      expect(report).toMatchObject({
        command: 'plan',
        verdict: 'pass',
        subjects: [
          {
            committed: 'no',
            apply: { outcome: 'pass' },
            preservation: { outcome: 'pass' },
            access: { outcome: 'pass' },
            rerun: { outcome: 'pass' },
            changes: { outcome: 'pass', unplanned: [] },
            impact: { sizes: [{ table: 'public.notes' }], reads: [] },
          },
        ],
      });
      const [subject] = report.subjects;
      const changes = subject?.changes.outcome === 'pass' ? subject.changes.changes : [];
      expect(changes).toContainEqual({
        object: 'policy "own notes" on public.notes',
        before: null,
        after: expect.stringMatching(/^command \* permissive t to \{app_user\} using /),
      });
      expect(changes).toContainEqual({
        object: 'column public.notes.author',
        before: null,
        after: expect.stringMatching(/^text not null position /),
      });
      expect(changes.map(({ object }) => object)).not.toContainEqual(expect.stringContaining('schema_fix'));
      expect(await target.changes()).toEqual([]);
    });
  });

  it('that fails is written nowhere', async () => {
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        const planOut = path.join(folder, 'plan.json');
        const failing = thirdSection("delete from public.notes where body = 'beer';");
        expect(await plan(target, failing, { planOut })).toMatchObject({
          verdict: 'fail',
          subjects: [{ committed: 'no', preservation: { outcome: 'fail' } }],
        });
        await expect(stat(planOut)).rejects.toMatchObject({ code: 'ENOENT' });
        expect(await target.changes()).toEqual([]);
      }),
    );
  });

  it('leaves nothing where its process is killed in the middle', async () => {
    await withNotesTarget((target) =>
      withNotesBundle(thirdSection('select pg_catalog.pg_sleep(600);'), async (bundle) => {
        const words = ['--bundle', bundle, '--database-url', addressOf(target.connection)];
        const cli = spawn(process.execPath, [cliPath, 'plan', ...words, '--confirm', target.database], {
          env: { ...process.env, NODE_OPTIONS: '' },
          stdio: 'ignore',
        });
        await killAtWork(cli, 'SIGKILL', target.connection);
        expect(await target.changes()).toEqual([]);
      }),
    );
  });
});

describe('a deployment by a plan', () => {
  it('does what was planned, whatever rows have come meanwhile', async () => {
    await withPlan(async (target, file, made) => {
      await change(
        target,
        "insert into public.notes (writer, body) values ('zoe', 'written after the plan')",
      );
      const report = await deploy(target, {}, { plan: file });
      expect(report).toMatchObject({
        verdict: 'pass',
        subjects: [{ committed: 'yes', changes: { outcome: 'pass', changes: made.changes } }],
      });
    });
  });

  it.each<
    [
      string,
      (target: NotesTarget) => Promise<Report | unknown>,
      Changes,
      Partial<DeploySettings>,
      string | RegExp,
    ]
  >([
    ['the fix', async () => undefined, thirdSection('select 1;'), {}, 'it is of another version of the fix'],
    [
      'the sections',
      async () => undefined,
      {},
      { sections: [1] },
      'it is of the sections 1, 2, and these are 1',
    ],
    [
      'the schema of the database',
      (target) =>
        change(target, 'create table public.newer (id int); alter table public.notes add column colour text'),
      {},
      {},
      'the database has changed since: column public.newer.id, column public.notes.colour, table public.newer',
    ],
  ])('is not begun where %s is another now', async (_what, meanwhile, changes, overrides, message) => {
    await withPlan(async (target, file) => {
      await meanwhile(target);
      const before = await target.changes();
      await expect(deploy(target, changes, { ...overrides, plan: file })).rejects.toThrow(message);
      expect(await target.changes()).toEqual(before);
    });
  });

  it('is not begun where something is another now that no definition tells of', async () => {
    const password = 'known to the server alone';
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        const { database } = target;
        const file = path.join(folder, 'plan.json');
        await change(
          target,
          `create operator public.=~~= (leftarg = text, rightarg = text, function = pg_catalog.texteq, restrict = eqsel);
           create text search dictionary public.words (template = pg_catalog.simple);
           create foreign data wrapper nothing;
           create server far foreign data wrapper nothing options (host 'here');
           create user mapping for notes_owner server far options (password '${password}');
           create aggregate public.last_of(int4) (sfunc = pg_catalog.int4pl, stype = int4, initcond = '0')`,
        );
        expect((await plan(target, {}, { planOut: file })).verdict).toBe('pass');
        expect(await readFile(file, 'utf8')).not.toContain(password);
        await change(
          target,
          `alter operator public.=~~= (text, text) set (restrict = neqsel);
           alter text search dictionary public.words (stopwords = 'english');
           alter server far options (set host 'elsewhere');
           alter user mapping for notes_owner server far options (set password 'another');
           alter table public.notes alter column body set statistics 7;
           create or replace aggregate public.last_of(int4) (sfunc = pg_catalog.int4pl, stype = int4, initcond = '1');
           grant create on database ${database} to app_user`,
        );
        const refused = await deploy(target, {}, { plan: file }).catch(String);
        const named = /since: (.*)\.?$/m.exec(refused as string)?.[1]?.split(', ');
        expect(named).toEqual([
          'column body of table public.notes',
          'foreign server far',
          'function public.last_of',
          'operator public.=~~=',
          'privilege CREATE of app_user on database itself',
          'settings or user mappings or subscriptions',
          'text search dictionary public.words',
        ]);
      }),
    );
  });

  it('is not begun on another database than it was made for', async () => {
    await withPlan(async (target, file) => {
      await withNotesTarget(async (other) => {
        const attempt = deploy(other, {}, { plan: file });
        await expect(attempt).rejects.toThrow(`/${target.database}, and database-url leads to`);
        await expect(attempt).rejects.toThrow('it was made on another database');
        expect(await other.changes()).toEqual([]);
      });
    });
  });

  it('is rolled back where it does something else than was approved', async () => {
    await withPlan(async (target, file, made) => {
      const [first, ...others] = made.changes;
      const lied = others.map((one) =>
        one.object.startsWith('policy') ? { ...one, after: `${one.after} or true` } : one,
      );
      await writeFile(file, JSON.stringify({ ...made, changes: lied }));
      expect(await deploy(target, {}, { plan: file })).toMatchObject({
        verdict: 'fail',
        subjects: [
          {
            committed: 'no',
            changes: { outcome: 'fail', unplanned: [first?.object, 'policy "own notes" on public.notes'] },
          },
        ],
      });
      expect(await target.changes()).toEqual([]);
    });
  });

  it('is rolled back where it makes what no definition tells of and was not approved', async () => {
    const operator = 'operator public.=~=~';
    const changes: Changes = {
      ...thirdSection(`do $$ begin
          if exists (select from public.notes where body = 'late') then
              create operator public.=~=~ (leftarg = text, rightarg = text, function = pg_catalog.texteq);
          end if;
      end $$;`),
      'bundle.yml': (text) => `${text}\nchanges: ['${operator}']\n`,
    };
    await withFolder((folder) =>
      withNotesTarget(async (target) => {
        const file = path.join(folder, 'plan.json');
        expect((await plan(target, changes, { planOut: file })).verdict).toBe('pass');
        await change(target, "insert into public.notes (writer, body) values ('zoe', 'late')");
        expect(await deploy(target, changes, { plan: file })).toMatchObject({
          verdict: 'fail',
          subjects: [{ committed: 'no', changes: { outcome: 'fail', unplanned: [operator] } }],
        });
      }),
    );
  });

  it.each([
    ['no JSON', 'nothing'],
    ['another JSON', '{"formatVersion": 1}'],
  ])('is not begun with a file that is %s', async (_what, text) => {
    await withPlan(async (target, file) => {
      await writeFile(file, text);
      await expect(deploy(target, {}, { plan: file })).rejects.toThrow(
        'is no plan of this version of schema-fix',
      );
    });
  });
});
