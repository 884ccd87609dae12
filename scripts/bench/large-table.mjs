/** The chat fix on a large legacy database, against the floor: what must be done at the least, by hand. */

import path from 'node:path';
import { getActionRoot } from '../../lib/action-root.js';
import { loadBundle } from '../../lib/bundle/load-bundle.js';
import { withThrowawayDatabases } from '../../lib/database/throwaway-databases.js';
import { withSession } from '../../lib/database/with-session.js';
import { deployTarget } from '../../lib/stages/deploy-target.js';
import { readIdentity } from '../../lib/stages/read-identity.js';
import { describeStages, inSeconds, timeStages } from './stage-times.mjs';

export const deployer = 'supabase_owner';

/** What `deploy` guards a database with, by default. */
export const asDeployed = {
  mayCreate: false,
  window: { notBefore: null, notAfter: null },
  ending: 'commit',
  planned: null,
  firstLock: { milliseconds: 200 },
  learnFate: async () => 'unknown',
};

/** 20,000 rooms of five people and 100 messages in each, keyed to `rooms`, by 1,000 people, a minute apart. */
const legacy = (messages) => `
  create table public.rooms (
      id uuid primary key default gen_random_uuid(), kind text not null, slug text, title text, created_by uuid,
      created_at timestamptz not null default now()
  );
  insert into public.rooms (id, kind, slug, title, created_by, created_at)
  select md5('room ' || n)::uuid, 'group', 'room-' || n, 'Room ' || n, md5('person ' || n % 1000)::uuid,
      timestamptz '2025-01-01' + n * interval '1 minute'
  from generate_series(1, ${messages / 100}) as n;
  create table public.conversation_participants (
      room_id uuid not null references public.rooms (id) on delete cascade, user_id uuid not null, primary key (room_id, user_id)
  );
  insert into public.conversation_participants (room_id, user_id)
  select md5('room ' || n)::uuid, md5('person ' || (n + k * 37) % 1000)::uuid
  from generate_series(1, ${messages / 100}) as n, generate_series(0, 4) as k;
  create table public.chat_messages (
      id uuid primary key default gen_random_uuid(), room_id uuid not null, sender uuid not null, content text not null,
      created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
      constraint messages_room_fk foreign key (room_id) references public.rooms (id)
  );
  alter table public.chat_messages drop constraint messages_room_fk;
  insert into public.chat_messages (id, room_id, sender, content, created_at, updated_at)
  select md5('message ' || n)::uuid, md5('room ' || (n % ${messages / 100}) + 1)::uuid, md5('person ' || n % 1000)::uuid,
      'The quick brown fox says for the ' || n || 'th time that it will not jump over the dog again.',
      timestamptz '2025-01-01' + n * interval '1 second', timestamptz '2025-01-01' + n * interval '1 second'
  from generate_series(1, ${messages}) as n;
  alter table public.chat_messages
      add constraint messages_room_fk foreign key (room_id) references public.rooms (id);
`;

const floor = `
  create table public.chat_rooms (
      id uuid primary key, type text not null, title text, created_by uuid, created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
  );
  insert into public.chat_rooms (id, type, title, created_by, created_at)
  select id, kind, title, created_by, created_at from public.rooms;
  create table public.chat_room_members (
      room_id uuid not null references public.chat_rooms (id) on delete cascade, user_id uuid not null, role text not null,
      status text not null, primary key (room_id, user_id)
  );
  insert into public.chat_room_members (room_id, user_id, role, status)
  select room_id, user_id, 'member', 'approved' from public.conversation_participants;
  create index on public.chat_room_members (user_id);
  create index on public.chat_messages (room_id, created_at);
  create index on public.chat_messages (sender);
  create index on public.chat_messages (created_at);
  alter table public.chat_messages
      add constraint chat_messages_room_id_fkey foreign key (room_id) references public.chat_rooms (id) on delete cascade;
`;

export async function measureLargeTable(server, { size = 2_000_000 }) {
  const sql = path.join(getActionRoot(), 'sql');
  const bundle = await loadBundle(path.join(sql, 'bundles', 'chat-schema-fix'), sql);
  const platforms = bundle.platforms.filter(({ name }) => name === bundle.platform);
  console.log(
    `\nThe fix on ${size.toLocaleString('en')} messages in ${(size / 100).toLocaleString('en')} rooms`,
  );
  await withThrowawayDatabases(
    server.connection,
    { platforms, signal: new AbortController().signal },
    async (databases) => {
      const place = { platform: bundle.platform, owner: deployer };
      const login = await databases.loginOf(deployer);
      const floorTime = await databases.withDatabase(place, (connection) =>
        measureFloor({ ...connection, ...login }, size),
      );
      console.log(`  floor: copied rooms, three indexes, validated key: ${inSeconds(floorTime)}`);
      await databases.withDatabase(place, (connection) =>
        measureFix({ ...connection, ...login }, { bundle, size, floorTime }),
      );
    },
  );
}

async function measureFloor(connection, size) {
  return withSession(connection, async (session) => {
    await build(session, size);
    const startedAt = performance.now();
    await session.query(`begin; ${floor} commit`);
    return performance.now() - startedAt;
  });
}

async function measureFix(connection, { bundle, size, floorTime }) {
  await withSession(connection, async (session) => {
    await build(session, size);
    const before = await readStorage(session);
    const target = await readIdentity(session, connection);
    const stages = new Map();
    const memoryBefore = process.memoryUsage().rss;
    let peak = memoryBefore;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 20);
    const result = await deployTarget(session, bundle, {
      sections: bundle.sections,
      lockTimeout: 3000,
      statementTimeout: 600_000,
      findings: [],
      guards: asDeployed,
      record: { bundle, sections: bundle.sections, target },
      place: 'bench',
      progress: timeStages(stages),
    });
    clearInterval(watch);

    const fixTime = result.apply.sections.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    console.log(
      `  the sections of the fix: ${inSeconds(fixTime)}: ${(fixTime / floorTime).toFixed(2)}× the floor (aim: 1.3×); ${result.outcome}`,
    );
    for (const { number, title, milliseconds } of result.apply.sections) {
      if (milliseconds > 50)
        console.log(`    ${String(number).padStart(2)} ${title}: ${inSeconds(milliseconds)}`);
    }
    const held = Math.max(...result.apply.locks.map(({ milliseconds }) => milliseconds));
    console.log(
      `  locks held at most ${inSeconds(held)}: ${(held / fixTime).toFixed(2)}× the sections (aim: 1.3×)`,
    );
    if (result.outcome !== 'pass') console.log(JSON.stringify(result, null, 2));
    console.log(
      `  the deployment with all proofs: ${inSeconds(result.milliseconds)}: ${describeStages(stages)}`,
    );
    console.log(`  memory of the engine: grew by ${Math.round((peak - memoryBefore) / 2 ** 20)} MiB at most`);
    for (const lock of result.apply.locks) {
      console.log(
        `  ${lock.mode} on ${lock.relation}, taken in section ${lock.section}, held for ${inSeconds(lock.milliseconds)}`,
      );
    }
    const after = await readStorage(session);
    console.log(
      `  chat_messages: ${before.file === after.file ? 'not rewritten' : 'REWRITTEN'}, ${after.updates - before.updates} rows updated`,
    );
  });
}

/** Built by its owner, who then deploys: a session that had been somebody else's is refused. */
export async function build(session, size) {
  await session.query(`set search_path = pg_catalog; ${legacy(size)}; set search_path = ''`);
  await session.query(
    'analyze public.chat_messages; analyze public.rooms; analyze public.conversation_participants',
  );
}

async function readStorage(session) {
  const { rows } = await session.query(
    `select pg_catalog.pg_relation_filenode('public.chat_messages') as file,
        pg_catalog.pg_stat_get_tuples_updated('public.chat_messages'::pg_catalog.regclass)::int as updates`,
  );
  return rows[0];
}
