/** What a database looks like since the fix was deployed to it → the page of that. */
import type { VerifiedCheck, VerifyReport, VerifyResult } from '../../watched.js';
import { count, counted, duration } from '../words.js';
import { criteriaBlock } from './criteria-block.js';
import { sayMoment } from './describe-monitor.js';
import { type Block, type Page, verdictWords } from './page.js';

export function describeVerify(report: VerifyReport): Page {
  const { verify, bundle, milliseconds } = report;
  return {
    word: verdictWords[report.verdict],
    rest: sayRest(report),
    blocks: [
      reasonsBlock(verify),
      checksBlock(verify),
      failuresBlock(verify),
      driftBlock(verify),
      queriesBlock(verify),
      pastPoliciesBlock(verify),
      criteriaBlock(report.criteria),
      placeBlock(verify),
    ].filter((block) => block !== null),
    footer: [bundle.title, duration(milliseconds)],
  };
}

function sayRest({ verify, verdict }: VerifyReport): string {
  if (verdict === 'pass') return `, ${verify.place} is as it was deployed${sayOthers(verify)}`;
  if (verdict === 'not proven')
    return `: ${(verify.reasons[0] ?? 'there is no check').replace(/\.(\s.*)?$/s, '')}`;
  const failed = [...verify.checks, ...verify.queries].filter(({ outcome }) => outcome === 'fail');
  const drifted = ofFix(verify);
  const said = [
    ...(drifted.length > 0
      ? [`${counted(drifted.length, 'definition has', 'definitions have')} changed since the deployment`]
      : []),
    ...(failed.length > 0 ? [`${counted(failed.length, 'check fails', 'checks fail')}`] : []),
  ];
  return `: ${said.join(', and ')}`;
}

/** What changed and is nothing of the fix's. */
function sayOthers({ drift }: VerifyResult): string {
  const others = drift.kind === 'compared' ? drift.changes.length : 0;
  return others === 0
    ? ''
    : ` as far as the fix goes; ${counted(others, 'other definition has', 'other definitions have')} changed`;
}

function ofFix({ drift }: VerifyResult) {
  return drift.kind === 'compared' ? drift.changes.filter(({ isOfFix }) => isOfFix) : [];
}

function reasonsBlock({ reasons }: VerifyResult): Block | null {
  return reasons.length === 0 ? null : { kind: 'lines', title: 'What is missing to a proof', lines: reasons };
}

function checksBlock({ checks }: VerifyResult): Block {
  return {
    kind: 'table',
    title: 'Checks',
    columns: [
      { title: '', kind: 'verdict' },
      { title: 'Check', kind: 'text' },
      { title: 'Looked at', kind: 'number' },
      { title: 'Took', kind: 'number' },
    ],
    rows: checks.map(({ outcome, title, assertions, milliseconds }) => [
      verdictWords[outcome],
      title,
      counted(assertions, 'row'),
      duration(milliseconds),
    ]),
    note: null,
  };
}

function failuresBlock({ checks }: VerifyResult): Block | null {
  const rows = checks.flatMap((check) => [
    ...(check.reason === null ? [] : [[verdictWords[check.outcome], check.title, '', '', check.reason]]),
    ...check.rows.map(({ outcome, object, expected, actual }) => [
      verdictWords[outcome],
      check.title,
      object,
      expected,
      actual,
    ]),
  ]);
  if (rows.length === 0) return null;
  return { kind: 'table', title: 'What is not as expected', columns: assertionColumns, rows, note: null };
}

const assertionColumns = [
  { title: '', kind: 'verdict' },
  { title: 'What', kind: 'text' },
  { title: 'Object', kind: 'code' },
  { title: 'Expected', kind: 'code' },
  { title: 'Is', kind: 'code' },
] as const;

function driftBlock({ drift }: VerifyResult): Block {
  const title = 'Definitions since the deployment';
  if (drift.kind === 'unknown') return { kind: 'lines', title, lines: [`Not compared. ${drift.reason}`] };
  const between = `between ${sayMoment(Date.parse(drift.recordedAt))}, when it was deployed, and ${sayMoment(Date.parse(drift.at))}`;
  if (drift.changes.length === 0) {
    return {
      kind: 'lines',
      title,
      lines: [`${count(drift.objects)} are what they were; none has changed ${between}.`],
    };
  }
  const changes = drift.changes.map((change) => ({
    ...change,
    object:
      change.changedAt === null
        ? change.object
        : `${change.object}, at ${sayMoment(Date.parse(change.changedAt))}`,
  }));
  return { kind: 'changes', title: `${title}: ${between}`, changes };
}

function queriesBlock({ queries }: VerifyResult): Block | null {
  if (queries.length === 0) return null;
  return {
    kind: 'table',
    title: 'Manual verification commands',
    columns: assertionColumns,
    rows: queries.flatMap(rowsOfQuery),
    note: null,
  };
}

function rowsOfQuery({ title, outcome, reason, rows }: VerifiedCheck): string[][] {
  if (rows.length === 0) return [[verdictWords[outcome], title, '', '', reason ?? '']];
  return rows.map((row) => [verdictWords[row.outcome], title, row.object, row.expected, row.actual]);
}

function pastPoliciesBlock({ pastPolicies }: VerifyResult): Block | null {
  if (pastPolicies.length === 0) return null;
  return {
    kind: 'table',
    title: "What reads the tables past the policies, and is none of the fix's",
    columns: [
      { title: 'Object', kind: 'code' },
      { title: 'Why', kind: 'text' },
    ],
    rows: pastPolicies.map(({ object, why }) => [object, why]),
    note: 'Give each the check that it lacks, security_invoker, or nobody who may call it.',
  };
}

function placeBlock({ place, database, role, serverVersion, isReplica, sslWarning }: VerifyResult): Block {
  const replica = isReplica ? '; a replica, which may be behind' : '';
  return {
    kind: 'lines',
    title: 'Where it was looked',
    lines: [
      `${place}, database ${database}, as ${role}, Postgres ${serverVersion}${replica}`,
      ...(sslWarning === null ? [] : [sslWarning]),
      'Not looked at: what rows say beside the checks (those that were put away among them), and which number a sequence gives next.',
      'In one read-only transaction, which was rolled back and had been given no number: nothing was written.',
    ],
  };
}
