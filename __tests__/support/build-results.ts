/** Builders of what stages find out: a state on which all is well, and overrides for what is not. */
import type {
  AccessResult,
  ApplyResult,
  Assertion,
  ChangesResult,
  CheckComparison,
  CheckResult,
  ComparisonResult,
  PreservationResult,
  RerunResult,
  RollbackResult,
  ScenarioResult,
  ScenariosResult,
  Skipped,
  SqlProblem,
  StepResult,
  SubjectResult,
  TriedRollback,
} from '../../src/model.js';

export const skipped = (reason = 'the fix was not applied'): Skipped => ({ outcome: 'skipped', reason });

/** Title, file, and what it looks at: object, expectation, what a broken database has instead. */
const checkSubjects = [
  [
    'Foreign Key',
    'foreign_key',
    'public.chat_messages.room_id',
    'references public.chat_rooms',
    'references public.rooms',
  ],
  ['Primary Key', 'primary_key', 'public.chat_messages', 'primary key (id)', 'no primary key'],
  ['RLS Enabled', 'rls_enabled', 'public.chat_messages', 'row level security on', 'off'],
  ['Policy Count', 'policy_count', 'public.chat_rooms', '2 policies', '1 policy'],
  [
    'Unique Constraint',
    'unique_constraint',
    'public.idx_chat_rooms_unique_group',
    'unique, valid',
    'missing',
  ],
  [
    'Helper Functions',
    'helper_functions',
    'public.user_is_in_room(uuid)',
    'boolean, security definer',
    'missing',
  ],
  ['Duplicate Groups', 'duplicate_groups', 'public.chat_rooms', 'no group twice', '3 groups twice'],
  ['Summary Statistics', 'summary_statistics', 'public.chat_messages', '1,028 rows', 'no rows counted'],
] as const;

const sectionTitles = [
  'Tables',
  'Foreign and primary keys',
  'Indexes',
  'Duplicate prevention',
  'Helper functions',
  'Row level security',
  'Drop old policies',
  'Create policies',
  'Application functions',
  'Grants',
  'Data clean-up',
  'Verification',
];

export function buildAssertion(overrides: Partial<Assertion> = {}): Assertion {
  return {
    object: 'public.chat_messages.chat_messages_room_id_fkey',
    expected: 'references public.chat_rooms on delete cascade, validated',
    actual: 'references public.chat_rooms on delete cascade, validated',
    outcome: 'pass',
    ...overrides,
  };
}

export function buildCheckResult(overrides: Partial<CheckResult> = {}): CheckResult {
  return { outcome: 'pass', assertions: [buildAssertion()], reason: null, problem: null, ...overrides };
}

export const failingCheck = (...assertions: Partial<Assertion>[]): CheckResult =>
  buildCheckResult({
    outcome: 'fail',
    assertions: (assertions.length > 0 ? assertions : [{ actual: 'references public.rooms' }]).map(
      (overrides) => buildAssertion({ outcome: 'fail', ...overrides }),
    ),
  });

/** The eight checks of the chat fix; all of them failed before it. */
export function buildChecks(
  overrides: Readonly<Record<number, Partial<CheckComparison>>> = {},
): CheckComparison[] {
  return checkSubjects.map(([title, name, object, expected, actual], index) => ({
    number: index + 1,
    title,
    path: `checks/0${index + 1}_${name}.sql`,
    before: failingCheck({ object, expected, actual }),
    after: buildCheckResult({ assertions: [buildAssertion({ object, expected, actual: expected })] }),
    ...overrides[index + 1],
  }));
}

export const skippedChecks = (reason?: string): CheckComparison[] =>
  buildChecks().map((check) => ({ ...check, after: skipped(reason) }));

export function buildProblem(overrides: Partial<SqlProblem> = {}): SqlProblem {
  return {
    path: 'sections/08_create_policies.sql',
    line: 41,
    column: 12,
    snippet: '    using (public.user_is_in_rom(room_id));\n           ^',
    sqlstate: '42883',
    message: 'function public.user_is_in_rom(uuid) does not exist',
    detail: null,
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
    advice:
      'No function has this name and these argument types. Name it with its schema, cast the arguments, and make sure that an earlier section creates it.',
    ...overrides,
  };
}

export function buildApply(overrides: Partial<ApplyResult> = {}): ApplyResult {
  return {
    outcome: 'pass',
    attempts: 1,
    sections: sectionTitles.map((title, index) => ({
      number: index + 1,
      title,
      outcome: 'pass',
      milliseconds: 3 + index * 4,
      notices: index === 0 ? ['moved 96 rooms from public.rooms to public.chat_rooms'] : [],
    })),
    locks: [
      { section: 1, relation: 'public.chat_messages', mode: 'AccessExclusiveLock', milliseconds: 118 },
      { section: 3, relation: 'public.chat_rooms', mode: 'ShareLock', milliseconds: 64 },
    ],
    problem: null,
    milliseconds: 312,
    ...overrides,
  };
}

export function buildStep(overrides: Partial<StepResult> = {}): StepResult {
  return {
    title: 'alice creates a group with bob in it',
    actor: 'alice',
    line: 6,
    outcome: 'pass',
    expected: '1 row',
    actual: '1 row',
    httpStatus: null,
    problem: null,
    ...overrides,
  };
}

export function buildScenario(overrides: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    number: 1,
    title: 'A member creates a group and everybody added sees it',
    path: 'scenarios/01_create_a_group.sql',
    outcome: 'pass',
    steps: [
      buildStep(),
      buildStep({ title: 'bob, who was added, sees it', actor: 'bob', line: 18 }),
      buildStep({
        title: 'dave, who was not added, cannot send into it',
        actor: 'dave',
        line: 27,
        expected: 'refused',
        actual: 'SQLSTATE 42501',
        httpStatus: 403,
      }),
    ],
    reason: null,
    ...overrides,
  };
}

export function buildScenarios(overrides: Partial<ScenariosResult> = {}): ScenariosResult {
  return {
    outcome: 'pass',
    scenarios: [
      buildScenario(),
      buildScenario({
        number: 2,
        title: 'A second group of the same name is refused, by its own words',
        path: 'scenarios/02_no_second_group.sql',
      }),
    ],
    ...overrides,
  };
}

export function buildPreservation(overrides: Partial<PreservationResult> = {}): PreservationResult {
  const kind = (name: string, inPlace: number, moved: number, quarantined: number) => ({
    name,
    outcome: 'pass' as const,
    before: inPlace + moved + quarantined,
    inPlace,
    moved,
    merged: 0,
    quarantined,
    lost: 0,
    lostRows: [],
    appeared: 0,
    excused: [],
  });
  return {
    outcome: 'pass',
    comparison: buildComparison(),
    kinds: [kind('messages', 1028, 0, 6), kind('rooms', 12, 8, 0), kind('memberships', 41, 0, 0)],
    quarantine: { expected: 6, actual: 6, reasons: [{ reason: 'its room does not exist', rows: 6 }] },
    reason: null,
    ...overrides,
  };
}

export function buildAccess(overrides: Partial<AccessResult> = {}): AccessResult {
  return {
    outcome: 'pass',
    people: 11,
    tables: 4,
    rows: 1081,
    verbs: ['read', 'change', 'delete', 'add'],
    readAsBefore: 11,
    readAgain: 0,
    gained: 0,
    lost: 0,
    gainedAsDeclared: 0,
    lostAsDeclared: 0,
    differences: [],
    reach: [
      {
        table: 'public.chat_messages',
        who: 'in the data',
        role: 'authenticated',
        people: 8,
        before: { read: null, change: 0, delete: 0, add: 0 },
        after: { read: 24, change: 8, delete: 8, add: 8 },
      },
      {
        table: 'public.chat_messages',
        who: 'stranger',
        role: 'authenticated',
        people: 1,
        before: { read: 3, change: 3, delete: 0, add: 0 },
        after: { read: 0, change: 0, delete: 0, add: 0 },
      },
    ],
    seen: [],
    unseen: [],
    reasons: [],
    ...overrides,
  };
}

export function buildComparison(overrides: Partial<ComparisonResult> = {}): ComparisonResult {
  return {
    outcome: 'pass',
    planned: 31,
    compared: 31,
    unwritten: 25,
    rows: 1095,
    differing: 0,
    keys: [],
    declared: [],
    differences: [],
    seen: ['public.chat_messages', 'messages.sender.sender'],
    ...overrides,
  };
}

export function buildRerun(overrides: Partial<RerunResult> = {}): RerunResult {
  return {
    outcome: 'pass',
    changedObjects: [],
    changedTables: [],
    rowsWritten: 0,
    problem: null,
    ...overrides,
  };
}

export function buildChanges(overrides: Partial<ChangesResult> = {}): ChangesResult {
  return {
    outcome: 'pass',
    changes: [
      {
        object: 'constraint chat_messages_room_id_fkey on public.chat_messages',
        before: 'FOREIGN KEY (room_id) REFERENCES public.rooms(id) validated true',
        after: 'FOREIGN KEY (room_id) REFERENCES public.chat_rooms(id) validated true',
      },
      {
        object: 'function public.user_is_in_room(p_room uuid)',
        before: null,
        after:
          'owner postgres CREATE OR REPLACE FUNCTION public.user_is_in_room(p_room uuid)\n RETURNS boolean\n LANGUAGE sql',
      },
      {
        object: 'policy everybody on public.chat_messages',
        before: 'command r to {public} using true',
        after: null,
      },
    ],
    unplanned: [],
    ...overrides,
  };
}

export function buildTriedRollback(overrides: Partial<TriedRollback> = {}): TriedRollback {
  return {
    refused: [],
    chosen: [],
    kept: [],
    differing: [],
    rows: { before: 1464, returned: 1464 },
    since: { written: 0, kept: 0 },
    problem: null,
    ...overrides,
  };
}

export function buildRollback(overrides: Partial<RollbackResult> = {}): RollbackResult {
  return {
    outcome: 'pass',
    plain: buildTriedRollback(),
    used: buildTriedRollback({ since: { written: 46, kept: 46 } }),
    definitions: 538,
    people: 11,
    again: { passed: 8, planned: 8 },
    ...overrides,
  };
}

export function buildSubject(overrides: Partial<SubjectResult> = {}): SubjectResult {
  return {
    kind: 'state',
    name: '02_messages_keyed_to_rooms',
    title: 'The first generation: messages keyed to rooms',
    outcome: 'pass',
    problem: null,
    loading: skipped('a state of the bundle is loaded whole or not at all'),
    preflight: {
      outcome: 'pass',
      serverVersion: '17.10',
      database: 'rehearsal_2',
      role: 'supabase_owner',
      tables: [{ table: 'public.chat_messages', rows: 1034 }],
      findings: [],
    },
    checks: buildChecks(),
    apply: buildApply(),
    refusal: skipped('the fix is to be applied'),
    scenarios: buildScenarios(),
    preservation: buildPreservation(),
    access: buildAccess(),
    changes: skipped('definitions are read where the fix is rolled back'),
    rerun: buildRerun(),
    milliseconds: 840,
    ...overrides,
  };
}

/** A state that the fix must refuse, and did. */
export function buildRefusedSubject(overrides: Partial<SubjectResult> = {}): SubjectResult {
  const reason = 'the state must be refused';
  return buildSubject({
    name: '28_table_owned_by_another_role',
    title: 'chat_messages owned by another role: cannot be repaired, must be refused',
    checks: skippedChecks(reason),
    apply: buildApply({ outcome: 'fail', locks: [], problem: buildProblem({ sqlstate: '42501' }) }),
    refusal: { outcome: 'pass', expected: 'SQLSTATE 42501', actual: 'SQLSTATE 42501', changed: [] },
    scenarios: skipped(reason),
    preservation: skipped(reason),
    access: skipped(reason),
    rerun: skipped(reason),
    milliseconds: 96,
    ...overrides,
  });
}

/** A state on which a section failed, so that nothing after it was run. */
export function buildStoppedSubject(
  problem: SqlProblem,
  overrides: Partial<SubjectResult> = {},
): SubjectResult {
  const number = Number(/sections\/(\d+)/.exec(problem.path)?.[1] ?? 1);
  const sections = buildApply().sections.map((section) => ({
    ...section,
    outcome:
      section.number < number
        ? ('pass' as const)
        : section.number === number
          ? ('fail' as const)
          : ('skipped' as const),
  }));
  return buildSubject({
    outcome: 'fail',
    checks: skippedChecks(),
    apply: buildApply({ outcome: 'fail', sections, locks: [], problem }),
    scenarios: skipped(),
    preservation: skipped(),
    access: skipped(),
    rerun: skipped(),
    milliseconds: 402,
    ...overrides,
  });
}
