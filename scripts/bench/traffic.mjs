/** How long readers and writers of the application stall while the chat fix is deployed, beside the printed script run by hand. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { getActionRoot } from '../../lib/action-root.js';
import { chooseSections } from '../../lib/bundle/choose-sections.js';
import { loadBundle } from '../../lib/bundle/load-bundle.js';
import { renderScript } from '../../lib/bundle/render-script.js';
import { splitStatements } from '../../lib/bundle/split-statements.js';
import { engineSql } from '../../lib/database/engine-sql.js';
import { withThrowawayDatabases } from '../../lib/database/throwaway-databases.js';
import { withSession } from '../../lib/database/with-session.js';
import { deployTarget } from '../../lib/stages/deploy-target.js';
import { readIdentity } from '../../lib/stages/read-identity.js';
import { asDeployed, build, deployer } from './large-table.mjs';
import { inSeconds } from './stage-times.mjs';

const limits = { lockTimeout: 3000, statementTimeout: 600_000 };

/** The rules of the old chat: members read their rooms, and write there. */
const rules = `
  create index on public.conversation_participants (user_id);
  alter table public.rooms enable row level security;
  alter table public.conversation_participants enable row level security;
  alter table public.chat_messages enable row level security;
  create policy own on public.conversation_participants for select to authenticated using (user_id = auth.uid());
  create policy read on public.rooms for select to authenticated using (
      id in (select p.room_id from public.conversation_participants as p where p.user_id = auth.uid()));
  create policy read on public.chat_messages for select to authenticated using (
      room_id in (select p.room_id from public.conversation_participants as p where p.user_id = auth.uid()));
  create policy send on public.chat_messages for insert to authenticated with check (
      sender = auth.uid() and room_id in (select p.room_id from public.conversation_participants as p where p.user_id = auth.uid()));
  grant select, insert on public.chat_messages to authenticated;
  grant select on public.rooms, public.conversation_participants to authenticated;
`;

/** `clients` are so many readers, and so many writers. */
export async function measureTraffic(server, { size = 2_000_000, clients = 2 }) {
  const sql = path.join(getActionRoot(), 'sql');
  const bundle = await loadBundle(path.join(sql, 'bundles', 'chat-schema-fix'), sql);
  const platforms = bundle.platforms.filter(({ name }) => name === bundle.platform);
  console.log(
    `\nThe fix under traffic: ${size.toLocaleString('en')} messages, ${clients} readers and ${clients} writers`,
  );
  const options = { platforms, signal: new AbortController().signal };
  await withThrowawayDatabases(server.connection, options, async (databases) => {
    const login = await databases.loginOf(deployer);
    const measured = [];
    for (const [name, work] of [
      ['psql -f', runScript],
      ['deploy', runDeploy],
    ]) {
      const place = { platform: bundle.platform, owner: deployer };
      await databases.withDatabase(place, async (connection) => {
        const owner = { ...connection, ...login };
        const rooms = await withSession(owner, async (session) => {
          await build(session, size);
          await session.query(rules);
          return readRooms(session);
        });
        const found = await underTraffic(connection, { rooms, clients }, () =>
          withSession(owner, (session) => work(session, { bundle, connection: owner })),
        );
        await report(name, found, owner);
        measured.push(found);
      });
    }
    const [byHand, deployed] = measured;
    for (const who of ['reader', 'writer']) {
      const ratio = deployed.longest[who] / byHand.longest[who];
      console.log(
        `  the longest stall of a ${who}: ${inSeconds(deployed.longest[who])} under deploy, ${ratio.toFixed(2)}× that under psql -f`,
      );
    }
  });
}

/** As psql does: a statement after the other, in the transaction that the script opens. */
async function runScript(session, { bundle }) {
  const script = renderScript(bundle, chooseSections(bundle.sections, null), {
    ...limits,
    makePrelude: engineSql('make_prelude'),
    dropPrelude: engineSql('drop_prelude'),
  });
  for (const { text } of splitStatements(script.replace(/^\\.*$/gm, ''))) await session.query(text);
}

async function runDeploy(session, { bundle, connection }) {
  const target = await readIdentity(session, connection);
  const record = { bundle, sections: bundle.sections, target };
  const result = await deployTarget(session, bundle, {
    ...limits,
    sections: bundle.sections,
    findings: [],
    guards: asDeployed,
    record,
    place: 'bench',
    progress: (event) => event.kind === 'waiting' && console.log(`    ${event.text}`),
  });
  if (result.outcome === 'pass') return;
  throw new Error(
    `not deployed: ${JSON.stringify(result.apply.problem ?? result.problem ?? result.preservation)}`,
  );
}

/** For some people, two rooms of theirs, one that is not, and a message in each. */
async function readRooms(session) {
  const { rows } = await session.query(
    `select p.user_id as person, p.room_id as own, o.id as foreign, own.id as own_message, other.id as foreign_message
     from (select distinct on (user_id) user_id, room_id from public.conversation_participants order by user_id limit 40) as p
     cross join lateral (
         select r.id from public.rooms as r
         where not exists (select from public.conversation_participants as q where q.room_id = r.id and q.user_id = p.user_id)
         limit 1
     ) as o
     cross join lateral (select m.id from public.chat_messages as m where m.room_id = p.room_id limit 1) as own
     cross join lateral (select m.id from public.chat_messages as m where m.room_id = o.id limit 1) as other`,
  );
  return rows;
}

/** The clients run before, while and after the work is done; what took longest while it was is the longest stall. */
async function underTraffic(connection, { rooms, clients }, work) {
  const found = {
    longest: { reader: 0, writer: 0 },
    usual: { reader: 0, writer: 0 },
    asked: 0,
    sent: [],
    errors: [],
    leaks: 0,
  };
  let isOver = false;
  let isAtWork = false;
  const client = async (who, act) => {
    const session = new pg.Client(connection);
    await session.connect();
    for (let turn = 0; !isOver; turn += 1) {
      const startedAt = performance.now();
      const wasAtWork = isAtWork;
      try {
        await act(session, rooms[turn % rooms.length]);
      } catch (error) {
        found.errors.push(`${error.code} ${error.message}`);
        await session.query('rollback');
      }
      const took = performance.now() - startedAt;
      const kind = wasAtWork || isAtWork ? found.longest : found.usual;
      kind[who] = Math.max(kind[who], took);
      found.asked += 1;
      await setTimeout(5);
    }
    await session.end();
  };
  const read = async (session, { person, own, own_message, foreign_message }) => {
    const results = await session.query(
      as(
        person,
        `select room_id from public.chat_messages where id in ('${own_message}', '${foreign_message}')`,
      ),
    );
    const rows = results.at(-2).rows.map(({ room_id }) => room_id);
    if (rows.some((room) => room !== own) || rows.length !== 1) found.leaks += 1;
  };
  // Whose id a message gets is the server's matter, so that it is known again by what it says.
  const write = async (session, { person, own }) => {
    const content = randomUUID();
    const message = `'${own}', '${person}', '${content}'`;
    await session.query(
      as(person, `insert into public.chat_messages (room_id, sender, content) values (${message})`),
    );
    found.sent.push(content);
  };
  const all = Array.from({ length: clients }, () => [client('reader', read), client('writer', write)]).flat();
  try {
    await setTimeout(1000);
    isAtWork = true;
    const startedAt = performance.now();
    await work();
    found.took = performance.now() - startedAt;
    isAtWork = false;
    await setTimeout(500);
  } finally {
    isOver = true;
    await Promise.all(all);
  }
  return found;
}

/** In one message, as the server of the application would. */
function as(person, statement) {
  const claims = pg.escapeLiteral(JSON.stringify({ sub: person, role: 'authenticated' }));
  return `begin; set local role authenticated; select set_config('request.jwt.claims', ${claims}, true); ${statement}; commit`;
}

async function report(name, { longest, usual, asked, sent, errors, leaks, took }, connection) {
  const lost = await withSession(connection, async (session) => {
    const { rows } = await session.query(
      'select count(*)::int as there from public.chat_messages where content = any($1::text[])',
      [sent],
    );
    return sent.length - rows[0].there;
  });
  console.log(
    `  ${name.padEnd(8)} ${inSeconds(took)}; a reader waited up to ${inSeconds(longest.reader)} (otherwise ${inSeconds(usual.reader)}), ` +
      `a writer up to ${inSeconds(longest.writer)} (otherwise ${inSeconds(usual.writer)})`,
  );
  console.log(
    `           ${asked} requests, ${sent.length} messages sent, ${lost} lost, ${leaks} that saw other rooms than their own, ${errors.length} errors${errors.length === 0 ? '' : `: ${[...new Set(errors)].slice(0, 5).join('; ')}`}`,
  );
  if (lost + leaks + errors.length > 0) process.exitCode = 1;
}
