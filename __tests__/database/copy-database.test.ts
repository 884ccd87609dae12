import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withLive } from '../../src/copying/open-live.js';
import { differences } from '../../src/database/fingerprint.js';
import { UserError } from '../../src/errors.js';
import type { RowsOfBefore } from '../../src/model.js';
import type { ConnectionSettings } from '../../src/postgres/connection.js';
import { installedPgDump } from '../support/pg-dump.js';
import {
  ask,
  type LoadedProject,
  loadInto,
  lookAt,
  type ProjectDatabase,
  useProjects,
  withProjects,
} from '../support/project-database.js';
import { getTestServer, withClient, withTestServer } from '../support/server.js';
import { watchQueries } from '../support/watch-queries.js';

const project = path.resolve(import.meta.dirname, '../fixtures/before/project.sql');

/** As a user would write it. */
function addressOf(
  { user, password, host, port, database }: ConnectionSettings,
  as: { user: string; password: string | undefined } = { user, password },
): string {
  const secret = as.password === undefined ? '' : `:${encodeURIComponent(as.password)}`;
  return `postgres://${as.user}${secret}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
}

describe('a database as before', () => {
  const projects = useProjects();

  /** Copies a database that the statements, or the project of the fixtures, made. */
  const copy = (
    made: string | null,
    rows: RowsOfBefore,
    look: (copied: LoadedProject, source: ProjectDatabase & Partial<LoadedProject>) => Promise<void> | void,
  ) =>
    projects().withProject(async (from) => {
      const source = made === null ? await loadInto(from, [project]) : null;
      if (made !== null) await from.session.query(`set role ${from.deployer}; ${made}; reset role`);
      await projects().withProject(async (to) => {
        await look(await loadInto(to, [addressOf(from.connection)], {}, rows), { ...from, ...source });
      });
    });

  it('is copied whole: schema, privileges, rows', async () => {
    await copy(null, 'all', (copied, source) => {
      expect({ problem: copied.problem, leftOut: copied.loading.leftOut }).toEqual({
        problem: null,
        leftOut: [],
      });
      expect(differences(source.catalog ?? new Map(), copied.catalog)).toEqual([]);
      expect(differences(source.rows ?? new Map(), copied.rows)).toEqual([]);
    });
  }, 60_000);

  it('is copied without rows where nobody asked for them', async () => {
    await copy(null, 'none', async (copied) => {
      expect(copied.problem).toBeNull();
      expect(await ask(copied.project.session, 'select count(*) from public.posts')).toBe('0');
      expect(copied.loading.rows).toBe(0);
    });
  }, 60_000);

  it('gives of each table as many rows as asked for, and all that they are keyed to', async () => {
    const tree = `
      create table public.people (id uuid primary key references auth.users (id), boss uuid references public.people (id));
      create table public.rooms (id bigint primary key, owner uuid references public.people (id), last_message bigint);
      create table public.messages (at date, id bigint, room bigint not null references public.rooms (id), reply_to bigint, replied_at date, primary key (at, id)) partition by range (at);
      create table public.messages_1 partition of public.messages for values from ('2026-01-01') to ('2026-07-01');
      create table public.messages_2 partition of public.messages for values from ('2026-07-01') to ('2027-01-01');
      alter table public.messages add foreign key (replied_at, reply_to) references public.messages (at, id);
      create table public.a (id int primary key, b int);
      create table public.b (id int primary key, a int references public.a (id));
      alter table public.a add foreign key (b) references public.b (id) deferrable initially deferred;
      create table public.notes (body text);
      reset role;
      insert into auth.users (id, email) select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n || '@example.com' from generate_series(1, 500) as n;
      insert into public.people select id, null from auth.users;
      update public.people set boss = ('00000000-0000-4000-8000-' || lpad((right(id::text, 12)::int - 100)::text, 12, '0'))::uuid where right(id::text, 12)::int > 100;
      insert into public.rooms select n, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, n * 3 from generate_series(1, 500) as n;
      insert into public.messages select '2026-01-01'::date + n % 360, n, 1 + n * 7 % 500, null, null from generate_series(1, 2000) as n;
      update public.messages set reply_to = id - 1, replied_at = '2026-01-01'::date + (id - 1)::int % 360 where id > 1;
      begin;
      insert into public.a select n, n % 300 + 1 from generate_series(1, 300) as n;
      insert into public.b select n, n from generate_series(1, 300) as n;
      commit;
      insert into public.notes select n::text from generate_series(1, 300) as n`;
    await copy(tree, 10, async ({ problem, loading, project: { session } }) => {
      expect({ problem, leftOut: loading.leftOut, added: loading.added }).toEqual({
        problem: null,
        leftOut: [],
        added: [],
      });
      const count = async (table: string) => Number(await ask(session, `select count(*) from ${table}`));
      expect(await count('public.notes')).toBe(10);
      // Every message answers the one before it: the last of the last day, 1800, brings them all, and their rooms.
      expect(await count('public.messages')).toBe(1800);
      expect(await count('public.rooms')).toBe(500);
      // A circle.
      expect(await count('public.a')).toBe(300);
      expect(await count('auth.users')).toBe(500);
      expect(await ask(session, 'select count(email) from auth.users')).toBe('0');
      const broken = `
        do $$
        declare k record;
        begin
            for k in select conrelid::regclass as t, conname as n from pg_catalog.pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 loop
                execute pg_catalog.format('update pg_catalog.pg_constraint set convalidated = false where conrelid = %L::regclass and conname = %L', k.t, k.n);
                execute pg_catalog.format('alter table %s validate constraint %I', k.t, k.n);
            end loop;
        end $$`;
      await session.query(broken);
    });
  }, 60_000);

  it('is copied with whatever a schema may hold, and what cannot be is listed', async () => {
    const made = await readFile(
      path.resolve(import.meta.dirname, '../fixtures/before/everything.sql'),
      'utf8',
    );
    await copy(made, 'all', async (copied, source) => {
      expect(copied.problem).toBeNull();
      // Of a row's own type: it waits for that table.
      expect(copied.loading.leftOut.map(({ statement }) => statement)).toEqual([
        'the order of the columns of "public"."counted"',
      ]);
      const { catalog, rows } = await lookAt(source);
      const isMoved = (object: string) => /^column public\.counted\./.test(object);
      expect(differences(catalog, copied.catalog).filter((object) => !isMoved(object))).toEqual([]);
      expect(differences(rows, copied.rows).filter((table) => table !== 'public.counted')).toEqual([]);
    });
  }, 60_000);

  it('is copied with what columns of partitions and children ask and give themselves', async () => {
    const made = `
      create table public.events (id bigint, at date, kind text default 'none', word text, made text generated always as (word) stored) partition by range (at);
      create table public.events_a partition of public.events for values from ('2026-01-01') to ('2026-07-01');
      create table public.events_b partition of public.events for values from ('2026-07-01') to ('2027-01-01') partition by list (kind);
      create table public.events_b_x partition of public.events_b for values in ('x');
      alter table public.events_a alter column id set not null, alter column kind drop default, alter column word set default 'a';
      alter table public.events_b alter column kind set default 'b';
      alter table public.events_b_x alter column word set not null;
      alter table public.events_a alter column word set statistics 7, alter column word set storage external;
      alter table public.events_a add constraint words check (word <> '');
      create table public.people (id bigint, name text not null default 'somebody');
      create table public.staff (since date) inherits (public.people);
      alter table public.staff alter column id set not null, alter column name set default 'staff', alter column name drop not null`;
    await copy(made, 'all', async ({ problem, loading, catalog }, source) => {
      expect({ problem, leftOut: loading.leftOut }).toEqual({ problem: null, leftOut: [] });
      expect(differences((await lookAt(source)).catalog, catalog)).toEqual([]);
    });
  }, 60_000);

  it('is copied with columns in their order, whatever commas and brackets are in what they default to', async () => {
    const made = `
      create type public.kind as enum ('a', 'b');
      create table public.exports (
          id bigint primary key,
          kind public.kind not null default 'a',
          parts text[] not null default array['core', 'basic', 'a]b', 'c''[d', E'e\\\\[f', 'g"h'],
          started timestamp(3),
          grid int[][] default array[array[1, 2], array[3, 4]],
          word text generated always as (parts[1] || parts[2]) stored,
          "odd [name" text default '[',
          constraint "odd [check" check ("odd [name" <> all (array['x', 'y']))
      );
      insert into public.exports (id) values (1)`;
    await copy(made, 'all', async ({ problem, loading, catalog, rows }, source) => {
      expect({ problem, leftOut: loading.leftOut }).toEqual({ problem: null, leftOut: [] });
      const there = await lookAt(source);
      expect(differences(there.catalog, catalog)).toEqual([]);
      expect(differences(there.rows, rows)).toEqual([]);
    });
  }, 60_000);

  it('is copied whatever blanks, points and quotes are in its names', async () => {
    const made = `
      create schema "Sales Dept";
      create type "Sales Dept"."Order State" as enum ('new', 'it''s done');
      create table "Sales Dept"."Order ""Items"" (all)" (
          "Id no." integer primary key,
          state "Sales Dept"."Order State" default 'new',
          parts text[] not null default array['core', 'a]b'],
          last date
      );
      create table public.plain ("a b" integer, c "Sales Dept"."Order State" default 'new', d date);
      create materialized view "Sales Dept"."Order View" as select state from "Sales Dept"."Order ""Items"" (all)";
      insert into "Sales Dept"."Order ""Items"" (all)" values (1, 'it''s done', default, '2026-01-01');
      refresh materialized view "Sales Dept"."Order View"`;
    await copy(made, 'all', async ({ problem, loading, catalog, rows, project: { session } }, source) => {
      expect({ problem, leftOut: loading.leftOut }).toEqual({ problem: null, leftOut: [] });
      const there = await lookAt(source);
      expect(differences(there.catalog, catalog)).toEqual([]);
      expect(differences(there.rows, rows)).toEqual([]);
      expect(await ask(session, 'select state::text from "Sales Dept"."Order View"')).toBe("it's done");
    });
  }, 60_000);

  it('is copied with the indexes of partitions, called, stored and attached as they were', async () => {
    const made = `
      create table public.events (id bigint, at date, kind text, word text) partition by range (at);
      create table public.events_a partition of public.events for values from ('2026-01-01') to ('2026-07-01');
      create table public.events_b partition of public.events for values from ('2026-07-01') to ('2027-01-01') partition by list (kind);
      create table public.events_b_x partition of public.events_b for values in ('x');
      create table public.events_c (id bigint not null, at date not null, kind text not null, word text, primary key (id, at, kind), unique (word, at, kind));
      alter table public.events add primary key (id, at, kind);
      create index events_kind_b on public.events_b_x (kind) with (fillfactor = 60);
      create index on public.events (kind) with (fillfactor = 80);
      create unique index events_word on public.events (word, at, kind) where true;
      create unique index events_key on public.events (word, at, kind);
      alter table public.events attach partition public.events_c for values from ('2027-01-01') to ('2028-01-01');
      alter index public.events_a_kind_idx rename to "Kind of a";
      alter index public.events_a_pkey rename to key_of_a;
      alter index public.events_b_x_pkey rename to other;
      alter index public.events_c_pkey rename to events_b_x_pkey;
      alter index public.other rename to events_c_pkey;
      alter index public."Kind of a" set (fillfactor = 50);
      alter index public.key_of_a set (fillfactor = 40);
      comment on index public."Kind of a" is 'by kind';
      comment on index public.key_of_a is 'by id';
      comment on constraint key_of_a on public.events_a is 'of a';
      alter table public.events_b_x replica identity using index events_c_pkey;
      alter table public.events_c cluster on events_b_x_pkey;
      alter table public.events_a cluster on "Kind of a";
      create index events_late on only public.events (at);
      create index events_late_a on public.events_a (at);
      alter index public.events_late attach partition public.events_late_a;
      create index events_later on only public.events (at desc);
      create unique index identity_of_a on public.events_a (at, kind, id);
      alter table public.events_a replica identity using index identity_of_a;
      create table public.keyed (word text, at date, kind text, foreign key (word, at, kind) references public.events (word, at, kind));
      insert into public.events select n, '2026-01-01'::date + n, 'x', n::text from generate_series(1, 400) as n`;
    await copy(made, 'all', async ({ problem, loading, catalog, rows, project: { session } }, source) => {
      expect({ problem, leftOut: loading.leftOut }).toEqual({ problem: null, leftOut: [] });
      const before = await lookAt(source);
      expect(differences(before.catalog, catalog)).toEqual([]);
      expect(differences(before.rows, rows)).toEqual([]);
      const indexes = `
        select string_agg(concat_ws(' ', c.relname, i.indisvalid, c.reloptions, p.relname, obj_description(c.oid, 'pg_class')), E'\n' order by c.relname)
        from pg_index as i
        inner join pg_class as c on c.oid = i.indexrelid
        left join pg_inherits as h on h.inhrelid = c.oid
        left join pg_class as p on p.oid = h.inhparent
        where c.relnamespace = 'public'::regnamespace`;
      const there = await ask(source.session, indexes);
      expect(there).toMatch(/^Kind of a t \{fillfactor=50\} events_kind_idx by kind\n/);
      expect(await ask(session, indexes)).toBe(there);
    });
  }, 60_000);

  // Whoever restores a backup may make them: one that was disabled is disabled after it was made.
  it('says once of an event trigger that it is left out, whatever else is said of it', async () => {
    const made = `
      create function public.note() returns event_trigger language plpgsql as $$ begin end $$;
      reset role;
      create event trigger silent on ddl_command_end execute function public.note();
      alter event trigger silent disable;
      comment on event trigger silent is 'hushed'`;
    await copy(made, 'none', ({ problem, loading }) => {
      expect(problem).toBeNull();
      expect(loading.leftOut.map(({ statement }) => statement.replace(/"silent".*/, 'silent'))).toEqual([
        'CREATE EVENT TRIGGER silent',
      ]);
    });
  }, 30_000);

  (installedPgDump === null ? it.skip : it)(
    'is copied into an older Postgres, and from one into a newer, without what only the newer knows',
    async () => {
      const server = { source: 'installed', major: installedPgDump?.major ?? null } as const;
      await withTestServer(server, ({ connection }) =>
        withProjects({ server: connection }, (older) =>
          projects().withProject(async (from) => {
            await loadInto(from, [project]);
            await older.withProject(async (between) => {
              const down = await loadInto(between, [addressOf(from.connection)], {}, 'all');
              expect({ problem: down.problem, leftOut: down.loading.leftOut }).toEqual({
                problem: null,
                leftOut: [],
              });
              await projects().withProject(async (to) => {
                const up = await loadInto(to, [addressOf(between.connection)], {}, 'all');
                expect({ problem: up.problem, leftOut: up.loading.leftOut }).toEqual({
                  problem: null,
                  leftOut: [],
                });
                expect(differences(down.rows, up.rows)).toEqual([]);
              });
            });
          }),
        ),
      );
    },
    60_000,
  );

  it('is only read: in one transaction that can write nothing', async () => {
    await projects().withProject(async (from) => {
      await loadInto(from, [project]);
      await watchQueries(from.connection, async (watched, queries) => {
        await projects().withProject(async (to) => {
          const { problem } = await loadInto(to, [addressOf(watched)], {}, 10);
          expect(problem).toBeNull();
        });
        expect(queries.at(0)).toBe('begin transaction isolation level repeatable read read only');
        expect(queries.at(-1)).toBe('rollback');
        const between = queries.slice(1, -1);
        expect(between.length).toBeGreaterThan(30);
        const reads = /^(\s|--[^\n]*\n)*(\(?select|with|set local|show|copy \(select .* to stdout)\b/i;
        expect(between.filter((sql) => !reads.test(sql))).toEqual([]);
      });
    });
  }, 60_000);

  it('is left alone when the run is stopped: what it is doing for us is ended', async () => {
    await projects().withProject(async (from) => {
      const stop = new AbortController();
      const sleep = 'select pg_catalog.pg_sleep(60)';
      const lost = withLive(from.connection, stop.signal, ({ session }) => session.query(sleep)).catch(
        (error: unknown) => String(error),
      );
      const busy =
        "select count(*) from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' and pid <> pg_backend_pid() and state = 'active'";
      while ((await ask(from.session, busy)) === '0');
      stop.abort();
      expect(await lost).toMatch(/connection was lost|terminating connection/);
      expect(await ask(from.session, busy)).toBe('0');
    });
  }, 30_000);

  it('tells which memberships and powers of its roles do not come along', async () => {
    const [reader, clerk] = [`reader_${process.pid}`, `clerk_${process.pid}`];
    const roles = `reset role; create role ${reader} bypassrls; create role ${clerk}; grant ${reader} to ${clerk}`;
    const made = `create table public.t (a integer); grant select on public.t to ${reader}`;
    try {
      await copy(`${roles}; set role postgres; ${made}`, 'none', ({ problem, loading }) => {
        expect(problem).toBeNull();
        expect(loading.leftOut.map(({ kind, statement }) => [kind, statement])).toEqual([
          ['not copied', `that the role ${clerk} is a member of ${reader}`],
          ['not copied', `that the role ${reader} bypasses row level security`],
        ]);
      });
    } finally {
      const { connection } = getTestServer();
      await withClient(connection, (client) => client.query(`drop role if exists ${reader}, ${clerk}`));
    }
  }, 30_000);

  it('tells what cannot be copied, by its kind', async () => {
    const made = `
      create function public.to_text(boolean) returns text language sql immutable as $$ select 'x' $$;
      create text search configuration public.plain (copy = simple);
      create table public.t (a integer, b integer);
      create statistics public.related (dependencies) on a, b from public.t;
      create operator public.=== (leftarg = integer, rightarg = integer, function = pg_catalog.int4eq)`;
    await copy(made, 'none', ({ problem, loading }) => {
      expect(problem).toBeNull();
      expect(loading.leftOut.map(({ kind, statement }) => [kind, statement])).toEqual([
        ['not copied', 'operator'],
        ['not copied', 'text search configuration'],
        ['not copied', 'statistics object'],
      ]);
      expect(loading.leftOut[0]?.reason).toMatch(/^not copied: .*===/);
      expect(loading.leftOut[2]?.reason).toBe('not copied: related');
    });
  });
});

describe('a database that cannot be read whole', () => {
  const projects = useProjects();
  const role = `copier_${process.pid}`;

  /** A role of its own, which may do what the statements say; the message of what became of copying as it. */
  const copyAs = (granted: string, rows: RowsOfBefore, address?: (right: string) => string) =>
    projects().withProject(async (from) => {
      await loadInto(from, [project]);
      const password = 'p@ss:w/rd%';
      await from.session.query(`create role ${role} login password '${password}'; ${granted}`);
      try {
        const right = addressOf(from.connection, { user: role, password });
        return await projects().withProject(async (to) => {
          const outcome = await loadInto(to, [address?.(right) ?? right], {}, rows).then(
            ({ problem, loading }) => problem?.message ?? `loaded ${loading.rows} rows`,
            (error: unknown) => (error instanceof UserError ? error.message : String(error)),
          );
          expect(outcome).not.toMatch(/p@ss|p%40ss/);
          return outcome;
        });
      } finally {
        await from.session.query(`drop owned by ${role}; drop role ${role}`);
      }
    });

  it('is refused, with the tables that the role may not read', async () => {
    expect(await copyAs('', 10)).toMatch(
      new RegExp(
        `/schema_fix_\\w+ as ${role} may not read app\\.settings, public\\.counts|as ${role} may not read app\\.settings`,
      ),
    );
  });

  it('is refused where row level security would leave rows out', async () => {
    expect(await copyAs(`grant pg_read_all_data to ${role}`, 'all')).toMatch(
      /sees through row level security, and so not whole, public\.posts, public\.profiles\. Connect as a role/,
    );
  });

  it('gives its schema to whoever may connect, and its rows to whoever may read all of them', async () => {
    expect(await copyAs('', 'none')).toBe('loaded 0 rows');
    expect(await copyAs(`alter role ${role} bypassrls; grant pg_read_all_data to ${role}`, 'all')).toMatch(
      /^loaded 5\d\d rows$/,
    );
  }, 30_000);

  it.each([
    [
      'database',
      (right: string) => right.replace(/schema_fix_\w+/, 'nowhere'),
      /the server has no database nowhere/,
    ],
    ['port', (right: string) => right.replace(/$/, '&port=1'), /no server's socket/],
    ['parameter', (right: string) => `${right}&sslmod=require`, /parameter sslmod is not supported/],
    [
      'form',
      (right: string) => right.replace('postgres://', 'postgres:/'),
      /does not begin with postgres:\/\//,
    ],
  ])('is told by a wrong %s, never with the password', async (_what, address, message) => {
    expect(await copyAs('', 'none', address)).toMatch(message);
  });

  it('is a failure of the run when the connection is lost on the way', async () => {
    await projects().withProject(async (from) => {
      await loadInto(from, [project]);
      await from.session.query(
        'insert into public.secrets (word) select repeat(n::text, 1000) from generate_series(1, 20000) as n',
      );
      await projects().withProject(async (to) => {
        const copied = loadInto(to, [addressOf(from.connection)], {}, 'all');
        const lost = copied.then(
          () => 'loaded',
          (error: unknown) => (error instanceof UserError ? error.message : String(error)),
        );
        const end = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'copy public.secrets%to stdout'`;
        for (let ended = 0; ended === 0; ) ended = (await from.session.query(end)).rowCount ?? 0;
        expect(await lost).toMatch(
          /^before: .*(connection was lost|could not be read to the end): .*Try again/,
        );
      });
    });
  }, 30_000);
});
