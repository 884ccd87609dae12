/** The reports that the golden files show: what a reader meets in practice. */
import type { Criterion, LeftOutKind, LoadingResult, Report } from '../../src/model.js';
import { judgeCriteria } from '../../src/report/judge-criteria.js';
import { mergeReports } from '../../src/report/merge-reports.js';
import { aReport } from './build-report.js';
import {
  buildAccess,
  buildAssertion,
  buildChanges,
  buildCheckResult,
  buildChecks,
  buildPreservation,
  buildProblem,
  buildRefusedSubject,
  buildRollback,
  buildScenario,
  buildScenarios,
  buildStep,
  buildStoppedSubject,
  buildSubject,
  failingCheck,
  skipped,
} from './build-results.js';

const states = [
  ['01_empty_database', 'An empty database'],
  ['02_messages_keyed_to_rooms', 'The first generation: messages keyed to rooms, chat_rooms never made'],
  [
    '03_rooms_and_chat_rooms_overlap',
    'Half migrated: rooms in rooms, in chat_rooms, and in both with the same ids',
  ],
  ['04_recursive_policies', 'Policies that read their own table: every request answers 42P17'],
  [
    '05_duplicate_groups_with_messages',
    'The same group two and three times, messages and members on every side',
  ],
  ['06_orphans_of_each_kind', 'Orphans of each kind: no room, no room id, no sender, no user'],
  ['07_repeated_and_null_ids', 'No primary key: message ids repeated and null, identical rows among them'],
  [
    '08_columns_under_other_names',
    'Sender, text and members under other column names, with a view over them',
  ],
  ['09_fix_already_in_place', 'Everything already right, under names of its own, and in use'],
  [
    '10_historical_script_left_behind',
    'What the script of 14 October 2025 leaves behind: green checks, open doors',
  ],
  ['11_direct_conversations_twice', "The same pair's direct conversation twice, three people in one"],
] as const;

function passingSubjects() {
  const passing = states.map(([name, title], index) =>
    buildSubject({
      name,
      title,
      milliseconds: 420 + index * 37,
      ...(name.startsWith('09')
        ? { checks: buildChecks().map((check) => ({ ...check, before: check.after })) }
        : {}),
    }),
  );
  return [...passing, buildRefusedSubject()];
}

const criteria: readonly Criterion[] = [
  { title: 'Every verification query passes', evidence: [{ kind: 'checks' }] },
  { title: 'Changes arrive in real time', evidence: [{ kind: 'command', command: 'npm run realtime' }] },
];

/** As long as the sentences of a real one. */
export function allPass(): Report {
  const subjects = passingSubjects().map((subject) => ({
    ...subject,
    ...(subject.refusal.outcome === 'skipped' ? { rollback: buildRollback() } : {}),
    ...(subject.name.startsWith('04')
      ? { access: buildAccess({ readAsBefore: 0, readAgain: 2, gainedAsDeclared: 2, lostAsDeclared: 11 }) }
      : {}),
  }));
  const report = aReport({ subjects });
  return { ...report, criteria: judgeCriteria(criteria, report.subjects) };
}

export function oneFailedCheck(): Report {
  const wrong = failingCheck(
    { actual: 'references public.rooms, not validated' },
    {
      object: 'public.chat_messages.room_id',
      expected: 'one foreign key',
      actual: 'two foreign keys: chat_messages_room_id_fkey, messages_room_fk',
    },
  );
  const subjects = passingSubjects().map((subject) =>
    subject.name.startsWith('02') || subject.name.startsWith('06')
      ? { ...subject, outcome: 'fail' as const, checks: buildChecks({ 1: { after: wrong } }) }
      : subject,
  );
  return aReport({ subjects });
}

/** A section that fails wherever it is run, and where the file with it is in the repository. */
export function sqlError(): Report {
  const subjects = states.map(([name, title]) => buildStoppedSubject(buildProblem(), { name, title }));
  return aReport({ subjects, milliseconds: 2_310 });
}

/** The fix asks first, and so has changed nothing. */
export function refused(
  message = '2 to be decided first: policy m on public.chat_messages looks at public.chat_participants; the tables of members that the fix knows are empty (public.chat_messages.m); no policy lets signed-in users insert into public.chat_messages (public.chat_messages.insert)',
): Report {
  const problem = buildProblem({
    path: 'sections/01_tables/00_decisions.sql',
    line: 26,
    column: null,
    snippet:
      "raise exception '% to be decided first: %', cardinality(decisions), array_to_string(decisions, '; ')",
    sqlstate: '0A000',
    message,
    hint: 'Acknowledge each by the name in brackets, with --set acknowledge=NAME, if it may go; then run the fix again.',
    advice: null,
  });
  const subject = buildStoppedSubject(problem, { name: 'before', title: 'The schema of supabase' });
  const apply = subject.apply.outcome === 'skipped' ? subject.apply : { ...subject.apply, isRefusal: true };
  return aReport({ subjects: [{ ...subject, apply }], milliseconds: 2_310 });
}

/** The same for so many reasons, each so long. */
export function refusedFor(reasons: number, length = 150): Report {
  const decisions = Array.from(
    { length: reasons },
    (_, index) => `policy ${'asks more '.repeat(length / 10)}(public.notes.rule${index + 1})`,
  );
  return refused(`${reasons} to be decided first: ${decisions.join('; ')}`);
}

/** One check that finds something else on each database, and much of it. */
export function failedInManyWays(): Report {
  const subjects = states.map(([name, title], index) => {
    const wrong = Array.from({ length: 12 }, (_, row) => ({
      object: `public.table_${index}_${row}`,
      actual: `references public.rooms_of_${name}, not validated`,
    }));
    const checks = buildChecks({ 1: { after: failingCheck(...wrong) } });
    return buildSubject({ name, title, outcome: 'fail', checks });
  });
  return aReport({ subjects });
}

/** A policy that lets strangers in: the checks are as green as ever. */
export function openedDoor(): Report {
  const difference = {
    outcome: 'gained',
    isDeclared: false,
    table: 'public.chat_messages',
    verb: 'read',
    people: 3,
    rows: 1_028,
    person: 'a stranger',
    row: 'id 41',
    policies: ['messages_select_members', 'messages_select_all'],
    reason: 'access/03_messages.sql says that they must not',
  } as const;
  const subjects = passingSubjects().map((subject) =>
    subject.name.startsWith('04') || subject.name.startsWith('10')
      ? {
          ...subject,
          outcome: 'fail' as const,
          access: buildAccess({ outcome: 'fail', gained: 3, readAsBefore: 8, differences: [difference] }),
        }
      : subject,
  );
  const culprit = {
    proof: 'access' as const,
    table: 'public.chat_messages',
    policy: 'messages_select_members',
    path: 'sections/08_create_policies.sql',
    line: 17,
  };
  return { ...aReport({ subjects }), culprits: [culprit] };
}

/** A message that nobody declared to be put aside. */
export function lostRow(): Report {
  const lostRows = [
    {
      table: 'public.chat_messages',
      facts: 'sender 0a1b, text “see you at eight”, sent 2025-10-14 09:30:00+00',
      word: 'gone' as const,
      columns: [],
    },
  ];
  const { kinds, ...others } = buildPreservation();
  const preservation = buildPreservation({
    ...others,
    outcome: 'fail',
    kinds: kinds.map((kind) =>
      kind.name === 'messages' ? { ...kind, outcome: 'fail', inPlace: 1027, lost: 1, lostRows } : kind,
    ),
  });
  const subjects = passingSubjects().map((subject) =>
    subject.name.startsWith('05') ? { ...subject, outcome: 'fail' as const, preservation } : subject,
  );
  const culprit = {
    proof: 'rows' as const,
    table: 'public.chat_messages',
    policy: null,
    path: 'sections/11_data_cleanup.sql',
    line: 30,
  };
  return { ...aReport({ subjects }), culprits: [culprit] };
}

/** A deployment whose proofs did not all pass. */
export function notDeployed(): Report {
  return aReport({
    command: 'deploy',
    backup: { kind: 'confirmed', note: 'the snapshot of 2 a.m.', taken: null },
    subjects: [
      buildSubject({
        kind: 'target',
        committed: 'no',
        changes: buildChanges(),
        outcome: 'fail',
        scenarios: skipped(
          'not run on this database, because what they set going could not be undone: public.tell calls net.http_post',
        ),
        checks: buildChecks({
          7: {
            after: failingCheck({
              object: 'public.chat_rooms',
              expected: 'no group twice',
              actual: '1 group twice',
            }),
          },
        }),
        name: 'chat_staging',
        title: 'db.example.org:5432/chat_staging',
        milliseconds: 3_900,
      }),
    ],
    plan: { subjects: 1, checks: 8, scenarios: 0 },
    postgres: { version: '15.8', source: 'target' },
  });
}

/** One of four jobs of a matrix was lost; the others passed. */
export function missingShard(): Report {
  const all = passingSubjects();
  const dealt = { states: all.map(({ name }) => name), subjects: 12, checks: 88, scenarios: 22 };
  const shard = (index: number) =>
    aReport({
      subjects: all.filter((_, place) => place % 4 === index - 1),
      shard: { index, count: 4, dealt },
    });
  const reports = [1, 2, 4].map((index) => ({ path: `shard-${index}.json`, report: shard(index) }));
  return mergeReports({ reports, expectedReports: 4, unmatched: [] });
}

/** The same, tried and rolled back. */
export function planned(): Report {
  const report = deployed();
  const subjects = report.subjects.map((subject) => ({ ...subject, committed: 'no' as const }));
  return { ...report, command: 'plan', subjects, backup: undefined };
}

/** A deployment to somebody's database. */
export function deployed(): Report {
  return aReport({
    command: 'deploy',
    backup: {
      kind: 'copy',
      note: null,
      taken: {
        file: 'staging.backup',
        bytes: 482_113,
        digest: '5f0e'.repeat(16),
        isEncrypted: true,
        tables: 6,
        rows: 1_340,
        objects: 214,
        restoredOn: '15.18',
        missing: ['that the role app is a member of reader: roles belong to the whole server'],
        untried: [],
        milliseconds: 2_100,
      },
    },
    subjects: [
      buildSubject({
        kind: 'target',
        committed: 'yes',
        changes: buildChanges(),
        scenarios: skipped(
          'not run on this database, because what they set going could not be undone: public.tell calls net.http_post',
        ),
        name: 'chat_staging',
        title: 'db.example.org:5432/chat_staging',
        milliseconds: 3_900,
      }),
    ],
    plan: { subjects: 1, checks: 8, scenarios: 0 },
    postgres: { version: '15.8', source: 'target' },
  });
}

/** Text that tries to break out of the comment, in every place that a database can put it. */
export const hostileText =
  '@everyone </details> <!-- schema-fix-action --> | `code` ``` \n# heading\u202E\u200B #123 ![x](https://evil.example/p.png) ::error::x ##[error]y';

/** Sixty states, each failing in its own way, told at length. */
export function tooLong(): Report {
  const emoji = '👩‍🚀'.repeat(2500);
  const subjects = Array.from({ length: 60 }, (_, index) => {
    const name = `${String(index + 1).padStart(2, '0')}_generated_state`;
    const assertions = Array.from({ length: 40 }, (_, row) =>
      buildAssertion({
        outcome: 'fail',
        object: `public.table_${index}_${row}`,
        expected: row === 0 ? hostileText : 'row level security on',
        actual: row === 1 ? emoji : `off, ${row} policies`,
      }),
    );
    const lost = Array.from({ length: 20 }, (_, row) => ({
      table: 'public.chat_messages',
      facts: `sender ${index}, text “${hostileText}”, row ${row}`,
      word: 'gone' as const,
      columns: [],
    }));
    const preservation = buildPreservation();
    return buildSubject({
      name,
      title: index === 0 ? hostileText : `Generated database ${index + 1}`,
      outcome: 'fail',
      checks: buildChecks({
        3: { after: buildCheckResult({ outcome: 'fail', assertions }) },
        4: { after: failingCheck({ object: `public.table_${index}`, actual: hostileText }) },
      }),
      scenarios: buildScenarios({
        outcome: 'fail',
        scenarios: [
          buildScenario({
            outcome: 'fail',
            steps: [buildStep({ outcome: 'fail', actual: `no row in state ${index}`, title: hostileText })],
          }),
        ],
      }),
      preservation: buildPreservation({
        outcome: 'fail',
        kinds: preservation.kinds.map((kind) =>
          kind.name === 'messages'
            ? { ...kind, outcome: 'fail', inPlace: 928, lost: 100, lostRows: lost }
            : kind,
        ),
      }),
    });
  });
  return aReport({ subjects, milliseconds: 95_000 });
}

/** What somebody brought was loaded, and some of it only the host could run. */
export function leftOut(): Report {
  const left = (
    line: number,
    kind: LeftOutKind,
    statement: string,
    reason: string,
    meets: string | null = null,
  ) => ({
    path: 'supabase/schema.sql',
    line,
    kind,
    statement,
    reason,
    meets,
  });
  const loading: LoadingResult = {
    outcome: 'pass',
    statements: 815,
    loaded: 812,
    rows: 12_408,
    leftOut: [
      left(
        17,
        'extension',
        'CREATE EXTENSION IF NOT EXISTS "pg_graphql"',
        'extension "pg_graphql" is not available',
      ),
      left(
        102,
        'event trigger',
        'CREATE EVENT TRIGGER rls ON ddl_command_end …',
        'permission denied to create event trigger',
        'it would fire on what the fix does',
      ),
      left(340, 'host', 'insert storage.buckets', 'column "@owner" of relation `buckets` does not exist'),
    ],
    added: ['2 accounts in auth.users, which rows are keyed to and no file holds'],
  };
  return aReport({
    subjects: [buildSubject({ name: 'before', title: 'The schema of supabase/schema.sql', loading })],
  });
}
