/** A database of many rows, of which `--before postgres://… --rows 1000` takes a sample, against one reading of its largest table. */

import { loadBefore } from '../../lib/before/load-before.js';
import { withThrowawayDatabases } from '../../lib/database/throwaway-databases.js';
import { withSession } from '../../lib/database/with-session.js';
import { loadFiles } from '../../lib/loading/load-files.js';
import { addressOf } from '../address.mjs';

const sample = 1000;

const chat = (messages) => `
  create table public.people (id bigint primary key, name text);
  create table public.rooms (id bigint primary key, owner bigint not null references public.people (id));
  create table public.messages (
      id bigint primary key, room bigint not null references public.rooms (id), sender bigint references public.people (id),
      reply_to bigint references public.messages (id), body text
  );
  insert into public.people select n, 'person ' || n from generate_series(1, ${messages / 100}) as n;
  insert into public.rooms select n, n from generate_series(1, ${messages / 100}) as n;
  insert into public.messages
  select n, 1 + n % ${messages / 100}, 1 + n * 7 % ${messages / 100}, case when n % 10 = 0 then n - 3 end, 'The quick brown fox ' || n
  from generate_series(1, ${messages}) as n;
  analyze`;

export async function measureCopy(server, { size = 1_000_000 }) {
  const { signal } = new AbortController();
  console.log(`\nA sample of ${sample} rows a table, of ${size.toLocaleString('en')} messages`);
  await withThrowawayDatabases(server.connection, { platforms: [], signal }, async (databases) => {
    const login = await databases.loginOf(null);
    const options = { platform: null, owner: login.role };
    await databases.withDatabase(options, (from) =>
      databases.withDatabase(options, async (to) => {
        const scan = await withSession(from, async (session) => {
          await session.query(chat(size));
          return timeOf(() => session.query('select count(body) from public.messages'));
        });
        const { before } = await loadBefore([addressOf(from)], sample);
        let loaded;
        const copy = await timeOf(async () => {
          loaded = await loadFiles(to, before, { login, isStrict: false, fix: [], standIns: [], signal });
        });
        if (loaded.problem !== null) throw new Error(loaded.problem.message);
        console.log(
          `  schema and ${loaded.loading.rows} rows in ${(copy / 1000).toFixed(1)} s: ${(copy / scan).toFixed(1)} times one reading of the messages (${(scan / 1000).toFixed(2)} s)`,
        );
      }),
    );
  });
}

async function timeOf(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
