/** Scenarios are run on a target, too, each undone; where what they set going could not be, they are not, and that is said. */
import { describe, expect, it } from '@jest/globals';
import { renderConsole } from '../../src/report/render-console.js';
import { deployNotes as deploy } from '../support/deploy-notes.js';
import { withNotesTarget } from '../support/notes-target.js';
import { withClient } from '../support/server.js';

const scenario = 'scenarios/01_own_notes.sql';

describe('scenarios on a target', () => {
  it('are run, decide, and leave nothing', async () => {
    await withNotesTarget(async (target) => {
      // What they find is not shown, be it as a value or in the error of a function of the database.
      const leaky = await deploy(target, {
        [scenario]: (text) => `${text}
--! Step: somebody looks
--! As: deployer
--! Expect: value wine
select body from public.notes where body = 'beer';
`,
      });
      expect(leaky).toMatchObject({
        verdict: 'fail',
        tallies: { scenarios: { planned: 1, executed: 1, passed: 0 } },
        subjects: [{ committed: 'no', apply: { outcome: 'pass' }, scenarios: { outcome: 'fail' } }],
      });
      expect(JSON.stringify(leaky.subjects[0]?.scenarios)).toContain('another value (withheld)');
      expect(JSON.stringify(leaky.subjects[0]?.scenarios)).not.toContain('beer');
      expect(await target.changes()).toEqual([]);

      await withClient(target.connection, (client) =>
        client.query(
          `create table public.audit (body text);
           grant insert on public.audit to app_user;
           create function public.note_it() returns trigger language plpgsql as $$
           begin insert into public.audit values (new.body); return new; end $$;
           create trigger note_it after insert on public.notes for each row execute function public.note_it()`,
        ),
      );
      const report = await deploy(target);
      expect(report).toMatchObject({
        verdict: 'pass',
        tallies: { scenarios: { planned: 1, executed: 1, passed: 1 } },
        subjects: [{ committed: 'yes', scenarios: { outcome: 'pass' } }],
      });
      await withClient(target.connection, async (client) => {
        const { rows } = await client.query(
          'select body from public.notes union all select body from public.audit',
        );
        expect(rows.map(({ body }) => body).sort()).toEqual(['beer', 'bread']);
      });
    });
  });

  it('are not run where a trigger on their way calls out of the database', async () => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, (client) =>
        client.query(
          `create function public.tell(what text) returns void language plpgsql as $$
           begin perform net.http_post('https://hooks.example.org', what); end $$;
           create function public.tell_it() returns trigger language plpgsql as $$
           begin if new.body = 'never' then perform public.tell(new.body); end if; return new; end $$;
           create trigger tell_it after insert on public.notes for each row execute function public.tell_it()`,
        ),
      );
      const report = await deploy(target);
      expect(report).toMatchObject({
        verdict: 'pass',
        tallies: { scenarios: { planned: 0, executed: 0 } },
        subjects: [{ committed: 'yes', scenarios: { outcome: 'skipped' } }],
      });
      expect(renderConsole(report, { isColored: false, columns: 200 })).toContain(
        'scenarios: not run on this database, because what they set going could not be undone: public.tell calls net.http_post',
      );
    });
  });

  it('are not run where a table of the fix is large: who tries to change all of it would', async () => {
    await withNotesTarget(async (target) => {
      await withClient(target.connection, (client) =>
        client.query(
          `alter table public.notes alter column body set storage external;
           insert into public.notes (writer, body) select 'ann', pg_catalog.repeat('x', 1000000) from pg_catalog.generate_series(1, 17)`,
        ),
      );
      const report = await deploy(target);
      expect(report.subjects[0]?.scenarios).toEqual({
        outcome: 'skipped',
        reason:
          'not run on this database, because public.notes is too large for all of its rows to be tried while others wait',
      });
      expect(report.verdict).toBe('pass');
    });
  });
});
