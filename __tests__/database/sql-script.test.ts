import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import type { QueryResult } from 'pg';
import { chooseSections } from '../../src/bundle/choose-sections.js';
import { chooseStates } from '../../src/bundle/choose-states.js';
import { renderScript } from '../../src/bundle/render-script.js';
import { splitStatements } from '../../src/bundle/split-statements.js';
import { engineSql } from '../../src/database/engine-sql.js';
import type { Session } from '../../src/database/with-session.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';
import { describeRemains } from '../support/describe-remains.js';
import { expectGolden } from '../support/golden.js';
import { limits } from '../support/limits.js';
import { type Changes, loadNotes, thirdSection } from '../support/notes-bundle.js';
import { withNotesTarget } from '../support/notes-target.js';
import { installedPgDump } from '../support/pg-dump.js';
import { withClient } from '../support/server.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);
const script = renderScript(bundle, chooseSections(bundle.sections, null), {
  ...limits,
  makePrelude: engineSql('make_prelude'),
  dropPrelude: engineSql('drop_prelude'),
  isForEditor: true,
});

/** As an SQL editor sends it: all of it in one message. */
async function runAsOneQuery(session: Session): Promise<QueryResult[]> {
  return (await session.query(script)) as unknown as QueryResult[];
}

/** As psql sends it: a statement a message. */
async function runByStatement(session: Session): Promise<QueryResult[]> {
  const results: QueryResult[] = [];
  for (const { text } of splitStatements(script)) results.push(await session.query(text));
  return results;
}

/** What the checks found: nothing else in the script returns these columns. */
function assertions(results: readonly QueryResult[]): { number: number; pass: boolean }[] {
  return results
    .filter(
      ({ fields }) => fields.map(({ name }) => name).join() === 'number,title,object,expected,actual,pass',
    )
    .flatMap(({ rows }) => rows);
}

describe('the script of the chat schema fix', () => {
  it.each([
    ['as one query', '01', runAsOneQuery],
    ['as one query', '02', runAsOneQuery],
    ['statement by statement', '01', runByStatement],
    ['statement by statement', '02', runByStatement],
  ] as const)('repairs, run %s on state %s, and again', async (_how, name, run) => {
    const [state] = chooseStates(bundle.states, { names: [name], shard: null });
    if (state === undefined) throw new Error(`there is no state ${name}`);
    await withChatDatabase(state, async (session) => {
      // The path that a hosting's editor has.
      await session.query('set search_path = "$user", public, extensions');
      for (const results of [await run(session), await run(session)]) {
        const found = assertions(results);
        expect(new Set(found.map(({ number }) => number)).size).toBe(bundle.checks.length);
        expect(found.filter(({ pass }) => pass !== true)).toEqual([]);
      }
    });
  });

  // The engine's own sessions are in UTC, so a rehearsal cannot see it.
  it('reads times without a zone as UTC, whatever the zone of the session', async () => {
    const [state] = chooseStates(bundle.states, { names: ['51'], shard: null });
    if (state === undefined) throw new Error('there is no state 51');
    await withChatDatabase(state, async (session) => {
      await session.query("set timezone = 'Australia/Sydney'");
      await runAsOneQuery(session);
      const { rows } = await session.query(
        `select m.created_at = '2025-01-01 01:00:00+00'::timestamptz as "isTheSame"
         from public.chat_messages as m where m.content = 'welcome'`,
      );
      expect(rows).toEqual([{ isTheSame: true }]);
    });
  });

  it('says before each section which one it is, and leaves in an empty database what remains.sql says', async () => {
    const [state] = chooseStates(bundle.states, { names: ['01'], shard: null });
    if (state === undefined) throw new Error('there is no state 01');
    const notices: string[] = [];
    await withChatDatabase(state, async (session) => {
      session.on('notice', ({ message }) => notices.push(message ?? ''));
      await runAsOneQuery(session);
      expectGolden('../../sql/bundles/chat-schema-fix/remains.sql', await describeRemains(session));
    });
    for (const { number, title } of bundle.sections) {
      expect(notices).toContain(`Section ${number}: ${title}`);
    }
  });
});

describe('a script of which something fails', () => {
  const falseCheck = "--! Title: More\nselect 'a' as object, 'b' as expected, 'c' as actual, false as pass;";
  const emptyCheck =
    '--! Title: More\nselect object, object as expected, object as actual, true as pass from (values (null)) as v (object) where false';
  const scriptOf = async (changes: Changes, sections: readonly number[] | null, isForEditor: boolean) => {
    const notes = await loadNotes(changes);
    const prelude = { makePrelude: engineSql('make_prelude'), dropPrelude: engineSql('drop_prelude') };
    return renderScript(notes, chooseSections(notes.sections, sections), {
      ...limits,
      ...prelude,
      isForEditor,
    });
  };

  it.each([
    ['a check that is false', falseCheck, 'check 3, More: a is c, expected b'],
    ['a check that finds nothing', emptyCheck, 'check 3, More: found nothing to look at'],
  ])('applies nothing, sent as one query, with %s', async (_what, check, message) => {
    const text = await scriptOf({ 'checks/03_more.sql': check }, null, true);
    await withNotesTarget(async (target) => {
      await withClient(target.connection, async (client) => {
        await expect(client.query(text)).rejects.toThrow(
          `Nothing was applied, because not every check passes:\n${message}`,
        );
      });
      expect(await target.changes()).toEqual([]);
    });
  });

  it.each([
    ['a check that is false', { 'checks/03_more.sql': falseCheck }],
    ['an error in a section', thirdSection('select 1 / 0;')],
    ['nothing that fails', {}],
  ] as [string, Changes][])(
    'applies nothing in an editor that sets savepoints and goes on after errors, with %s',
    async (_what, changes) => {
      const text = await scriptOf(changes, null, true);
      await withNotesTarget(async (target) => {
        await withClient(target.connection, async (client) => {
          const goingOn = async () => {
            for (const { text: statement } of splitStatements(text)) {
              if (/^(begin|commit)$/.test(statement)) {
                await client.query(statement);
                continue;
              }
              await client.query('savepoint editor');
              await client.query(statement).catch(() => client.query('rollback to savepoint editor'));
              await client.query('release savepoint editor');
            }
          };
          await expect(goingOn()).rejects.toThrow('nothing was applied: this client sets savepoints');
        });
        expect(await target.changes()).toEqual([]);
      });
    },
  );

  it('is not blamed for what a part of the fix was not meant to repair', async () => {
    const text = await scriptOf({}, [1], true);
    await withNotesTarget(async (target) => {
      const results = (await withClient(target.connection, (client) =>
        client.query(text),
      )) as unknown as QueryResult[];
      expect(assertions(results).map(({ number, pass }) => [number, pass])).toEqual([
        [1, true],
        [2, false],
      ]);
      expect(await target.changes()).toContain('column public.notes.author');
    });
  });

  const psql = installedPgDump === null ? null : path.join(installedPgDump.folder, 'psql');
  const where = psql !== null && existsSync(psql) ? it : it.skip;
  where('ends psql with an error, and applies nothing', async () => {
    const attempts: [string, Changes, RegExp, number][] = [
      [
        'an error in a section',
        thirdSection('select 1 / 0;\ncreate table public.later ();'),
        /division by zero/,
        3,
      ],
      ['a false check', { 'checks/03_more.sql': falseCheck }, /check 3, More: a is c, expected b/, 3],
      ['nothing', {}, /Section 2: Authors see their own notes/, 0],
    ];
    await withNotesTarget(async (target) => {
      for (const [, changes, said, exitCode] of attempts) {
        const { host, port, user, password } = target.connection;
        const address = ['-h', host, '-p', String(port), '-U', user, '-d', target.database, '-X', '-f', '-'];
        const result = await execa(psql ?? '', address, {
          input: await scriptOf(changes, null, false),
          env: { PGPASSWORD: password ?? '' },
          reject: false,
        });
        expect(result.stderr).toMatch(said);
        expect(result.exitCode).toBe(exitCode);
        expect((await target.changes()).length > 0).toBe(exitCode === 0);
      }
    });
  });
});
