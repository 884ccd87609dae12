import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { beginAs } from '../../src/database/act-as.js';
import { type Session, withSession } from '../../src/database/with-session.js';
import { withTransaction } from '../../src/database/with-transaction.js';
import { applySections } from '../../src/stages/apply-sections.js';
import { loadChatBundle, withChatDatabase } from '../support/chat-bundle.js';

const bundle = await loadChatBundle();

interface Call {
  readonly actor: string;
  readonly sql: string;
}

const lunchOf = (actor: string, name = 'Lunch'): Call => ({
  actor,
  sql: `select public.create_group_room(p_creator => auth.uid(), p_name => '${name}') as answer`,
});
const conversationOf = (actor: string, partner: string): Call => ({
  actor,
  sql: `select output_room_id as answer
    from public.ensure_direct_conversation(me => auth.uid(), partner => '${subjectOf(partner)}')`,
});
const olderCallOf = (actor: string, partner: string): Call => ({
  actor,
  sql: `select public.open_or_create_dm(partner => '${subjectOf(partner)}') as answer`,
});

describe('two calls at once', () => {
  it('open one conversation, from whichever side', async () => {
    const { first, second, rooms } = await race(
      conversationOf('alice', 'bob'),
      conversationOf('bob', 'alice'),
    );
    expect(second).toBe(first);
    expect(rooms).toBe(1);
  });

  it('open one conversation by the older call, too', async () => {
    const { first, second, rooms } = await race(olderCallOf('alice', 'bob'), conversationOf('alice', 'bob'));
    expect(second).toBe(first);
    expect(rooms).toBe(1);
  });

  it('make one group of a name, and one error in its own words', async () => {
    const { second, rooms } = await race(lunchOf('alice'), lunchOf('alice', ' lunch '));
    expect(second).toBe('duplicate: a group with this name already exists');
    expect(rooms).toBe(1);
  });

  it('make two groups of a name for two creators, without waiting for each other', async () => {
    const { first, second, didWait, rooms } = await race(lunchOf('alice'), lunchOf('bob'));
    expect(second).not.toBe(first);
    expect(didWait).toBe(false);
    expect(rooms).toBe(2);
  });
});

/** The second call is made while the first one's transaction is open, which is committed once the second has to wait. */
function race(firstCall: Call, secondCall: Call) {
  const empty = bundle.states.find(({ name }) => name === '01_empty_database');
  if (empty === undefined) throw new Error('There is no state 01_empty_database.');
  return withChatDatabase(bundle, empty, async (deployer, connection) => {
    await withTransaction(deployer, () => applySections(deployer, bundle.sections, () => undefined));
    return withSession(connection, (one) =>
      withSession(connection, async (other) => {
        const backend = await backendOf(other);
        const first = await call(one, firstCall);
        let isAnswered = false;
        const pending = call(other, secondCall).finally(() => {
          isAnswered = true;
        });
        const didWait = await waits(deployer, backend, () => isAnswered);
        await one.query('commit');
        const second = await pending;
        await other.query('commit');
        const { rows } = await deployer.query(
          'select pg_catalog.count(*)::int as rooms from public.chat_rooms',
        );
        return { first, second, didWait, rooms: rows[0]?.rooms };
      }),
    );
  });
}

async function backendOf(session: Session): Promise<number> {
  const { rows } = await session.query<{ pid: number }>('select pg_catalog.pg_backend_pid() as pid');
  return rows[0]?.pid ?? 0;
}

/** What the call returns, or the message of its error; its transaction stays open. */
async function call(session: Session, { actor, sql }: Call): Promise<string> {
  await session.query('begin');
  await beginAs(session, actorOf(actor));
  try {
    const { rows } = await session.query<{ answer: string }>(sql);
    return rows[0]?.answer ?? 'no row';
  } catch (error: unknown) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether that backend comes to wait for a lock before there is an answer. */
async function waits(session: Session, backend: number, isAnswered: () => boolean): Promise<boolean> {
  while (!isAnswered()) {
    const { rowCount } = await session.query(
      'select from pg_catalog.pg_locks where pid = $1 and not granted',
      [backend],
    );
    if (rowCount !== 0) return true;
    await pause(5);
  }
  return false;
}

function actorOf(name: string) {
  const actor = bundle.actors.find((candidate) => candidate.name === name);
  if (actor === undefined) throw new Error(`The bundle has no actor ${name}.`);
  return actor;
}

function subjectOf(name: string): string {
  return String(actorOf(name).claims.sub);
}
