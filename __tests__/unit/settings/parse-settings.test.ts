import { describe, expect, it } from '@jest/globals';
import { UserError } from '../../../src/errors.js';
import { readActionInputs } from '../../../src/settings/action-definition.js';
import { inputsOfCommand, parseGitHubSettings, parseSettings } from '../../../src/settings/parse-settings.js';

const definitions = readActionInputs();
type Environment = Record<string, string>;
const raw = (values: Record<string, string>, environment: Environment = {}) => ({
  definitions,
  environment,
  values: new Map(Object.entries(values)),
});
const parse = (values: Record<string, string> = {}, environment: Environment = {}) =>
  parseSettings(raw(values, environment));

const deployment = {
  command: 'deploy',
  bundle: 'fix',
  'database-url': 'postgres://h/app',
  confirm: 'app',
  backup: 'none',
};

function problemsOf(values: Record<string, string>, environment: Environment = {}): string[] {
  try {
    parse(values, environment);
  } catch (error: unknown) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('parseSettings', () => {
  it('takes what is not given from action.yml', () => {
    expect(parse()).toEqual({
      command: 'rehearse',
      bundle: null,
      sections: null,
      given: [],
      lockTimeout: 3000,
      statementTimeout: 600_000,
      files: { json: null, markdown: null, html: null, junit: null },
      states: null,
      before: [],
      rows: 'none',
      platform: null,
      isStrict: false,
      rollsBack: true,
      isTrusted: false,
      shard: null,
      concurrency: null,
      evidence: null,
      postgres: { source: 'auto', major: null, url: null, image: null },
    });
  });

  it('reads a rehearsal', () => {
    expect(
      parse({
        sections: '8, 05\n11',
        states: 'empty 02_rooms,3',
        shard: '2/4',
        concurrency: '3',
        'postgres-version': '16',
        'lock-timeout': '50',
        json: ' out/report 1.json ',
      }),
    ).toMatchObject({
      sections: [8, 5, 11],
      states: ['empty', '02_rooms', '3'],
      shard: { index: 2, count: 4 },
      concurrency: 3,
      postgres: { major: 16 },
      lockTimeout: 50,
      files: { json: 'out/report 1.json' },
    });
  });

  it('reads one setting of the bundle a line, whose value may hold anything', () => {
    expect(parse({ settings: 'limit=5\n\n acknowledge=public.notes: a = b, c \nempty=' })).toMatchObject({
      given: [
        { name: 'limit', value: '5' },
        { name: 'acknowledge', value: 'public.notes: a = b, c' },
        { name: 'empty', value: '' },
      ],
    });
    expect(problemsOf({ settings: 'limit\n=5\na b=c' })).toEqual([
      'settings: "limit" is not a setting. Write NAME=VALUE.',
      'settings: "=5" is not a setting. Write NAME=VALUE.',
      'settings: "a b=c" is not a setting. Write NAME=VALUE.',
    ]);
  });

  it('reads one glob a line, for a path may hold blanks and commas', () => {
    expect(parse({ before: 'my dump, old.sql\n\n migrations/*.sql \n' })).toMatchObject({
      before: ['my dump, old.sql', 'migrations/*.sql'],
    });
  });

  it('reads how many rows of a database are copied', () => {
    const before = 'roles.sql\npostgres://u:p@h/app';
    expect(parse({ before, rows: '1000' })).toMatchObject({ rows: 1000 });
    expect(parse({ before, rows: 'all' })).toMatchObject({ rows: 'all' });
    expect(problemsOf({ before, rows: '0' })).toEqual([
      'rows: "0" is not none, all, or a number of rows of each table.',
    ]);
    expect(problemsOf({ before: 'roles.sql', rows: 'all' })).toEqual([
      'rows: is how many rows are copied of a database, and before names none. Give its address, or take it out.',
    ]);
  });

  it('reads a deployment', () => {
    expect(parse(deployment)).toMatchObject({
      command: 'deploy',
      bundle: 'fix',
      databaseUrl: 'postgres://h/app',
      databaseCa: null,
      confirm: 'app',
      mayCreate: false,
      window: { notBefore: null, notAfter: null },
    });
    expect(
      parse({
        ...deployment,
        create: 'true',
        'not-before': '2026-11-30T02:00Z',
        'not-after': '2026-11-30T04:30:10+01:00',
      }),
    ).toMatchObject({
      mayCreate: true,
      window: {
        notBefore: new Date('2026-11-30T02:00:00Z'),
        notAfter: new Date('2026-11-30T03:30:10Z'),
      },
    });
  });

  it('reads a plan, which a dry run is', () => {
    const planned = { ...deployment, 'plan-out': 'plan.json' };
    const plan = parse({ ...planned, backup: '', command: 'plan' });
    expect(plan).toMatchObject({ command: 'plan', planOut: 'plan.json', confirm: 'app' });
    expect(parse({ ...planned, 'dry-run': 'true' })).toEqual(plan);
    expect(parse({ ...deployment, plan: 'plan.json' })).toMatchObject({
      command: 'deploy',
      plan: 'plan.json',
    });
    expect(problemsOf({ ...deployment, plan: 'plan.json', 'dry-run': 'true' })).toEqual([
      'plan: is what a deployment keeps to, and a dry run makes one. Leave one of them out.',
    ]);
    expect(problemsOf(planned)).toEqual([
      'plan-out: is written by a plan, not by a deployment. Add dry-run, or take it out.',
    ]);
  });

  it('reads how somebody can go back', () => {
    const key = 'k'.repeat(16);
    const backupOf = (values: Record<string, string>, environment: Environment = {}) => {
      const settings = parse({ ...deployment, ...values }, environment);
      return settings.command === 'deploy' ? settings.backup : null;
    };
    expect(backupOf({ backup: 'none' })).toEqual({ kind: 'none' });
    expect(backupOf({ backup: 'confirmed', 'backup-note': 'the snapshot of 2 a.m.' })).toEqual({
      kind: 'confirmed',
      note: 'the snapshot of 2 a.m.',
    });
    expect(backupOf({ backup: 'copy' })).toEqual({ kind: 'copy', file: null, key: null, isUploaded: false });
    expect(backupOf({ backup: 'dump', 'backup-out': 'x.backup', 'backup-key': key })).toEqual({
      kind: 'dump',
      file: 'x.backup',
      key,
      isUploaded: false,
    });
  });

  it('has a backup on a runner encrypted and uploaded, or refuses it', () => {
    const key = 'k'.repeat(16);
    const copy = { ...deployment, backup: 'copy' };
    const bare = { GITHUB_ACTIONS: 'true', SCHEMA_FIX_BACKUP_KEY: key };
    const runner = { ...bare, ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'https://results.example' };
    expect(parse(copy, runner)).toMatchObject({ backup: { key, isUploaded: true } });
    const stays = { ...copy, 'upload-backup': 'false' };
    expect(parse(stays, bare)).toMatchObject({ backup: { key, isUploaded: false } });
    expect(parse({ ...stays, 'backup-key': 'none' }, bare)).toMatchObject({
      backup: { key: null, isUploaded: false },
    });
    expect(problemsOf(copy, { ...runner, SCHEMA_FIX_BACKUP_KEY: '' })).toEqual([
      expect.stringMatching(/^backup-key: is missing\. On a runner a copy is encrypted: /),
    ]);
    expect(problemsOf(copy, bare)).toEqual([
      expect.stringMatching(
        /^backup: a copy is an artifact .* this runner gives no token .*upload-backup: false/,
      ),
    ]);
    expect(problemsOf(copy, { ...runner, GITHUB_SERVER_URL: 'https://github.example' })).toEqual([
      expect.stringMatching(/^backup: .* GitHub Enterprise Server takes none .*\(confirmed\)/),
    ]);
    for (const environment of [runner, { ...runner, SCHEMA_FIX_BACKUP_KEY: 'none' }])
      expect(problemsOf({ ...copy, 'backup-key': 'none' }, environment)).toEqual([
        expect.stringMatching(/^backup-key: is none, .* in clear text is not uploaded/),
      ]);
  });

  it('reads what is to be restored, and where', () => {
    const restore = {
      command: 'restore',
      file: 'x.backup',
      'database-url': 'postgres://h/app',
      confirm: 'app',
    };
    expect(parse(restore)).toMatchObject({ file: 'x.backup', key: null, confirm: 'app' });
    expect(parse(restore, { SCHEMA_FIX_BACKUP_KEY: 'key' })).toMatchObject({ key: 'key' });
    expect(problemsOf({ command: 'restore' })).toEqual([
      expect.stringContaining('file: is missing'),
      expect.stringContaining('database-url: is missing'),
      expect.stringContaining('confirm: is missing'),
    ]);
  });

  it('lists every problem at once', () => {
    const values = { sections: 'all', shard: '5/4', concurrency: '0', states: 'a', before: 'b' };
    expect(problemsOf(values).sort()).toEqual([
      'before: builds the starting schema instead of states, so the two cannot be given together.',
      'concurrency: "0" is not a whole number from 1 to 64.',
      'sections: "all" is not the number of a section. Write 5, 8.',
      'shard: "5/4" is not a part of a whole. Write 2/4 for the second of four.',
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown command', { command: 'destroy' }, 'command: "destroy" is unknown. It is one of rehearse, '],
    [
      'a source that is unknown',
      { 'postgres-source': 'cloud' },
      'postgres-source: "cloud" is unknown. It is one of auto, url, installed, embedded',
    ],
    [
      'the address of a target for a rehearsal',
      { 'database-url': 'postgres://u:secret@h/app' },
      'database-url: is not for rehearse: a rehearsal creates and drops databases, so it takes a server of its own: postgres-url. Take it out.',
    ],
    [
      'the address of a server for a deployment',
      { ...deployment, 'postgres-url': 'postgres://u:secret@h' },
      'postgres-url: is not for deploy: this command speaks of one database: database-url. Take it out.',
    ],
    [
      'a state for a deployment',
      { ...deployment, states: 'empty' },
      'states: is not for deploy. Take it out.',
    ],
    [
      'the source url without one',
      { 'postgres-source': 'url' },
      'postgres-url: is missing, and postgres-source is url. Add it.',
    ],
    [
      'an address for another source',
      { 'postgres-source': 'embedded', 'postgres-url': 'postgres://h' },
      'postgres-url: is given, but postgres-source is embedded. Leave one of them out.',
    ],
    [
      'a deployment without an address',
      { ...deployment, 'database-url': '' },
      'database-url: is missing. Give the address of the database.',
    ],
    [
      'a deployment that nobody confirms',
      { ...deployment, confirm: '' },
      'confirm: is missing. Give what tells that database from others, typed again',
    ],
    [
      'a deployment of whatever there is',
      { ...deployment, bundle: '' },
      'bundle: is missing. Give the folder of the fix, or chat-schema-fix for the one that ships',
    ],
    [
      'a deployment that says nothing of a backup',
      { ...deployment, backup: '' },
      'backup: is missing. Nothing is deployed before it is known how to go back. It is one of dump (by pg_dump), copy (',
    ],
    ['a kind of backup that there is not', { ...deployment, backup: 'yes' }, 'backup: "yes" is unknown.'],
    [
      'a backup that is confirmed in no words',
      { ...deployment, backup: 'confirmed', 'backup-note': 'yes' },
      'backup-note: is missing. Say in a sentence which backup there is',
    ],
    [
      'a word for a key',
      { ...deployment, backup: 'copy', 'backup-key': 'secret' },
      'backup-key: needs 16 characters or more.',
    ],
    [
      'a key for nothing',
      { ...deployment, 'backup-key': 'k'.repeat(16) },
      'backup-key: is what a dump or a copy is encrypted with. Take it out.',
    ],
    [
      'a note on nothing',
      { ...deployment, 'backup-note': 'the snapshot of 2 a.m.' },
      'backup-note: says which backup there is, for backup: confirmed. Take it out.',
    ],
    [
      'a moment without a zone',
      { ...deployment, 'not-before': '2026-11-30T02:00' },
      'not-before: "2026-11-30T02:00" is not a moment with its zone.',
    ],
    [
      'a moment that is none',
      { ...deployment, 'not-after': '2026-13-30T02:00Z' },
      'not-after: "2026-13-30T02:00Z" is not a moment',
    ],
    [
      'an end before the beginning',
      { ...deployment, 'not-before': '2026-11-30T02:00Z', 'not-after': '2026-11-30T02:59+01:00' },
      'not-after: is not later than not-before.',
    ],
    [
      'a number of milliseconds in words',
      { 'lock-timeout': '3s' },
      'lock-timeout: "3s" is not a whole number',
    ],
  ])('refuses %s', (_what, values, problem) => {
    expect(problemsOf(values)).toEqual([expect.stringContaining(problem)]);
  });

  it('never repeats an address: it may hold a password', () => {
    const values = {
      'database-url': 'postgres://u:secret@h',
      'postgres-source': 'embedded',
      'postgres-url': 'postgres://u:secret@h',
    };
    expect(problemsOf(values).join()).not.toContain('secret');
  });

  it('knows each input of each command from action.yml', () => {
    const known = [...definitions.keys()];
    for (const inputs of Object.values(inputsOfCommand))
      expect(known).toEqual(expect.arrayContaining([...inputs]));
  });

  it('lets the action hand over every input at its default', () => {
    const values = Object.fromEntries([...definitions].map(([name, { default: value }]) => [name, value]));
    expect(parse(values)).toEqual(parse());
  });
});

describe('what init and lint are asked', () => {
  it('has defaults', () => {
    expect(parse({ command: 'init' })).toEqual({
      command: 'init',
      folder: 'fix',
      owner: 'author',
      text: 'body',
      title: null,
      from: null,
      table: 'public.notes',
      platform: 'plain',
    });
    expect(parse({ command: 'lint', bundle: 'fix' })).toEqual({ command: 'lint', bundle: 'fix' });
  });

  it('begins with what there is, of as many tables as are named', () => {
    const given = { command: 'init', before: 'schema.sql\nseed.sql', table: 'orders\nbilling.fees' };
    expect(parse(given)).toMatchObject({
      from: {
        before: ['schema.sql', 'seed.sql'],
        rows: 'none',
        tables: ['public.orders', 'billing.fees'],
        owner: null,
        platform: null,
      },
    });
    expect(() => parse({ ...given, text: 'body', rows: 'some' })).toThrow(
      'rows: "some" is not none, all, or a number of rows of each table.\ntext: is for the example, and before says what is there. Take one of them out.',
    );
  });

  it('is refused where it cannot be meant', () => {
    expect(() => parse({ command: 'init', table: 'Notes', for: 'oracle' })).toThrow(
      'for: "oracle" is unknown. It is one of plain, supabase.\ntable: "Notes" is not a table of public, public.name in lower case.',
    );
  });
});

describe('parseGitHubSettings', () => {
  it('takes what is not given from action.yml', () => {
    expect(parseGitHubSettings(raw({ 'github-token': '' }))).toMatchObject({
      settings: {
        comment: 'always',
        commentKey: 'default',
        checkRun: false,
        jobSummary: true,
        annotations: true,
        pullRequest: null,
        workingDirectory: null,
      },
      problems: [],
    });
  });

  it('lists every problem at once', () => {
    const values = { comment: 'sometimes', 'check-run': 'yes', 'comment-key': 'a b' };
    const { settings, problems } = parseGitHubSettings(raw(values));
    expect(problems).toEqual([
      'comment-key: takes 1 to 100 letters, digits, ".", "_" or "-".',
      'comment: "sometimes" is unknown. It is one of always, on-failure, never.',
      'check-run: "yes" is unknown. It is one of true, false.',
    ]);
    expect(settings).toMatchObject({ comment: 'always', commentKey: 'default', checkRun: false });
    expect(() => parseSettings(raw({ command: 'destroy' }), problems)).toThrow(
      /^comment-key: [\s\S]*\ncommand: "destroy" is unknown/,
    );
  });
});
