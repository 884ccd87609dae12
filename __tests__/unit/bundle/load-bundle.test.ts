import { describe, expect, it } from '@jest/globals';
import { loadBundle } from '../../../src/bundle/load-bundle.js';
import { type Changes, loadNotes, withFolder } from '../../support/notes-bundle.js';

const check = '--! Title: A check\nselect 1';
const section = '--! Title: A section\nselect 1;';
const scenario = (...lines: string[]) => `--! Title: A scenario\n${lines.join('\n')}\nselect 1;\n`;

async function messageOf(changes: Changes): Promise<string> {
  const error = await loadNotes(changes).then(
    () => new Error('the bundle was loaded'),
    (thrown: Error) => thrown,
  );
  return error.message;
}

describe('loadBundle', () => {
  it('reads a whole bundle', async () => {
    const bundle = await loadNotes();
    expect(bundle).toMatchObject({
      title: 'Notes belong to somebody',
      platform: 'app',
      deployer: 'notes_owner',
      tables: ['public.notes'],
      quarantine: 'notes_quarantine.rows',
      platforms: [{ name: 'app' }],
      scenarioSetup: null,
    });
    expect(bundle.sections.map(({ number, needs }) => [number, needs])).toEqual([
      [1, []],
      [2, [1]],
    ]);
    expect(bundle.states.map(({ name, quarantine }) => [name, quarantine])).toEqual([
      ['01_writer', 1],
      ['02_already_fixed', null],
    ]);
    expect(bundle.actors).toContainEqual({
      name: 'ann',
      role: 'app_user',
      claims: { sub: 'ann' },
      session: {},
      subject: 'ann',
    });
    expect(bundle.preserve[0]?.facts[1]).toMatchObject({
      name: 'author',
      columns: ['author', 'writer'],
      type: 'text',
    });
  });

  it('takes no line of a text, a name, a body or a comment for a command of psql', async () => {
    const lines = ["'", "E'", '$$', '$body$', '/*', '"'].map(
      (open) => `select ${open}\n\\begin{equation}\n${open.replace('E', '').replace('/*', '*/ 1')};`,
    );
    const bundle = await loadNotes({ 'sections/02_policies.sql': `${section}\n${lines.join('\n')}` });
    expect(bundle.sections).toHaveLength(2);
  });

  it('reads what the application sets for an actor, and what others have is blank for the rest', async () => {
    const actors = `actors:
  ann: { role: app_user, session: { app.user_id: 42, app.tenant: acme } }
  ben: { role: app_user, claims: { sub: ben }, session: { app.user_id: 43 } }
  visitor: { role: app_user }
`;
    const bundle = await loadNotes({ 'bundle.yml': (text) => text.replace(/^actors:[\s\S]*$/m, actors) });
    expect(bundle.actors).toMatchObject([
      { name: 'ann', subject: '42', session: { 'app.user_id': '42', 'app.tenant': 'acme' } },
      { name: 'ben', subject: 'ben', session: { 'app.user_id': '43', 'app.tenant': '' } },
      { name: 'visitor', subject: null, session: { 'app.user_id': '', 'app.tenant': '' } },
    ]);
  });

  it('reads the steps of a scenario, each with the line at which its SQL begins', async () => {
    const { scenarios } = await loadNotes();
    expect(scenarios[0]?.steps[0]).toEqual({
      title: 'ann writes a note',
      actor: 'ann',
      expectation: { kind: 'rows', count: 1 },
      keep: 'note',
      line: 7,
      sql: "insert into public.notes (author, body) values ('ann', 'milk') returning id;\n",
    });
    expect(scenarios[0]?.steps).toHaveLength(4);
  });

  it('reads the prelude in the order of its numbers', async () => {
    const { prelude } = await loadNotes({ 'prelude/02_b.sql': section, 'prelude/01_a.sql': section });
    expect(prelude.map(({ path }) => path)).toEqual(['prelude/01_a.sql', 'prelude/02_b.sql']);
    expect(await messageOf({ 'prelude/01_a.sql': 'select 1;' })).toContain('prelude/01_a.sql: has no title');
  });

  it('goes on with a file of the prelude in the folder that bears its name', async () => {
    const files = { 'prelude/02_b.sql': section, 'prelude/01_a/01_c.sql': section };
    const { prelude } = await loadNotes({ ...files, 'prelude/01_a.sql': '--! Title: A\n\n-- What it is.' });
    expect(prelude.map(({ path }) => path)).toEqual([
      'prelude/01_a.sql',
      'prelude/01_a/01_c.sql',
      'prelude/02_b.sql',
    ]);
    expect(await messageOf(files)).toContain('prelude/01_a/: belongs to no file of the prelude.');
  });

  it('reads files whose numbers have three digits after those that have two', async () => {
    const state = '--! Title: A state\nselect 1;';
    const { states } = await loadNotes({ 'states/100_more.sql': state, 'states/99_most.sql': state });
    expect(states.map(({ name }) => name).slice(-2)).toEqual(['99_most', '100_more']);
  });

  it('goes on with a section in the folder that bears its name', async () => {
    const { sections } = await loadNotes({
      'sections/01_author/02_later.sql': section,
      'sections/01_author/01_first.sql': section,
    });
    expect(sections[0]?.parts.map(({ path }) => path)).toEqual([
      'sections/01_author/01_first.sql',
      'sections/01_author/02_later.sql',
    ]);
    expect(sections[1]?.parts).toEqual([]);
  });

  it('names a folder that goes on with no section, and a part that controls the transaction', async () => {
    const message = await messageOf({
      'sections/01_autor/01_first.sql': section,
      'sections/01_author/01_first.sql': `${section} commit;`,
    });
    expect(message).toContain('sections/01_autor/: belongs to no section. Add sections/01_autor.sql');
    expect(message).toContain('sections/01_author/01_first.sql:2: "commit" is not for a bundle\'s files');
  });

  it('names the line of a condition that asks for a fact that is none, and which may be meant', async () => {
    const told = (when: string) =>
      messageOf({ 'bundle.yml': (text) => text.replace('said.author is null', when) });
    expect(await told('said.autor is null')).toContain(
      'bundle.yml:12: preserve.0.quarantine.0.when: notes has no fact autor. said.author may be meant.',
    );
    const named = (by: string) =>
      messageOf({ 'bundle.yml': (text) => text.replace('    facts:\n', `    by: [${by}]\n    facts:\n`) });
    expect(await named('autor')).toContain('preserve.0.by: notes has no fact autor. author may be meant.');
    expect(await named('number')).toContain(
      'notes has no fact number. Its facts are id, author, text; name one of them, or give it a fact of that name.',
    );
    expect(await told('said.Writer is null')).toContain(
      'notes has no fact writer. Its facts are id, author, text; its columns have their own names, without said.',
    );
  });

  it('says of which table there are more facts or reasons than it can tell apart', async () => {
    const repeat = (count: number, one: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => one(index)).join('');
    const kinds = (...reasons: number[]) =>
      messageOf({
        'bundle.yml': (text) =>
          text.replace(/^preserve:\n([\s\S]*?)(?=^access:)/m, (_, kind: string) =>
            reasons
              .map((count, at) =>
                kind
                  .replace('name: notes', `name: notes ${at}`)
                  .replace(/^ +- \{ reason.*\n/m, (line) =>
                    repeat(count, (index) => line.replace('nobody', `${index} nobody`)),
                  ),
              )
              .reduce((all, one) => all + one, 'preserve:\n'),
          ),
      });
    expect(await kinds(15, 15, 1)).toBe('the bundle was loaded');
    expect(await kinds(15, 15, 2)).toMatch(
      /preserve\.2\.quarantine: public\.notes has 32 reasons for quarantine, and there may be 31\. Join/,
    );
    const facts = (text: string) =>
      text.replace(
        /^( +)text: /m,
        (line, indent: string) =>
          `${repeat(29, (index) => `${indent}f${index}: { columns: [f${index}] }\n`)}${line}`,
      );
    expect(await messageOf({ 'bundle.yml': facts })).toMatch(
      /preserve\.0\.facts: public\.notes has 32 facts, and there may be 31\. Name only/,
    );
  });

  it('takes what only looks like a fact', async () => {
    const when =
      "said.author is null and writer <> 'said.nobody' and not exists (select from t as said where said.x = writer)";
    await expect(
      loadNotes({ 'bundle.yml': (text) => text.replace('said.author is null', JSON.stringify(when)) }),
    ).resolves.toBeDefined();
  });

  it('reads files with Windows line ends and a byte order mark', async () => {
    const { checks } = await loadNotes({
      'checks/01_author.sql': `\uFEFF${check.replace('\n', '\r\n')}\r\n`,
    });
    expect(checks[0]).toMatchObject({ title: 'A check', file: { text: '--! Title: A check\nselect 1\n' } });
  });

  it('refuses a folder that is not there', async () => {
    await expect(loadBundle('/nowhere/at/all', '/nowhere')).rejects.toThrow(
      'bundle: there is no folder /nowhere/at/all. Give the folder that holds bundle.yml.',
    );
  });

  it('says all that an empty folder lacks', async () => {
    await withFolder(async (folder) => {
      await expect(loadBundle(folder, folder)).rejects.toThrow(
        [
          `bundle ${folder}: 3 things are wrong.`,
          '  bundle.yml: not found. Every bundle has one; see sql/README.md for its keys.',
          '  sections/: holds no section. A fix has one at least.',
          '  checks/: holds no check. Without one nothing could be proven.',
        ].join('\n'),
      );
    });
  });

  it('lists three mistakes of the manifest at once, each with its line, its key and what may be meant', async () => {
    const message = await messageOf({
      'bundle.yml':
        'title: Notes\ntables: [notes]\nplatfrom: app\nactors:\n  ann: { claims: { sub: ann } }\n',
    });
    expect(message).toContain('3 things are wrong.');
    expect(message).toContain(
      'bundle.yml:2: tables.0: is not a table name written schema.name, or schema."Odd Name", as the catalog has it.',
    );
    expect(message).toContain('bundle.yml:3: the file: unknown key "platfrom". platform may be meant.');
    expect(message).toContain('bundle.yml:5: actors.ann.role: missing. Add it.');
  });

  it.each([
    ['an empty manifest', '', 'bundle.yml: title: missing. Add it.'],
    ['a list', '- title', 'bundle.yml: the file: '],
    [
      'aliases that would fill the memory',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join()}]\n`).join('')}`,
      'bundle.yml: is not YAML that can be read: Excessive alias count',
    ],
    ['what is not YAML', 'title: a\ntables: [public.notes\n', 'bundle.yml: is not YAML: '],
    ...[
      ['search_path: public', 'is not a setting of an application'],
      ['request.jwt.claims: x', 'is one that the engine makes itself'],
      ['actor.ann: x', 'is one that the engine makes itself'],
    ].map(([session, says]): [string, string, string] => [
      `a setting of an actor's like ${session}`,
      `title: a\ntables: [public.notes]\nactors: { ann: { role: a, session: { ${session} } } }\n`,
      `: ${says}`,
    ]),
    ['an empty list of tables', 'title: a\ntables: []\n', 'bundle.yml: tables: is empty. Give one at least.'],
    [
      'a setting whose default is of another type',
      'title: a\ntables: [public.notes]\nsettings: { limit: { type: integer, default: many, description: a } }\n',
      'bundle.yml: settings.limit.default: is to be a number, and is text.',
    ],
    [
      'a setting of an unknown type',
      'title: a\ntables: [public.notes]\nsettings: { limit: { type: money, default: 1, description: a } }\n',
      'bundle.yml: settings.limit.type: is none of text, integer, boolean, list.',
    ],
    [
      'a setting that nobody can understand',
      'title: a\ntables: [public.notes]\nsettings: { limit: { type: integer, default: 1 } }\n',
      'bundle.yml: settings.limit.description: missing. Add it.',
    ],
    ...['normalise', 'compared_as', 'gap', 'fill'].map((key): [string, string, string] => [
      `a hidden end of the transaction in ${key}`,
      `title: a\ntables: [public.notes]\npreserve: [{ name: notes, from: [public.notes], to: [public.notes], facts: { text: { columns: [body], ${key}: "x); commit; --" } } }]\n`,
      `bundle.yml: preserve.0.facts.text.${key}: is not one expression or query`,
    ]),
    [
      'people who end the sessions of others',
      'title: a\ntables: [public.notes]\naccess: { people: select pg_terminate_backend(pid) from pg_stat_activity }\n',
      'bundle.yml: access.people: pg_terminate_backend acts on the sessions of others at once',
    ],
    [
      'a claim that moves a sequence',
      'title: a\ntables: [public.notes]\nclaims: select setval(1, 1)\n',
      'bundle.yml: claims: setval stays when it is rolled back',
    ],
    [
      'an actor called deployer',
      'title: a\ntables: [public.notes]\nactors: { deployer: { role: app_user } }\n',
      'bundle.yml: actors: cannot hold "deployer"',
    ],
    [
      'the name of an actor in capitals',
      'title: a\ntables: [public.notes]\nactors: { Ann: { role: app_user } }\n',
      'bundle.yml: actors.Ann: is not a name: lower case letters, digits and _.',
    ],
    [
      'two kinds of one name to preserve',
      `title: a\ntables: [public.notes]\npreserve:\n${'  - { name: notes, from: [public.a], to: [public.a], facts: { id: { columns: [id] } } }\n'.repeat(2)}`,
      'bundle.yml: preserve: gives one name to two kinds of row; each has a name of its own.',
    ],
  ])('refuses %s', async (_what, manifest, message) => {
    const said = await messageOf({ 'bundle.yml': manifest });
    // The line stands in a test of its own.
    expect(said.replace(/^ {2}bundle\.yml:\d+:/gm, '  bundle.yml:')).toContain(message);
  });

  const mistakes: [string, Changes, string][] = [
    [
      'two sections of one number',
      { 'sections/02_more.sql': section },
      'sections/02_policies.sql: number 02 is taken by sections/02_more.sql. Give it a number of its own.',
    ],
    [
      'a section that needs a missing one',
      { 'sections/02_policies.sql': `--! Needs: 7\n${section}` },
      'sections/02_policies.sql: needs section 7, which is not there.',
    ],
    [
      'a section that needs itself',
      { 'sections/02_policies.sql': `--! Needs: 02\n${section}` },
      'sections/02_policies.sql: needs itself. Take 2 out of "Needs".',
    ],
    [
      'a section that needs a later one',
      { 'sections/01_author.sql': `--! Needs: 2\n${section}` },
      'sections/01_author.sql: needs section 2, which runs after it. Give it a lower number.',
    ],
    [
      'a need that is no number',
      { 'sections/02_policies.sql': `--! Needs: 1, author\n${section}` },
      'sections/02_policies.sql:1: "author" is not the number of a section.',
    ],
    [
      'an unknown header',
      { 'checks/01_author.sql': `${check}\n--! Titel: Author` },
      'checks/01_author.sql:3: unknown header "Titel". Known here: Title.',
    ],
    [
      'a header that is given twice',
      { 'checks/01_author.sql': `--! Title: One\n${check}` },
      'checks/01_author.sql:2: header "Title" is given twice. Keep one.',
    ],
    [
      'a header without a value',
      { 'sections/01_author.sql': `${section}\n--! Needs:` },
      'sections/01_author.sql:3: a header is written "--! Key: value"; this is "--! Needs:".',
    ],
    [
      'a file without a title',
      { 'checks/01_author.sql': 'select 1' },
      'checks/01_author.sql: has no title. Begin the file with "--! Title: …".',
    ],
    [
      'a misnamed file',
      { 'checks/author.sql': check },
      'checks/author.sql: a file here is named NN_what_it_is.sql, two digits first, or three. Rename it.',
    ],
    [
      'an ending in capitals, which would go unseen',
      { 'checks/03_more.SQL': check },
      'checks/03_more.SQL: a file here is named NN_what_it_is.sql',
    ],
    [
      'transaction control',
      { 'sections/02_policies.sql': `${section}\n\ncommit;` },
      'sections/02_policies.sql:4: "commit" is not for a bundle\'s files. Take it out: the engine opens and closes transactions.',
    ],
    [
      'transaction control in the setup of the scenarios',
      { 'scenarios/setup.sql': 'select 1;\nrollback;' },
      'scenarios/setup.sql:2: "rollback" is not for a bundle\'s files.',
    ],
    [
      'a command of psql',
      { 'sections/02_policies.sql': `${section}\n\\i other.sql` },
      'sections/02_policies.sql:3: "\\i other.sql" is a command of psql. Write plain SQL.',
    ],
    [
      'a command of psql behind white space, and behind a text that has a line of such a look',
      { 'sections/02_policies.sql': `${section}\nselect $$\n\\i quoted.sql\n$$;\n  \\gset` },
      'sections/02_policies.sql:6: "\\gset" is a command of psql. Write plain SQL.',
    ],
    [
      'rows that a client would send',
      { 'sections/02_policies.sql': `${section}\n\ncopy public.notes /* all */ from\nstdin;` },
      'sections/02_policies.sql:4: this is a copy from or to the client: nobody sends or takes its rows here. Write `insert into … values`.',
    ],
    [
      'rows that a client would take',
      { 'checks/01_author.sql': `${check}\n;copy (select 1) to stdout` },
      'this is a copy from or to the client',
    ],
    [
      'a client that waits for others',
      { 'sections/02_policies.sql': `${section}\nlisten changes;` },
      'sections/02_policies.sql:3: this is for clients that stay connected: nobody listens here. Take it out.',
    ],
    [
      'a section that changes its role',
      { 'sections/02_policies.sql': `${section}\nset local role app_user;` },
      'sections/02_policies.sql:3: only a state may change its role. Take it out: the engine decides who runs this file.',
    ],
    [
      'a scenario without a step',
      { 'scenarios/01_own_notes.sql': scenario() },
      'scenarios/01_own_notes.sql: has no step.',
    ],
    [
      'an unknown actor',
      { 'scenarios/01_own_notes.sql': scenario('--! Step: one', '--! As: zoe', '--! Expect: rows 1') },
      'scenarios/01_own_notes.sql:2: step "one": unknown actor "zoe". Add it to actors in bundle.yml, or use one of deployer, ann, ben.',
    ],
    [
      'a step without an actor',
      { 'scenarios/01_own_notes.sql': scenario('--! Step: one', '--! Expect: rows 1') },
      'scenarios/01_own_notes.sql:2: step "one" has no actor. Add "--! As: …".',
    ],
    [
      'a step that expects nothing',
      { 'scenarios/01_own_notes.sql': scenario('--! Step: one', '--! As: ann') },
      'scenarios/01_own_notes.sql:2: step "one": "Expect: " is none of rows N, affected N, value TEXT, error SQLSTATE [TEXT], refused.',
    ],
    [
      'a step without SQL',
      {
        'scenarios/01_own_notes.sql':
          '--! Title: A\n--! Step: one\n--! As: ann\n--! Expect: rows 1\n-- nothing\n',
      },
      'scenarios/01_own_notes.sql:2: step "one" has no SQL. Write what the actor does.',
    ],
    [
      'a name that cannot be kept',
      {
        'scenarios/01_own_notes.sql': scenario(
          '--! Step: one',
          '--! As: ann',
          '--! Expect: rows 1',
          '--! Keep: The Note',
        ),
      },
      'step "one": "The Note" is not a name to keep a value under',
    ],
    [
      'a state with an unknown expectation',
      { 'states/01_writer.sql': '--! Title: A\n--! Expect: refuse 42\nselect 1;' },
      'states/01_writer.sql:2: "Expect: refuse 42" is neither pass nor refuse SQLSTATE.',
    ],
    [
      'a state that sets what is not declared',
      { 'states/01_writer.sql': '--! Title: A\n--! Set: limit=4\nselect 1;' },
      'states/01_writer.sql: Set: there is no setting "limit" in this bundle. It has none.',
    ],
    [
      'a state that sets nothing',
      { 'states/01_writer.sql': '--! Title: A\n--! Set: limit\nselect 1;' },
      'states/01_writer.sql:2: "Set: limit" is not NAME=VALUE.',
    ],
    [
      'a state with a quarantine that is no number',
      { 'states/01_writer.sql': '--! Title: A\n--! Quarantine: some\nselect 1;' },
      'states/01_writer.sql:2: "Quarantine: some" is not a number of rows.',
    ],
    [
      'a folder that is called nearly as one that is read',
      { 'acces/01_rule.sql': check },
      'acces/: is read by nothing; access/ may be meant. Rename it, or take it away.',
    ],
    [
      'a platform that is not there',
      { 'states/01_writer.sql': '--! Title: A\n--! Platform: heroku\nselect 1;' },
      'platforms/heroku.sql: not found. Name a platform that exists (app, supabase, supabase_explicit_grants), or leave it out for plain Postgres.',
    ],
    [
      'platforms that need each other',
      {
        'platforms/app.sql': '--! Title: A\n--! Needs: base\nselect 1;',
        'platforms/base.sql': '--! Title: B\n--! Needs: app\nselect 1;',
      },
      'platforms/app.sql: needs itself, through app, base. Break the circle.',
    ],
  ];
  it('refuses a title of several lines, or with control characters, which a log would run', async () => {
    for (const title of ['"Notes\\n::error::done"', '"Notes \\e[31m"'])
      expect(
        await messageOf({ 'bundle.yml': (text) => text.replace(/^title: .*$/m, `title: ${title}`) }),
      ).toContain('bundle.yml:2: title: is not one line of text without control characters');
  });

  it.each(mistakes)('refuses %s', async (_what, changes, message) => {
    const text = await messageOf(changes);
    expect(text).toContain('one thing is wrong.');
    expect(text).toContain(message);
  });

  it('says what is wrong in several files at once', async () => {
    const message = await messageOf({
      'sections/02_policies.sql': `--! Needs: 7\n${section}`,
      'checks/01_author.sql': 'select 1',
      'states/01_writer.sql': '--! Title: A\n--! Quarantine: some\nselect 1;',
    });
    expect(message).toContain('3 things are wrong.');
  });
});
