import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { loadBefore } from '../../../src/before/load-before.js';
import { type FileOnDisk, openText } from '../../../src/before/open-text.js';
import { readStatements } from '../../../src/before/read-statements.js';
import { withEnvironment } from '../../support/environment.js';
import { withFolder } from '../../support/notes-bundle.js';

/** Files in a folder of their own, for as long as the work lasts. */
function withFiles<T>(
  files: Readonly<Record<string, string | Buffer>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    return work(folder);
  });
}

/** The head of the first file in it is what tells. */
function tarOf(name: string): Buffer {
  const head = Buffer.alloc(1024);
  head.write(name, 0, 'latin1');
  head.write('ustar', 257, 'latin1');
  return head;
}

/** What `before` finds, by its path from the folder. */
async function listBefore(folder: string, given: readonly string[] = ['']): Promise<string[]> {
  const { before } = await loadBefore(given.map((name) => path.join(folder, name)));
  return before.map((file) => path.relative(folder, file.path));
}

async function textOf(content: string | Buffer, name = 'a.sql'): Promise<string> {
  return withFiles({ [name]: content }, async (folder) => {
    const { before } = await loadBefore([path.join(folder, name)]);
    let text = '';
    for (const file of before) for await (const chunk of openText(file as FileOnDisk)) text += chunk;
    return text;
  });
}

describe('what lies in a folder and is not loaded', () => {
  const leftAlone = (folder: string, given = ['']) =>
    loadBefore(given.map((name) => path.join(folder, name))).then((state) =>
      state.leftAlone?.map((file) => path.relative(folder, file)),
    );
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'select 1;']));

  it.each([
    [
      ['1_a.sql', '2_b.psql', '3_c.pgsql', 'views/4_v.sql'],
      ['2_b.psql', '3_c.pgsql', 'views/4_v.sql'],
    ],
    [['V1__a.sql', 'V10__d.SQL', 'U1__a.sql'], ['V10__d.SQL']],
    [['1_a.up.sql', '1_a.down.sql', '1_a.mysql.up.sql', 'note.md', 'node_modules/x/a.sql'], undefined],
    [['1_a/up.sql', '1_a/down.sql'], undefined],
    [
      ['supabase/migrations/1_a.sql', 'supabase/migrations/rls.sql', 'supabase/tests/t.sql'],
      ['supabase/migrations/rls.sql'],
    ],
  ])('is named: %j', async (names, expected) => {
    await withFiles(named(names), async (folder) => expect(await leftAlone(folder)).toEqual(expected));
  });

  it('is not named where it is given for itself, nor beside a file', async () => {
    await withFiles(named(['1_a.sql', 'views/v.sql']), async (folder) => {
      expect(await leftAlone(folder, ['', 'views/v.sql'])).toBeUndefined();
      expect(await leftAlone(folder, ['1_a.sql'])).toBeUndefined();
    });
  });

  it('is what the journal of Drizzle does not list', async () => {
    const files = {
      ...named(['0000_a.sql', '0001_b.sql']),
      'meta/_journal.json': '{"dialect":"postgresql","entries":[{"idx":0,"tag":"0000_a"}]}',
    };
    await withFiles(files, async (folder) => expect(await leftAlone(folder)).toEqual(['0001_b.sql']));
  });
});

describe('loadBefore', () => {
  it('makes one state of all files, in the order given, and of a glob in that of their paths', async () => {
    await withFiles({ 'b.sql': '', 'a.sql': '', 'a/z.sql': '', 'a/note.txt': '' }, async (folder) => {
      const state = await loadBefore([`${folder}/a/*.sql`, `${folder}/*.sql`, `${folder}/**/*.sql`]);
      expect(state.before.map((file) => path.relative(folder, file.path))).toEqual([
        'a/z.sql',
        'a.sql',
        'b.sql',
      ]);
      expect(state).toMatchObject({ name: 'before', title: 'The schema of 3 files', files: [] });
    });
  });

  it('names everything that cannot be loaded at once', async () => {
    const files = { 'a.sql': Buffer.from([0xff, 0xfe, 0x61, 0]), 'b.sql': Buffer.from('a\xe9b', 'latin1') };
    await withFiles(files, async (folder) => {
      await expect(loadBefore([`${folder}/a.sql`, `${folder}/b.sql`, `${folder}/no/*.sql`])).rejects.toThrow(
        [
          `before: ${folder}/a.sql: is UTF-16, not UTF-8. Save it as UTF-8.`,
          `before: ${folder}/b.sql: is not UTF-8 (line 1). Save it as UTF-8, for instance with iconv -f latin1 -t utf-8; a dump is made so by pg_dump --encoding=UTF8.`,
          `before: no file matches ${folder}/no/*.sql. Paths count from ${process.cwd()}.`,
        ].join('\n'),
      );
    });
  });

  it.each([
    ['28b52ffd00', 'is compressed with zstd. Unpack it first: zstd -d.'],
    ['425a683931', 'is compressed with bzip2. Unpack it first: bunzip2.'],
    ['504b030414', 'is a zip archive. Unpack it first.'],
    [
      Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n').toString('hex'),
      'is a pointer of Git LFS, not the file itself. Fetch that first: git lfs pull',
    ],
    ['61006200', 'holds bytes that no text has'],
    [Buffer.from('-- MySQL dump 10.13\n').toString('hex'), 'is a dump of MySQL.'],
  ])('refuses a file that begins with %s: it %s', async (bytes, sentence) => {
    await withFiles({ 'a.sql': Buffer.from(bytes, 'hex') }, async (folder) => {
      await expect(loadBefore([`${folder}/a.sql`])).rejects.toThrow(`before: ${folder}/a.sql: ${sentence}`);
    });
  });

  it.each([
    [
      'files in a tar archive',
      tarOf('plain.sql'),
      'is a tar archive of files. Unpack it first, and name what',
    ],
    ['files in a tar archive that gzip packed', gzipSync(tarOf('plain.sql')), 'is a tar archive of files.'],
    [
      'an archive that gzip packed',
      gzipSync('PGDMP\x01\x0e\x00'),
      'is an archive of pg_dump, packed with gzip.',
    ],
    [
      'an archive in tar form that gzip packed',
      gzipSync(tarOf('toc.dat')),
      'is an archive of pg_dump, packed',
    ],
    ['a packed pack', gzipSync(gzipSync('select 1;')), 'is packed with gzip twice. Unpack it once: gunzip.'],
    ['a packed zip', gzipSync(Buffer.from('504b030414', 'hex')), 'is a zip archive.'],
    [
      'what the dashboard of Supabase copies to be read',
      Buffer.from(
        '\n-- WARNING: This schema is for context only and is not meant to be run.\n-- Table order …\ncreate table a (b int);',
      ),
      'is the schema as the dashboard of Supabase copies it',
    ],
    ['packed noise', gzipSync(Buffer.from([97, 0, 98, 0])), 'holds bytes that no text has'],
  ])('refuses %s', async (_, content, sentence) => {
    await withFiles({ 'a.sql': content }, async (folder) => {
      await expect(loadBefore([`${folder}/a.sql`])).rejects.toThrow(`before: ${folder}/a.sql: ${sentence}`);
    });
  });

  it('says what an archive of pg_dump needs where no pg_restore can read it', async () => {
    await withFiles({ 'a.dump': Buffer.from('PGDMP\x01\x63\x00 from the future') }, async (folder) => {
      await expect(loadBefore([`${folder}/a.dump`])).rejects.toThrow(
        /a\.dump: is an archive of pg_dump, and (no pg_restore was found|none of the pg_restore here can read it).* set PGBIN/,
      );
    });
  });

  it.each([
    [
      'the title of pg_dump',
      '--\n-- PostgreSQL database dump\n--\n--\n-- PostgreSQL database dump complete\n--\n',
      true,
    ],
    ['no comment that names it', '-- made with pg_dump --schema-only\ncreate table public.a ();', false],
    ['what pg_dump says of itself', '-- Dumped by pg_dump version 17.2\ncreate table public.a ();', true],
    [
      'the settings alone',
      "SET lock_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n",
      true,
    ],
    ['no remark further down', 'select 1;\n-- take a pg_dump first\nselect 2;', false],
    ['none of it', 'create table public.a ();', false],
  ])('knows a dump by %s', async (_, text, isDump) => {
    await withFiles({ 'a.sql': text, 'b.sql': gzipSync(text) }, async (folder) => {
      const { before } = await loadBefore([`${folder}/*.sql`]);
      expect(before.map((file) => [file.form.kind, file.isDump])).toEqual([
        ['plain', isDump],
        ['gzip', isDump],
      ]);
    });
  });
});

describe('the files of a folder', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'timestamps, whatever their length',
      ['20250101000000_b.sql', '9_a.sql', '10_a.sql', 'readme.md'],
      ['9_a.sql', '10_a.sql', '20250101000000_b.sql'],
    ],
    [
      'Flyway: versions, then the repeatable ones; no undoing',
      [
        'V1_1__c.sql',
        'V1__a.sql',
        'V2__e.sql',
        'V1.10__d.sql',
        'V1.2__b.sql',
        'U2__e.sql',
        'R__view.sql',
        'x.sql',
      ],
      ['V1__a.sql', 'V1_1__c.sql', 'V1.2__b.sql', 'V1.10__d.sql', 'V2__e.sql', 'R__view.sql'],
    ],
    [
      'Flyway: from the newest baseline on',
      ['V1__a.sql', 'B2__base.sql', 'V2__b.sql', 'V3__c.sql'],
      ['B2__base.sql', 'V3__c.sql'],
    ],
    [
      'Flyway: with what lies below, and its callbacks',
      [
        'V2__b.sql',
        'sql/afterMigrate__grants.sql',
        'v1/in/V1__a.sql',
        'R__z.sql',
        'v1/R__a.sql',
        'beforeMigrate.sql',
        'v1/x.sql',
      ],
      [
        'beforeMigrate.sql',
        'v1/in/V1__a.sql',
        'V2__b.sql',
        'v1/R__a.sql',
        'R__z.sql',
        'sql/afterMigrate__grants.sql',
      ],
    ],
    [
      'golang-migrate',
      ['000002_b.up.sql', '000002_b.down.sql', '000001_a.up.sql'],
      ['000001_a.up.sql', '000002_b.up.sql'],
    ],
    [
      'their numbers, without what undoes one of them under another name',
      ['1_a.sql', '1_a_down.sql', '2-b-up.sql', '2-b-rollback.sql', '3_c.sql', '3_c.reverse.sql'],
      ['1_a.sql', '2-b-up.sql', '3_c.sql'],
    ],
    [
      'their numbers, with those whose names alone speak of undoing',
      ['1_a.sql', '2_drill_down.sql', '3_a_rollback.sql'],
      ['1_a.sql', '2_drill_down.sql', '3_a_rollback.sql'],
    ],
    [
      'Postgrator, which writes what is done beside what undoes it',
      ['0001.do.a.sql', '0001.undo.a.sql', '0002.undo.b.sql', '0002.do.b.sql', '3.do.sql', '3.undo.sql'],
      ['0001.do.a.sql', '0002.do.b.sql', '3.do.sql'],
    ],
    [
      'Diesel: versions without their dashes, as texts, of folders alone',
      [
        '20140924113530_a/up.sql',
        '2017-08-31-230457_c/up.sql',
        '20150101000000_b/up.sql',
        '2017-08-31-230457-0001_d/up.sql',
        '20170901000000_e/up.sql',
        '20140924113530_a/down.sql',
        'by_hand.sql',
      ],
      [
        '20140924113530_a/up.sql',
        '20150101000000_b/up.sql',
        '2017-08-31-230457_c/up.sql',
        '2017-08-31-230457-0001_d/up.sql',
        '20170901000000_e/up.sql',
      ],
    ],
    ['Hasura, whose versions are numbers', ['10_b/up.sql', '9_a/up.sql'], ['9_a/up.sql', '10_b/up.sql']],
    [
      'Prisma',
      ['20250102_b/migration.sql', '20250101_a/migration.sql', 'migration_lock.toml'],
      ['20250101_a/migration.sql', '20250102_b/migration.sql'],
    ],
    [
      'Prisma, whose numbers are of different lengths',
      ['20250625_b/migration.sql', '20250626000000_c/migration.sql', '20250409154352_a/migration.sql'],
      ['20250409154352_a/migration.sql', '20250625_b/migration.sql', '20250626000000_c/migration.sql'],
    ],
    [
      'pop, without those of other databases',
      [
        '1_a.up.sql',
        '2_b.mysql.up.sql',
        '2_b.postgres.up.sql',
        '2_b.up.sql',
        '3_c.sqlite3.up.sql',
        '3_c.up.sql',
      ],
      ['1_a.up.sql', '2_b.postgres.up.sql', '3_c.up.sql'],
    ],
    [
      'pop as Ory has it, which runs some files without a transaction',
      [
        '1_a.autocommit.up.sql',
        '1_a.mysql.up.sql',
        '1_a.postgres.up.sql',
        '2_b.autocommit.down.sql',
        '2_b.autocommit.up.sql',
        '3_c.postgres.autocommit.up.sql',
        '3_c.up.sql',
      ],
      ['1_a.postgres.up.sql', '2_b.autocommit.up.sql', '3_c.postgres.autocommit.up.sql'],
    ],
    [
      'the Supabase CLI, whose numbers are of different lengths',
      ['supabase/migrations/20260426_001_b.sql', 'supabase/migrations/20240101000000_a.sql'],
      ['supabase/migrations/20240101000000_a.sql', 'supabase/migrations/20260426_001_b.sql'],
    ],
    [
      'goose, by number',
      ['20260426_b.sql', '20240101000000_a.sql'],
      ['20260426_b.sql', '20240101000000_a.sql'],
    ],
  ])('are run in the order of %s', async (_, names, expected) => {
    await withFiles(Object.fromEntries(names.map((name) => [name, ''])), async (folder) => {
      expect(await listBefore(folder)).toEqual(expected);
    });
  });

  it('without .up beside some that have it are refused until it is said whether they are run', async () => {
    const names = ['1_a.up.sql', '1_a.down.sql', '2_b.sql', '3_c.up.sql'];
    await withFiles(Object.fromEntries(names.map((name) => [name, ''])), async (folder) => {
      await expect(loadBefore([folder])).rejects.toThrow(
        `before: ${folder}: holds 2_b.sql beside files of .up.sql: sqlx runs such a file, golang-migrate passes over it.`,
      );
    });
  });

  it('are refused where one is packed in a way that cannot be read', async () => {
    const packed = Buffer.from('28b52ffd00', 'hex').toString('latin1');
    await withFiles({ '1_a.sql': '', '2_b.sql.zst': '' }, async (folder) => {
      await writeFile(path.join(folder, '2_b.sql.zst'), packed, 'latin1');
      await expect(loadBefore([folder])).rejects.toThrow('2_b.sql.zst: is compressed with zstd. Unpack it');
    });
  });

  it('are run by name where they are dbmate’s', async () => {
    const text = '-- migrate:up\nselect 1;\n-- migrate:down\n';
    await withFiles({ '20260426_b.sql': text, '20240101000000_a.sql': text }, async (folder) => {
      expect(await listBefore(folder)).toEqual(['20240101000000_a.sql', '20260426_b.sql']);
    });
  });

  it('without a number beside some that have one are refused until it is said when they are run', async () => {
    const names = ['0001-a.sql', '0002-b.sql', 'XXXX-drop.sql', 'XXXX-drop.down.sql'];
    await withFiles(Object.fromEntries(names.map((name) => [name, ''])), async (folder) => {
      const odd = `${folder}/XXXX-drop.sql`;
      await expect(loadBefore([folder])).rejects.toThrow(
        `before: ${folder}: holds XXXX-drop.sql, without a number, beside files with one, and nothing says when it is run. Give each such file for itself, before the folder or after it (--before ${odd} --before ${folder}); one that is not run belongs elsewhere.`,
      );
      const order = async (...given: string[]) =>
        (await loadBefore(given)).before.map((file) => path.basename(file.path));
      expect(await order(odd, folder)).toEqual(['XXXX-drop.sql', '0001-a.sql', '0002-b.sql']);
      expect(await order(folder, odd)).toEqual(['0001-a.sql', '0002-b.sql', 'XXXX-drop.sql']);
    });
  });

  it('are run in the order of Drizzle’s journal', async () => {
    const entries = [
      { idx: 0, tag: '0000_z' },
      { idx: 2, tag: '0001_b' },
      { idx: 1, tag: '0001_a' },
    ];
    const files = {
      ...Object.fromEntries(entries.map(({ tag }) => [`${tag}.sql`, ''])),
      'meta/_journal.json': JSON.stringify({ entries }),
    };
    await withFiles(files, async (folder) => {
      // Its migrator takes them as they stand.
      expect(await listBefore(folder)).toEqual(['0000_z.sql', '0001_b.sql', '0001_a.sql']);
    });
  });

  it('are run in the order of sqitch’s plan', async () => {
    const plan =
      '%syntax-version=1.0.0\n%project=a\n\nusers 2025-01-01T00:00:00Z A <a@b> # Users\n@v1 2025 A <a@b> #\nposts [users] 2025-01-02T00:00:00Z A <a@b> # Posts\n';
    const files = {
      'sqitch.plan': plan,
      'deploy/posts.sql': '',
      'deploy/users.sql': '',
      'revert/users.sql': '',
    };
    await withFiles(files, async (folder) => {
      expect(await listBefore(folder)).toEqual(['deploy/users.sql', 'deploy/posts.sql']);
      await expect(loadBefore([`${folder}/sqitch.plan`])).rejects.toThrow(`name the folder, ${folder}.`);
    });
  });

  it('are where the settings of sqitch say, whatever else stands beside them', async () => {
    const files = {
      'sqitch.conf':
        '[core]\n\tengine = pg\n\tplan_file = sqitch.plan\n\ttop_dir = db/sqitch\n[user]\n\ttop_dir = x\n',
      'sqitch.plan': '%project=a\nb 2025 A <a@b> # B\na 2025 A <a@b> # A\n',
      'supabase/config.toml': '',
      'db/sqitch/deploy/a.sql': '',
      'db/sqitch/deploy/b.sql': '',
      'db/sqitch/revert/a.sql': '',
    };
    await withFiles(files, async (folder) => {
      expect(await listBefore(folder)).toEqual(['db/sqitch/deploy/b.sql', 'db/sqitch/deploy/a.sql']);
      await expect(listBefore(path.join(folder, 'db/sqitch'))).rejects.toThrow(
        'and no sqitch.plan, which says their order. Name the folder in which',
      );
    });
  });

  it('are those of sqitch that the plan meant, where a change was reworked', async () => {
    const plan = [
      '%project=a',
      'b [] 2025 A <a@b> # B',
      'a [b] 2025 A <a@b> # A',
      '@v1 2025 A <a@b>#1',
      '@v1.1 2025 A <a@b>#1',
      'a [a@v1.1] 2025 A <a@b># again',
      '@v2 2025 A <a@b># 2',
      'in/c 2025 A <a@b> # C',
      '@v3 2025 A <a@b># 3',
      'a [a@v2] 2025 A <a@b># and again',
      'in/c [in/c@v3] 2025 A <a@b># and again',
      '@v4 2025 A <a@b># 4',
    ].join('\n');
    const names = ['a', 'a@v1.1', 'a@v2', 'b', 'in/c', 'in/c@v3'];
    const files = Object.fromEntries(names.map((name) => [`deploy/${name}.sql`, '']));
    await withFiles({ 'sqitch.plan': plan, ...files }, async (folder) => {
      const run = ['b', 'a@v1.1', 'a@v2', 'in/c@v3', 'a', 'in/c'];
      expect(await listBefore(folder)).toEqual(run.map((name) => `deploy/${name}.sql`));
    });
  });

  it('are those of graphile-migrate that were committed', async () => {
    const names = [
      'afterReset.sql',
      'current.sql',
      'committed/000002.sql',
      'committed/000001-a.sql',
      'current/1.sql',
    ];
    await withFiles(Object.fromEntries(names.map((name) => [name, ''])), async (folder) => {
      expect(await listBefore(folder)).toEqual(['committed/000001-a.sql', 'committed/000002.sql']);
    });
  });

  it('are those of Atlas from its newest checkpoint on', async () => {
    const files = {
      '1_a.sql': '-- atlas:checkpoint\n',
      '2_b.sql': '',
      '3_c.sql': '-- atlas:txmode none\r\n-- atlas:checkpoint v1\r\n\r\ncreate table a ();',
      '4_d.sql': 'create table b ();\n-- atlas:checkpoint\n',
      'atlas.sum': '',
    };
    await withFiles(files, async (folder) => {
      expect(await listBefore(folder)).toEqual(['3_c.sql', '4_d.sql']);
    });
  });

  it.each([
    ['Knex', ['20250101_a.js', 'knexfile.js'], '20250101_a.js'],
    ['TypeORM', ['1700000000000-Init.ts'], '1700000000000-Init.ts'],
    ['Rails', ['20250101000000_create_users.rb'], '20250101000000_create_users.rb'],
    ['Alembic', ['1975ea83b712_create_users.py'], '1975ea83b712_create_users.py'],
    ['goose, one of them', ['00001_a.sql', '00002_b.go', '00003_c.sql'], '00002_b.go'],
    ['Liquibase', ['0001_a.sql', 'db.changelog-master.xml'], 'db.changelog-master.xml'],
    ['Liquibase, called otherwise', ['b.sql', 'changelog.yaml'], 'changelog.yaml'],
    ['refinery, one of them', ['V1__a.sql', 'V2__b.rs'], 'V2__b.rs'],
    ['SeaORM', ['m20220101_000001_create.rs'], 'm20220101_000001_create.rs'],
    ['MikroORM', ['Migration20230101.ts'], 'Migration20230101.ts'],
    ['Doctrine', ['Version20230101.php'], 'Version20230101.php'],
    ['Docker’s images of Postgres, one of them', ['01_a.sql', '02_b.sh'], '02_b.sh'],
    ['Flyway, one of them', ['V1__a.sql', 'V2__b.java'], 'V2__b.java'],
  ])('are refused where they are programs: of %s', async (_, names, program) => {
    await withFiles(Object.fromEntries(names.map((name) => [name, ''])), async (folder) => {
      await expect(loadBefore([folder])).rejects.toThrow(
        `before: ${folder}/${program}: is a migration that is a program, which only its tool runs. Let the tool`,
      );
    });
  });

  it.each([
    ['Prisma', { '1_a/migration.sql': '', 'migration_lock.toml': 'provider = "mysql"\n' }, 'mysql'],
    ['Drizzle', { '0_a.sql': '', 'meta/_journal.json': '{"dialect": "sqlite", "entries": []}' }, 'sqlite'],
  ])('are refused where %s made them for another database', async (tool, files, database) => {
    await withFiles(files as Record<string, string>, async (folder) => {
      await expect(loadBefore([folder])).rejects.toThrow(
        `says that these migrations of ${tool} are for ${database}. before takes what Postgres can read.`,
      );
    });
  });

  it('are refused where a journal or a plan names what is not there', async () => {
    const files = { 'sqitch.plan': '%project=a\na 2025 A <a@b> # A\n', 'deploy/b.sql': '' };
    await withFiles(files, async (folder) => {
      await expect(loadBefore([folder])).rejects.toThrow(
        `before: ${folder}/deploy/a.sql: is not there, though what lists it`,
      );
    });
  });

  it.each([
    [
      'Flyway',
      ['src/main/resources/db/migration/V1__a.sql', 'target/classes/db/migration/V1__a.sql'],
      ['src/main/resources/db/migration'],
    ],
    [
      'Prisma',
      ['prisma/migrations/1_a/migration.sql', 'prisma/migrations/2_b/migration.sql'],
      ['prisma/migrations'],
    ],
    ['Hasura', ['migrations/default/1_a/up.sql', 'migrations/default/1_a/down.sql'], ['migrations/default']],
    ['archives of pg_dump', ['2026-11-29/shop/toc.dat'], ['2026-11-29/shop']],
    ['several', ['queries/a.sql', 'queries/b.sql', 'db/migrate/1.sql'], ['db/migrate', 'queries']],
  ])('are looked for at the root of a project: of %s', async (_, names, found) => {
    await withFiles(Object.fromEntries(names.map((name) => [name, ''])), async (folder) => {
      const paths = found.map((name) => path.join(folder, name)).join(', ');
      await expect(loadBefore([folder])).rejects.toThrow(`Name the folder that does; SQL is in ${paths}.`);
    });
  });

  it('end their statements where Drizzle breaks them, and a dump does not', async () => {
    const text = "create table a ()--> statement-breakpoint\nselect 'x';--> statement-breakpoint\n";
    expect(await textOf(text)).toBe("create table a ();\nselect 'x';;\n");
    const dump = `-- Dumped by pg_dump version 17.2\n${text}`;
    expect(await textOf(dump)).toBe(dump);
  });

  it('says what it looked for where there is nothing', async () => {
    await withFiles({ 'readme.md': '' }, async (folder) => {
      await expect(loadBefore([folder])).rejects.toThrow(
        `before: ${folder}: holds no migrations (NAME.sql, NAME/migration.sql), no archive of pg_dump (toc.dat) and no Supabase project (supabase/, config.toml). Name the folder that does.`,
      );
    });
  });
});

describe('a Supabase project', () => {
  const migrations = {
    'supabase/migrations/2_b.sql': '',
    'supabase/migrations/1_a.sql': '',
    'supabase/migrations/old.sql': '',
    'supabase/migrations/20250102000000-de1700cf-28fa.sql': '',
  };
  const inOrder = [
    'supabase/migrations/1_a.sql',
    // As Lovable names them.
    'supabase/migrations/20250102000000-de1700cf-28fa.sql',
    'supabase/migrations/2_b.sql',
  ];

  it.each([
    ['its root', ''],
    ['its folder', 'supabase'],
  ])('is its migrations and its seed, by %s', async (_, given) => {
    const files = {
      ...migrations,
      'supabase/seed.sql': '',
      'supabase/roles.sql': '',
      'supabase/config.toml': '',
    };
    await withFiles(files, async (folder) => {
      expect(await listBefore(folder, [given])).toEqual([
        'supabase/roles.sql',
        ...inOrder,
        'supabase/seed.sql',
      ]);
    });
  });

  it('is the seeds that config.toml names, in its order', async () => {
    const config = '[db.seed]\nenabled = true\nsql_paths = ["./seeds/z.sql", "./seeds/*.sql"]\n';
    const files = {
      ...migrations,
      'supabase/config.toml': config,
      'supabase/seeds/a.sql': '',
      'supabase/seeds/z.sql': '',
      'supabase/seed.sql': '',
    };
    await withFiles(files, async (folder) => {
      expect(await listBefore(folder)).toEqual([...inOrder, 'supabase/seeds/z.sql', 'supabase/seeds/a.sql']);
    });
  });

  it('has no seed where config.toml turns it off', async () => {
    const config = '[db.seed]\nenabled = false\n';
    await withFiles(
      { ...migrations, 'supabase/config.toml': config, 'supabase/seed.sql': '' },
      async (folder) => {
        expect(await listBefore(folder)).toEqual(inOrder);
      },
    );
  });

  it('is the seeds that variables of the environment name in config.toml, and is refused without them', async () => {
    const config =
      '[db]\nmajor_version = "env(MAJOR)"\n[db.seed]\nenabled = "env(SEEDS)"\nsql_paths = ["env(SEED)"]\n';
    const files = {
      ...migrations,
      'supabase/config.toml': config,
      'supabase/seeds/a.sql': '',
      'supabase/seed.sql': '',
    };
    const variables = { MAJOR: '17', SEEDS: 'true', SEED: './seeds/a.sql' };
    await withFiles(files, async (folder) => {
      await withEnvironment(variables, async () => {
        expect(await listBefore(folder)).toEqual([...inOrder, 'supabase/seeds/a.sql']);
      });
      await withEnvironment({ ...variables, SEEDS: 'false' }, async () => {
        expect(await listBefore(folder)).toEqual(inOrder);
      });
      await withEnvironment({ ...variables, SEED: undefined }, async () => {
        await expect(listBefore(folder)).rejects.toThrow('says env(SEED), and no variable SEED is set here');
      });
      await withEnvironment({ ...variables, MAJOR: 's3cret' }, async () => {
        const refused = listBefore(folder);
        await expect(refused).rejects.toThrow('major_version');
        await expect(refused).rejects.not.toThrow('s3cret');
      });
    });
  });

  it('is its declared schemas where it has no migrations', async () => {
    const config = '[db.migrations]\nschema_paths = ["./schemas/z.sql", "./schemas/*.sql"]\n';
    const files = {
      'supabase/config.toml': config,
      'supabase/schemas/a.sql': '',
      'supabase/schemas/z.sql': '',
    };
    await withFiles(files, async (folder) => {
      expect(await listBefore(folder)).toEqual(['supabase/schemas/z.sql', 'supabase/schemas/a.sql']);
    });
  });

  it('is refused, with the names of its files, where they are loose and nothing says their order', async () => {
    const files = {
      'supabase/rls.sql': '',
      'supabase/add_days.sql': '',
      'supabase/db_schema.sql': '',
      'supabase/migrations/fix.sql': '',
      'supabase/seed.sql': '',
    };
    await withFiles(files, async (folder) => {
      const at = (name: string) => path.join(folder, 'supabase', name);
      const inOrder = ['db_schema.sql', 'add_days.sql', 'migrations/fix.sql', 'rls.sql', 'seed.sql'];
      await expect(loadBefore([at('')])).rejects.toThrow(
        `Name the files in that order, each for itself, perhaps ${inOrder.map(at).join(' ')}; or pull the schema`,
      );
    });
  });

  it('is refused where config.toml cannot be read', async () => {
    await withFiles({ ...migrations, 'supabase/config.toml': '[db.seed\n' }, async (folder) => {
      await expect(loadBefore([folder])).rejects.toThrow(
        /supabase\/config\.toml: cannot be read: .* Put it right/s,
      );
    });
  });
});

describe('openText', () => {
  it('takes the byte order mark and carriage returns at the ends of lines away', async () => {
    expect(await textOf('\ufeffselect 1;\r\nselect 2;\r\n')).toBe('select 1;\nselect 2;\n');
  });

  it.each([
    ['in a value', "insert into a values ('b\r\nc');\r\n", "insert into a values ('b\nc');\n"],
    ['in a value of a file with other ends', "--\ninsert into a values ('b\r\nc');\n", null],
    ['in a value of a file with other ends later', "insert into a values ('b\r\nc');\n", null],
  ])(
    'takes a carriage return %s for what the ends of all lines say that it is',
    async (_where, text, read) => {
      expect(await textOf(text)).toBe(read ?? text);
    },
  );

  it.each([
    ['--changeset a:1 dbms:oracle,h2', 2],
    ['--changeset a:1\nselect 1;\n--changeset a:2 context:test', 4],
    ['--preconditions onFail:MARK_RAN', 2],
    ['--changeset a:1 ignore:true', 2],
    ['--ignoreLines:start', 2],
    [`select ${'$'}{env};`, 2],
  ])('refuses what only Liquibase knows whether to run: %j', async (text, line) => {
    await expect(textOf(`--liquibase formatted sql\n${text}\n`)).rejects.toThrow(
      `:${line}: what of it is run is for Liquibase to say`,
    );
  });

  it('refuses it wherever in the file it stands', async () => {
    const changes = `--changeset a:1\ninsert into a values ('${'x'.repeat(300_000)}');\n--changeset a:2 context:test`;
    await expect(textOf(`--liquibase formatted sql\n${changes}\n`)).rejects.toThrow(':4: what of it is run');
  });

  it('reads a changelog of Liquibase all of which is run', async () => {
    const text =
      '--liquibase formatted sql\n--changeset a:1 dbms:postgresql\nselect 1;\n--rollback select 2;\n';
    expect(await textOf(text)).toBe(text);
  });

  const dollar = '$';
  const envsub = (text: string) => `-- +goose ENVSUB ON\n-- +goose Up\n${text}`;

  it.each([
    ['Flyway', 'V1__a.sql', `select 1;\nselect '${dollar}{env}';`, 2],
    ['Flyway', 'R__a.sql', `select $$ ${dollar}{flyway:user} $$;`, 1],
    ['Flyway', 'V1__a.sql', `select '${'x'.repeat(300_000)}';\n-- then\nselect ${dollar}{env};`, 3],
    ['goose', 'a.sql', envsub(`select '${dollar}{HOME}';`), 3],
    ['goose', 'a.sql', envsub(`select '${dollar}{HOME:-x}';`), 3],
    ['goose', 'a.sql', envsub("select 1;\nselect '$HOME';"), 4],
  ])('refuses a text into which %s puts a value: %s', async (tool, name, text, line) => {
    await expect(textOf(text, name)).rejects.toThrow(
      `${name}:${line}: holds a placeholder, in whose place ${tool} puts a value that the file does not say.`,
    );
  });

  it.each([
    ['in a comment', 'V1__a.sql', `-- ${dollar}{flyway:timestamp}\nselect 1 /* ${dollar}{a} */;\n`],
    ['in a file that is not Flyway’s', 'a.sql', `select '${dollar}{env}';\n`],
    ['where goose does not look for it', 'a.sql', `-- +goose Up\nselect '${dollar}{HOME}';\n`],
    [
      'behind ENVSUB OFF',
      'a.sql',
      `${envsub('select $$x$$;\n-- +goose ENVSUB OFF')}\nselect '${dollar}{HOME}';`,
    ],
  ])('takes a placeholder for what it says %s', async (_, name, text) => {
    expect(await textOf(text, name)).toBe(text);
  });

  it('refuses statements that end as Atlas alone knows, and not those that stand apart as well', async () => {
    const ended = (delimiter: string) => `-- atlas:delimiter ${delimiter}\n\nselect 1;\n`;
    await expect(textOf(ended('-- end'))).rejects.toThrow('a.sql:1: says what ends a statement here');
    expect(await textOf(ended('\\n\\n\\n'))).toBe(ended('\\n\\n\\n'));
  });

  it('unpacks', async () => {
    expect(await textOf(gzipSync('select 1;\r\n'))).toBe('select 1;\n');
  });

  it.each([
    [
      'dbmate',
      '-- migrate:up\nselect 1;\n\n-- migrate:down\nselect 2;\n',
      '-- migrate:up\nselect 1;\n\n\n\n',
    ],
    [
      'goose',
      '-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n-- +goose Up\nselect 3;',
      '-- +goose Up\nselect 1;\n\n\n-- +goose Up\nselect 3;',
    ],
    ['tern', 'select 1;\n---- create above / drop below ----\nselect 2;', 'select 1;\n\n'],
    ['MyBatis', '-- // Adds a.\nselect 1;\n-- //@UNDO\nselect 2;', '-- // Adds a.\nselect 1;\n\n'],
    ['rambler', '-- rambler up\nselect 1;\n-- rambler down\nselect 2;', '-- rambler up\nselect 1;\n\n'],
    ['shmig', '-- ==== UP ====\nselect 1;\n-- ==== DOWN ====\n', '-- ==== UP ====\nselect 1;\n\n'],
    ['Play', '-- !Ups\nselect 1;\n-- !Downs\nselect 2;', '-- !Ups\nselect 1;\n\n'],
    [
      'Play, with its older marks',
      '# --- People\n# --- !Ups\nselect $$ # 1;; $$;\n# --- !Downs\nselect 2;',
      '\n\nselect $$ # 1; $$;\n\n',
    ],
    [
      'Atlas, with what it asks before',
      '-- atlas:txtar\n\n-- checks.sql --\nselect 1;\n-- migration.sql --\nselect 2;\n-- down.sql --\nselect 3;',
      '-- atlas:txtar\n\n\n\n-- migration.sql --\nselect 2;\n\n',
    ],
    ['migrate', '-- Up\nselect 1;\n-- Down\nselect 2;', '-- Up\nselect 1;\n\n'],
    ['none', '-- up to here\nselect 1;\n-- down\nselect 2;', '-- up to here\nselect 1;\n-- down\nselect 2;'],
    [
      'node-pg-migrate',
      '-- Up Migration\nselect 1;\n-- Down Migration\nselect 2;',
      '-- Up Migration\nselect 1;\n\n',
    ],
  ])('keeps what a migration of %s does, on its lines, and not what undoes it', async (_, text, expected) => {
    expect(await textOf(text)).toBe(expected);
  });
});

describe('a dump that was cut off', () => {
  const heading = '--\n-- PostgreSQL database dump\n--\n\n';
  const end = '--\n-- PostgreSQL database dump complete\n--\n\n';
  const cluster = heading.replace('database', 'database cluster');
  const clusterEnd = end.replace('database', 'database cluster');
  const body = 'create table a ();\n';

  it.each([
    ['its end', `${heading}${body}`],
    ['its end, with other line ends', `${heading}${body}`.replaceAll('\n', '\r\n')],
    ['the end of the first of two', `${heading}${body}${heading}${body}${end}`],
    ['the end of the second of two', `${heading}${body}${end}${heading}${body}`],
    ['its end, after one without heading', `${body}${end}${heading}${body}`],
    ['the end of the cluster', `${cluster}${heading}${body}${end}`],
    ['the end of a database', `${cluster}${heading}${body}${clusterEnd}`],
    ['its end, far from its heading', `${heading}${'select 1;\n'.repeat(100_000)}`],
  ])('is refused where it lacks %s', async (_, text) => {
    for (const content of [text, gzipSync(text)]) {
      await expect(textOf(content)).rejects.toThrow(
        /a\.sql: is a dump that was cut off: .* Dump it again, .* take out the heading as well\./,
      );
    }
  });

  it.each([
    ['one', `${heading}${body}${end}`],
    ['two', `${heading}${body}${end}${heading}${body}${end}`],
    ['a cluster', `${cluster}${heading}${body}${end}${heading}${end}${clusterEnd}`],
    ['one with something after it', `${heading}${body}${end}\\unrestrict a\n${body}`],
    ['one without heading', `${body}${end}`],
    ['one that ends without line end', `${heading}${body}${end}`.trimEnd()],
    ['a large one', `${heading}${'select 1;\n'.repeat(100_000)}${end}`],
  ])('is not %s', async (_, text) => {
    expect(await textOf(text)).toBe(text);
  });

  it('is a dump that was cut off anywhere', async () => {
    const whole = await readFile(
      path.resolve(import.meta.dirname, '../../fixtures/before/pg_dump_13.sql'),
      'utf8',
    );
    const last = whole.indexOf('dump complete');
    const passed: number[] = [];
    for (let at = 40; at < last; at += 53) {
      await textOf(whole.slice(0, at)).then(
        () => passed.push(at),
        () => undefined,
      );
    }
    expect(passed).toEqual([]);
  });
});

describe('what was opened', () => {
  it('is closed where its reader leaves: the pg_restore that is not done ends', async () => {
    const program = '#!/bin/sh\necho $$ > "$2.pid"\nexec yes "select 1;"\n';
    await withFiles({ pg_restore: program }, async (folder) => {
      await chmod(path.join(folder, 'pg_restore'), 0o755);
      const archive = path.join(folder, 'a.dump');
      const form = { kind: 'archive', pgRestore: path.join(folder, 'pg_restore') } as const;
      const text = openText({ path: archive, form, isDump: true });
      for await (const _ of readStatements({ path: archive, isDump: true, text })) break;
      const pid = Number(await readFile(`${archive}.pid`, 'utf8'));
      await expect(untilGone(pid)).resolves.toBeUndefined();
    });
  });
});

/** Waits until no process has this number; a killed one is there until it was waited for. */
async function untilGone(pid: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await setTimeout(25);
  }
  process.kill(pid, 'SIGKILL');
  throw new Error(`process ${pid} goes on`);
}

describe('what leads out of what the user pointed to', () => {
  const migrations = {
    'project/supabase/migrations/1_a.sql': '',
    'secret/a.sql': 'the secret',
    'secret/config.toml': 'the = secret =',
  };

  it.each([
    ['a migration', 'supabase/migrations/2_b.sql', 'secret/a.sql', 'supabase/migrations/2_b.sql'],
    ['the configuration', 'supabase/config.toml', 'secret/config.toml', 'supabase/config.toml'],
  ])('is refused where it is %s that is a link', async (_, link, target, shown) => {
    await withFiles(migrations, async (folder) => {
      await symlink(path.join(folder, target), path.join(folder, 'project', link));
      const loading = loadBefore([path.join(folder, 'project')]);
      await expect(loading).rejects.toThrow(`${shown}: leads out of the folder that names it`);
      await expect(loading).rejects.not.toThrow(/the = secret/);
    });
  });

  it('is refused where the configuration names it', async () => {
    const config = '[db.seed]\nsql_paths = ["../../secret/*.sql"]\n';
    await withFiles({ ...migrations, 'project/supabase/config.toml': config }, async (folder) => {
      await expect(loadBefore([path.join(folder, 'project')])).rejects.toThrow(
        /secret\/a\.sql: leads out of the folder/,
      );
    });
  });

  it('is refused where a glob finds a link', async () => {
    await withFiles(migrations, async (folder) => {
      await symlink(path.join(folder, 'secret/a.sql'), path.join(folder, 'project/b.sql'));
      await expect(loadBefore([path.join(folder, 'project/*.sql')])).rejects.toThrow(
        /b\.sql: leads out of the folder/,
      );
      expect((await loadBefore([path.join(folder, 'project/b.sql')])).before).toHaveLength(1);
    });
  });
});
