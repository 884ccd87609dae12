import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { inputsOfCommand } from '../../src/settings/parse-settings.js';
import {
  findClosedAddress,
  withOldPostgres,
  withSilentServer,
  withWebServer,
} from '../support/fake-servers.js';
import { findForms, makeTalker, password, talkative, talker } from '../support/hostile-password.js';
import {
  type Changes,
  thirdSection,
  thirdState,
  withFolder,
  withNotesBundle,
} from '../support/notes-bundle.js';
import { addressOf, withNotesTarget } from '../support/notes-target.js';
import { type CliResult, runCli } from '../support/run-cli.js';
import { getTestServer, withClient, withTestDatabase } from '../support/server.js';

const onTestServer = () => ['--postgres-url', addressOf(getTestServer().connection)];

/** Rehearses the notes bundle, broken on purpose, on the server of the tests. */
function rehearse(changes: Changes, ...words: string[]): Promise<CliResult> {
  return withNotesBundle(changes, (bundle) =>
    runCli(['rehearse', '--bundle', bundle, ...onTestServer(), ...words]),
  );
}

/** What a mistake must look like whatever it was. */
function expectRefusal({ exitCode, stdout, stderr }: CliResult, code: 2 | 3): void {
  expect(stdout).not.toMatch(/pass/i);
  expect(stderr).not.toMatch(/\n {4}at |node:internal|\.js:\d+|undefined|\[object|should not/);
  expect(stderr).toMatch(/[^\n]\n$/);
  expect(exitCode).toBe(code);
}

describe('schema-fix', () => {
  it('rehearses, prints the verdict and writes the reports', async () => {
    await withFolder(async (folder) => {
      const files = ['json', 'markdown', 'junit'].flatMap((kind) => [
        `--${kind}`,
        path.join(folder, 'new', kind),
      ]);
      const { exitCode, stdout, stderr } = await rehearse({}, ...files);
      expect(stderr).toBe('');
      expect(stdout).toContain('PASS, safe to merge  Notes belong to somebody: 2 of 2 databases');
      expect(exitCode).toBe(0);
      const json = JSON.parse(await readFile(path.join(folder, 'new/json'), 'utf8')) as { verdict: string };
      expect(json.verdict).toBe('pass');
      expect(await readFile(path.join(folder, 'new/markdown'), 'utf8')).toContain(
        'Notes&nbsp;belong&nbsp;to&nbsp;somebody',
      );
      expect(await readFile(path.join(folder, 'new/junit'), 'utf8')).toContain('<testsuites');
    });
  });

  it('deploys, twice', async () => {
    await withNotesTarget((target) =>
      withNotesBundle({}, async (bundle) => {
        const words = ['--database-url', addressOf(target.connection), '--confirm', target.database];
        for (const _ of ['first', 'again']) {
          const { exitCode, stdout } = await runCli([
            'deploy',
            '--bundle',
            bundle,
            '--backup',
            'none',
            ...words,
          ]);
          expect(stdout).toContain('PASS');
          expect(exitCode).toBe(0);
        }
      }),
    );
  });

  it('backs up before it deploys, and restores that', async () => {
    await withFolder((folder) =>
      withNotesTarget((target) =>
        withNotesBundle({}, async (bundle) => {
          const key = 'a key that nobody may see';
          const environment = { SCHEMA_FIX_BACKUP_KEY: key, GITHUB_ACTIONS: 'true' };
          const file = path.join(folder, 'notes.backup');
          const words = (database: string) => [
            '--database-url',
            addressOf(target.connection, { database }),
            '--confirm',
            database,
          ];
          const deploy = ['deploy', '--bundle', bundle, ...words(target.database), '--backup', 'copy'];
          const refused = await runCli(deploy, { GITHUB_ACTIONS: 'true' });
          expect(refused.stderr).toMatch(/^backup-key: is missing\. On a runner a copy is encrypted/);
          const unsent = await runCli([...deploy, '--backup-out', file], environment);
          expect(unsent.stderr).toMatch(/^backup: a copy is an artifact of the run/);
          const stays = [...deploy, '--upload-backup', 'false', '--backup-out', file];
          const deployed = await runCli(stays, environment);
          expect(deployed.stdout).toMatch(/, restored and compared: 3 rows of 1 table/);
          expect(deployed.exitCode).toBe(0);

          await withTestDatabase(async ({ database }) => {
            const restored = await runCli(['restore', file, ...words(database)], environment);
            expect(restored.stdout).toMatch(/^Restored .*: 3 rows of 1 table, as they were at the backup\./);
            expect(restored.stderr).toContain('3 rows of public.notes');
            expect(restored.exitCode).toBe(0);
            const again = await runCli(['restore', file, ...words(database)], environment);
            expectRefusal(again, 2);
            expect(again.stderr).toContain('is not empty: ');
            const told = [refused, unsent, deployed, restored, again]
              .map(({ stdout, stderr }) => stdout + stderr)
              .join();
            expect(told).not.toContain(key);
          });
        }),
      ),
    );
  }, 60_000);

  it('prints one script that an editor can send as one query, twice', async () => {
    await withNotesTarget((target) =>
      withNotesBundle({}, async (bundle) => {
        const { stdout, exitCode } = await runCli(['sql', '--editor', '--bundle', bundle]);
        expect(exitCode).toBe(0);
        await withClient(target.connection, async (client) => {
          for (const _ of ['first', 'again']) {
            const results = (await client.query(stdout)) as unknown as { rows: { pass?: boolean }[] }[];
            const assertions = results.flatMap(({ rows }) => rows).filter((row) => 'pass' in row);
            expect(assertions.map(({ pass }) => pass)).toEqual([true, true]);
          }
        });
      }),
    );
  });

  it.each(Object.keys(inputsOfCommand))('explains %s', async (command) => {
    const { exitCode, stdout, stderr } = await runCli([command, '--help']);
    expect(stdout).toContain(`Usage: schema-fix ${command}`);
    expect([exitCode, stderr]).toEqual([0, '']);
  });
});

describe('a bundle that is wrong', () => {
  const mistakes: [string, Changes, string[]][] = [
    [
      'a manifest with three mistakes',
      { 'bundle.yml': 'tables: [notes]\nplatfrom: app\n' },
      [
        '3 things are wrong.',
        'bundle.yml: title: missing. Add it.',
        'bundle.yml:1: tables.0: is not a table name written schema.name, or schema."Odd Name", as the catalog has it.',
        'bundle.yml:2: the file: unknown key "platfrom". platform may be meant.',
      ],
    ],
    [
      'two sections of one number',
      { 'sections/02_more.sql': '--! Title: More\nselect 1;' },
      ['sections/02_policies.sql: number 02 is taken by sections/02_more.sql. Give it a number of its own.'],
    ],
    [
      'a section that needs a missing one',
      { 'sections/02_policies.sql': '--! Title: More\n--! Needs: 9\nselect 1;' },
      ['sections/02_policies.sql: needs section 9, which is not there.'],
    ],
    [
      'a section that needs itself',
      { 'sections/02_policies.sql': '--! Title: More\n--! Needs: 2\nselect 1;' },
      ['sections/02_policies.sql: needs itself. Take 2 out of "Needs".'],
    ],
    [
      'a scenario that names an unknown actor',
      { 'scenarios/01_own_notes.sql': (text) => text.replace('As: ben', 'As: zoe') },
      [
        'scenarios/01_own_notes.sql:14: step "ben does not": unknown actor "zoe". Add it to actors in bundle.yml',
      ],
    ],
  ];
  it.each(mistakes)('is refused: %s', async (_what, changes, messages) => {
    const result = await rehearse(changes);
    expectRefusal(result, 2);
    for (const message of messages) expect(result.stderr).toContain(message);
  });

  it('is refused where there is none', async () => {
    const result = await runCli(['rehearse', '--bundle', '/nowhere/at/all']);
    expectRefusal(result, 2);
    expect(result.stderr).toBe(
      'bundle: there is no folder /nowhere/at/all. Give the folder that holds bundle.yml.\n',
    );
  });

  it('fails with a syntax error in a section, shown with file, line, column and a caret', async () => {
    const { exitCode, stdout, stderr } = await rehearse(
      thirdSection('alter table public.notes\n    add colum b text;'),
      '--state',
      '1',
    );
    expect(stdout).toContain('sections/03_more.sql:5:17');
    expect(stdout).toMatch(/│ {5}add colum b text;\n +│ {17}\^\n/);
    expect(stdout).toContain('42601');
    expect(stdout).not.toMatch(/^PASS.* Notes/m);
    expect([exitCode, stderr]).toEqual([1, '']);
  });

  it('fails with a check that returns no row, a null, or the wrong columns', async () => {
    const row = "'a' as object, 'b' as expected, 'c' as actual";
    const { exitCode, stdout } = await rehearse(
      {
        'checks/03_nothing.sql': `--! Title: Nothing\nselect ${row}, true as pass where false`,
        'checks/04_null.sql': `--! Title: Null\nselect ${row}, null::boolean as pass`,
        'checks/05_columns.sql': '--! Title: Columns\nselect 1 as one',
      },
      '--state',
      '1',
    );
    expect(stdout).toContain('it returned no row, so it looked at nothing');
    expect(stdout).toContain('a row holds null; say what is there in words');
    expect(stdout).toContain(
      'it returned the columns (one); a check returns (object, expected, actual, pass)',
    );
    expect(exitCode).toBe(1);
  });

  it('fails with a state that does not load', async () => {
    const { exitCode, stdout } = await rehearse(
      thirdState('insert into public.nowhere values (1);'),
      '--state',
      '3',
    );
    expect(stdout).toContain('states/03_other.sql:3:13');
    expect(stdout).toContain('relation "public.nowhere" does not exist');
    expect(exitCode).toBe(1);
  });
});

const deployShipped = ['deploy', '--bundle', 'chat-schema-fix', '--backup', 'none'];

describe('a command line that is wrong', () => {
  const mistakes: [string, string[], string][] = [
    ['an unknown command', ['destroy'], 'unknown command "destroy". The commands are rehearse, '],
    ['an unknown option', ['rehearse', '--stat', '1'], "unknown option '--stat'"],
    ['no state of the name', ['--state', 'nowhere'], 'states: no state is called nowhere. There are:\n  01_'],
    [
      'no section of the number',
      ['--sections', '77'],
      'sections: there is no section 77 in this bundle. It has 1, 2',
    ],
    [
      'a glob that matches nothing',
      ['--before', 'no/*.sql'],
      'before: no file matches no/*.sql. Paths count from',
    ],
    [
      'a target to rehearse on',
      ['--database-url', 'postgres://h/app'],
      'database-url: is not for rehearse: a rehearsal creates and drops databases',
    ],
    [
      'a server to deploy to',
      ['deploy', '--postgres-url', 'postgres://h'],
      'postgres-url: is not for deploy: this command speaks of one database: database-url. Take it out.\nbundle: is missing.',
    ],
    [
      'a major that is too old',
      ['--postgres', '13'],
      'postgres-version: "13" is not a whole number from 14 to 18.',
    ],
    ['a folder for a report', ['--json', '/'], '--json /: this is a folder. Name a file in it.'],
    [
      'a report below a file',
      ['--junit', path.join(import.meta.filename, 'report.xml')],
      'cannot be written: a part of its path is a file, not a folder. Name a file that can be written.',
    ],
    [
      'an address of another kind',
      ['--postgres-url', 'mysql://h'],
      'postgres-url does not begin with postgres://',
    ],
    [
      'an address that does not parse',
      ['--postgres-url', 'postgres://h:port/x'],
      'postgres-url does not parse.',
    ],
    [
      'a name that is not confirmed',
      [...deployShipped, '--database-url', 'postgres://localhost/app', '--confirm', 'other'],
      'confirm: is "other", but database-url leads to the database "app".',
    ],
    [
      'a deployment of whatever there is',
      ['deploy', '--database-url', 'postgres://localhost/app', '--confirm', 'app'],
      'bundle: is missing. Give the folder of the fix, or chat-schema-fix for the one that ships with the action.',
    ],
  ];
  it.each(mistakes)('is refused: %s', async (_what, words, message) => {
    const result = await runCli(words);
    expectRefusal(result, 2);
    expect(result.stderr).toContain(message);
  });

  it('takes no other fix where a bundle lies in the folder that it is called in', async () => {
    await withFolder(async (folder) => {
      await mkdir(path.join(folder, 'fix'));
      await writeFile(path.join(folder, 'fix/bundle.yml'), 'title: Mine');
      const cli = path.resolve('lib/cli.js');
      for (const command of ['rehearse', 'lint', 'sql']) {
        const { exitCode, stderr } = await execa('node', [cli, command], { cwd: folder, reject: false });
        expect({ exitCode, stderr }).toEqual({
          exitCode: 2,
          stderr:
            'bundle: fix is a bundle, and without bundle the fix that ships with the action would be taken. Say which: --bundle fix, or --bundle chat-schema-fix.',
        });
      }
    });
  });

  it('does nothing before all reports can be written', async () => {
    const result = await rehearse({}, '--json', '/dev/null/report.json');
    expectRefusal(result, 2);
    expect(result.stdout).toBe('');
  });
});

describe.each([
  ['rehearse', 'postgres-url', [] as string[]],
  ['deploy', 'database-url', ['--confirm', 'app', '--bundle', 'chat-schema-fix', '--backup', 'none']],
])('%s on a server that cannot be used', (command, setting, more) => {
  const tryOn = (address: string, parameters = 'connect_timeout=2', user = 'admin:s3cr%2Ft-w0rd') =>
    runCli([
      command,
      `--${setting}`,
      `postgres://${user}@${address}/app?sslmode=disable&${parameters}`,
      ...more,
    ]);

  it('says that nobody listens there', async () => {
    const address = await findClosedAddress();
    const result = await tryOn(address);
    expectRefusal(result, 3);
    expect(result.stderr).toBe(
      `${setting}: cannot connect to ${address}/app as admin: nothing listens there. Is the server running, and is this its port?\n`,
    );
  });

  it('says that there is no answer', async () => {
    const result = await withSilentServer((address) => tryOn(address, 'connect_timeout=1'));
    expectRefusal(result, 3);
    expect(result.stderr).toContain('there was no answer within 1 seconds.');
  });

  it('says that this is not Postgres', async () => {
    const result = await withWebServer((address) => tryOn(address));
    expectRefusal(result, 3);
    expect(result.stderr).toMatch(/does not speak the Postgres protocol|Is it Postgres that listens there/);
  });

  it('says that it is too old', async () => {
    const result = await withOldPostgres('13.14', (address) => tryOn(address));
    expectRefusal(result, 3);
    expect(result.stderr).toMatch(/13\.14.*14/);
  });
});

describe('a server that asks for a password', () => {
  const { connection } = getTestServer();

  it('does not take a wrong one, which is shown nowhere', async () => {
    const result = await runCli(['--postgres-url', addressOf(connection, { password: 's3cr/t-w0rd' })]);
    expectRefusal(result, 3);
    expect(result.stderr).toContain('the server does not accept this password');
    expect(result.stderr + result.stdout).not.toMatch(/s3cr/);
  });

  it('asks for it where there is none', async () => {
    const address = addressOf(connection).replace(/:[^:@/]*@/, '@');
    const result = await runCli(['--postgres-url', address]);
    expectRefusal(result, 3);
    expect(result.stderr).toContain(
      'the server asks for a password, and there is none. Add it to the URL, or set PGPASSWORD.',
    );
  });

  it('says that there is no such database', async () => {
    const address = addressOf(connection, { database: 'no_such' });
    const result = await runCli([...deployShipped, '--database-url', address, '--confirm', 'no_such']);
    expectRefusal(result, 3);
    expect(result.stderr).toContain('the server has no database no_such.');
  });
});

describe('a password on the command line', () => {
  const secret = 'p/w#r:d@ 100%"$';
  const encoded = encodeURIComponent(secret);
  const forms = [secret, encoded, Buffer.from(secret).toString('base64'), 'p/w#r', 'p%2Fw', '100%'];
  const address = `postgres://admin:${encoded}@127.0.0.1:1/app`;

  it.each<[string, string[]]>([
    ['the right option', ['--postgres-url', address]],
    ['the right option, verbose', ['--verbose', `--postgres-url=${address}`]],
    ['the option of another command', ['--database-url', address]],
    ['a mistyped option', ['rehearse', `--postgers-url=${address}`]],
    ['no option', [address]],
    ['a word too many', ['rehearse', address]],
    ['the place of something else', ['--state', address]],
    ['the place of a folder', ['--bundle', address]],
    ['an address that is not encoded', ['--postgres-url', `postgres://admin:${secret}@127.0.0.1:1/app`]],
    ['an address with a port that is none', ['--postgres-url', address.replace(':1/', ':port/')]],
    ['an address of another kind', ['--postgres-url', address.replace('postgres', 'mysql')]],
    ['a parameter', ['--postgres-url', `postgres://admin@127.0.0.1:1/app?password=${encoded}`]],
    ['a mistyped option with a parameter', [`--postgers-url=postgres://127.0.0.1:1/app?password=${encoded}`]],
    ['a mistyped option with libpq words', [`--postgers-url=host=127.0.0.1 password='${secret}'`]],
    ['a deployment', [...deployShipped, '--database-url', address, '--confirm', 'app']],
  ])('is shown nowhere where it stands in %s', async (_where, words) => {
    const { exitCode, stdout, stderr } = await runCli(words);
    expect([2, 3]).toContain(exitCode);
    for (const form of forms) expect(stdout + stderr).not.toContain(form);
  });

  it('is seen nowhere, even if the database tells it', async () => {
    await makeTalker();
    const url = new URL(addressOf(getTestServer().connection));
    url.username = talker;
    url.password = encodeURIComponent(password);
    await withNotesBundle({ 'sections/01_author.sql': talkative }, (bundle) =>
      withFolder(async (folder) => {
        const files = ['json', 'markdown', 'junit'].map((kind) => path.join(folder, kind));
        const words = [
          '--verbose',
          '--state',
          '2',
          ...files.flatMap((file) => [`--${path.basename(file)}`, file]),
        ];
        const told = await runCli(['--bundle', bundle, '--postgres-url', url.href, ...words]);
        expect(told).toMatchObject({ exitCode: 1, stderr: '' });
        expect(told.stdout).toContain('connected with ***');
        expect(told.stdout).toContain('cannot log in with ***');
        const written = await Promise.all(files.map((file) => readFile(file, 'utf8')));
        expect([told.stdout, ...written].flatMap(findForms)).toEqual([]);
      }),
    );
  });
});
