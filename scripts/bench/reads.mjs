/** The application's four reads as a member of a large repaired chat, against the owner's same query with the member's room ids. */

import path from 'node:path';
import pg from 'pg';
import { getActionRoot } from '../../lib/action-root.js';
import { chooseSections } from '../../lib/bundle/choose-sections.js';
import { loadBundle } from '../../lib/bundle/load-bundle.js';
import { renderScript } from '../../lib/bundle/render-script.js';
import { engineSql } from '../../lib/database/engine-sql.js';
import { withThrowawayDatabases } from '../../lib/database/throwaway-databases.js';
import { withSession } from '../../lib/database/with-session.js';

const deployer = 'supabase_owner';
const everywhere = '00000000-0000-4000-8000-0000000000b2';
const rounds = 15;
const scriptOptions = {
  lockTimeout: 3000,
  statementTimeout: 600_000,
  makePrelude: engineSql('make_prelude'),
  dropPrelude: engineSql('drop_prelude'),
};

/** 20,000 groups of ten of 1,000 people, and one person who is in all of them; 50 messages in each, a second apart. */
const chat = (messages) => `
  insert into public.chat_rooms (id, type, title, created_by)
  select md5('room ' || n)::uuid, 'group', 'Room ' || n, md5('person ' || n % 1000)::uuid
  from generate_series(1, ${messages / 50}) as n;
  insert into public.chat_room_members (room_id, user_id, role, status)
  select md5('room ' || n)::uuid, md5('person ' || (n + k * 37) % 1000)::uuid, case k when 0 then 'admin' else 'member' end, 'approved'
  from generate_series(1, ${messages / 50}) as n, generate_series(0, 9) as k;
  insert into public.chat_room_members (room_id, user_id, role, status)
  select md5('room ' || n)::uuid, '${everywhere}', 'member', 'approved' from generate_series(1, ${messages / 50}) as n;
  insert into public.chat_messages (room_id, sender, content, created_at)
  select md5('room ' || (n % ${messages / 50}) + 1)::uuid, md5('person ' || n % 1000)::uuid,
      'The quick brown fox says for the ' || n || 'th time that it will not jump over the dog again.',
      timestamptz '2025-01-01' + n * interval '1 second'
  from generate_series(1, ${messages}) as n;
  analyze public.chat_rooms, public.chat_room_members, public.chat_messages;
`;

export async function measureReads(server, { size = 1_000_000 }) {
  const sql = path.join(getActionRoot(), 'sql');
  const bundle = await loadBundle(path.join(sql, 'bundles', 'chat-schema-fix'), sql);
  const platforms = bundle.platforms.filter(({ name }) => name === bundle.platform);
  const rooms = size / 50;
  console.log(
    `\nReads as a member, ${size.toLocaleString('en')} messages in ${rooms.toLocaleString('en')} rooms`,
  );
  await withThrowawayDatabases(
    server.connection,
    { platforms, signal: new AbortController().signal },
    (databases) =>
      databases.withDatabase({ platform: bundle.platform, owner: deployer }, (connection) =>
        withSession(connection, async (session) => {
          await session.query(`set session authorization ${pg.escapeIdentifier(deployer)}`);
          await session.query(renderScript(bundle, chooseSections(bundle.sections, null), scriptOptions));
          await session.query("set search_path = ''");
          await session.query(chat(size));
          const since = new Date(Date.UTC(2025, 0, 1) + (size - 600) * 1000).toISOString();
          await measureMember(session, { name: 'of 200 rooms', id: await idOf(session, 'person 7'), since });
          await measureMember(session, { name: 'of every room', id: everywhere, since });
        }),
      ),
  );
}

/** The one session is the member and the owner in turn, so that both find the same things in memory. */
async function measureMember(session, { name, id, since }) {
  const { rows } = await session.query(
    'select room_id from public.chat_room_members where user_id = $1 order by 1',
    [id],
  );
  const ids = rows.map(({ room_id }) => room_id);
  const some = ids.slice(0, 20).map(pg.escapeLiteral).join();
  const ofMine = `any (array(select room_id from public.chat_room_members where user_id = '${id}' and status = 'approved'))`;
  const reads = [
    [
      'a room',
      `select * from public.chat_messages where room_id = '${ids[0]}' @ order by created_at`,
      'room_id',
    ],
    [
      'what is new',
      `select * from public.chat_messages where created_at > '${since}' @ order by created_at limit 200`,
      'room_id',
    ],
    [
      "others' words",
      `select * from public.chat_messages where room_id in (${some}) and sender <> '${id}' @`,
      'room_id',
    ],
    ['the rooms', 'select id, title from public.chat_rooms where true @', 'id'],
  ];
  console.log(`  a member ${name}`);
  for (const [title, query, column] of reads) {
    const owner = await fastest(session, query.replace('@', `and ${column} = ${ofMine}`));
    const claims = pg.escapeLiteral(JSON.stringify({ sub: id, role: 'authenticated' }));
    await session.query(`set role authenticated; set request.jwt.claims = ${claims}`);
    const member = await fastest(session, query.replace('@', ''));
    await session.query('reset role');
    console.log(
      `    ${title.padEnd(14)} ${member.toFixed(1)} ms, as the owner ${owner.toFixed(1)} ms: ${(member / owner).toFixed(2)}× (aim: 2×)`,
    );
  }
}

async function fastest(session, text) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await session.query({ text, rowMode: 'array' });
    best = Math.min(best, performance.now() - startedAt);
  }
  return best;
}

async function idOf(session, name) {
  const { rows } = await session.query('select pg_catalog.md5($1)::uuid as id', [name]);
  return rows[0].id;
}
