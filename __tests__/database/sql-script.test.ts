import { describe, expect, it } from '@jest/globals';
import type { QueryResult } from 'pg';
import { chooseSections } from '../../src/bundle/choose-sections.js';
import { chooseStates } from '../../src/bundle/choose-states.js';
import { renderScript } from '../../src/bundle/render-script.js';
import { splitStatements } from '../../src/bundle/split-statements.js';
import { engineSql } from '../../src/database/engine-sql.js';
import type { Session } from '../../src/database/with-session.js';
import { loadChatBundle, useChatDatabases } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();
const withChatDatabase = useChatDatabases(bundle);
const script = renderScript(bundle, chooseSections(bundle.sections, null), {
  lockTimeout: 3000,
  statementTimeout: 60_000,
  makePrelude: engineSql('make_prelude'),
  dropPrelude: engineSql('drop_prelude'),
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

/** The result sets of the checks: nothing else in the script returns these columns. */
function assertions(results: readonly QueryResult[]): { object: string; pass: boolean }[][] {
  return results
    .filter(({ fields }) => fields.map(({ name }) => name).join() === 'object,expected,actual,pass')
    .map(({ rows }) => rows);
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
        expect(assertions(results)).toHaveLength(bundle.checks.length);
        expect(
          assertions(results)
            .flat()
            .filter(({ pass }) => pass !== true),
        ).toEqual([]);
      }
    });
  });

  it('says before each section which one it is', async () => {
    const [state] = chooseStates(bundle.states, { names: ['01'], shard: null });
    if (state === undefined) throw new Error('there is no state 01');
    const notices: string[] = [];
    await withChatDatabase(state, async (session) => {
      session.on('notice', ({ message }) => notices.push(message ?? ''));
      await runAsOneQuery(session);
    });
    for (const { number, title } of bundle.sections) {
      expect(notices).toContain(`Section ${number}: ${title}`);
    }
  });
});
