/** What was approved, beside what is there now → a plan to deploy by, or why it is none any more. */
import { some } from '../counted.js';
import { differences, type Fingerprint } from '../database/fingerprint.js';
import type { Session } from '../database/with-session.js';
import { withReading } from '../database/with-transaction.js';
import { describeProblem, UserError } from '../errors.js';
import type { Bundle, DeploymentPlan, Section, SubjectResult, TargetIdentity } from '../model.js';
import { fingerprintAll, nameChanged } from './fingerprint-all.js';

export interface Present {
  readonly bundle: Pick<Bundle, 'title' | 'digest' | 'settings'>;
  readonly sections: readonly Section[];
  readonly target: TargetIdentity;
  readonly catalog: Fingerprint;
}

/** As it is now, in a transaction of its own. */
export function readCatalog(session: Session): Promise<Fingerprint> {
  return withReading(session, () => fingerprintAll(session));
}

/** Of a deployment that was rolled back: what it would do, so that it can be approved. */
export function describePlan(
  { changes }: SubjectResult,
  { bundle, sections, target, catalog }: Present,
): DeploymentPlan {
  return {
    formatVersion: 2,
    plannedAt: new Date().toISOString(),
    bundle: { title: bundle.title, digest: bundle.digest },
    sections: sections.map(({ number }) => number),
    settings: bundle.settings.map(({ name, value }) => ({ name, value })),
    target,
    catalog: Object.fromEntries(catalog),
    changes: changes.outcome === 'skipped' ? [] : changes.changes,
  };
}

/** A plan leaves nothing behind. Where the catalog differs all the same, somebody else has changed it, or we are wrong. */
export function withRemains(subject: SubjectResult, remains: readonly string[]): SubjectResult {
  if (remains.length === 0) return subject;
  const problem = describeProblem({
    path: 'the database after the plan',
    // invalid_transaction_state
    sqlstate: '25000',
    message: `The plan was rolled back, and these are not what they were: ${nameChanged(remains).slice(0, most).join(', ')}.`,
    advice: 'If somebody else has changed them meanwhile, plan again. If not, please report it.',
  });
  return { ...subject, outcome: 'fail', problem: subject.problem ?? problem };
}

/** Objects that are named; the rest are counted. */
const most = 10;

/** Throws a UserError that lists all that is not as it was when the plan was made. */
export function assertPlanHolds(plan: DeploymentPlan, { bundle, sections, target, catalog }: Present): void {
  const numbers = sections.map(({ number }) => number);
  const values = bundle.settings.map(({ name, value }) => ({ name, value }));
  const planned = plan.target;
  const changed = nameChanged(differences(new Map(Object.entries(plan.catalog)), catalog));
  const problems = [
    ...(planned.place === target.place
      ? []
      : [`it is a plan for ${planned.place}, and database-url leads to ${target.place}`]),
    ...(planned.system === target.system && planned.database === target.database
      ? []
      : ['it was made on another database, or the database was made anew since']),
    ...(planned.role === target.role ? [] : [`it was made as ${planned.role}, and this is ${target.role}`]),
    ...(plan.bundle.digest === bundle.digest
      ? []
      : [`it is of another version of the fix than this (${bundle.title})`]),
    ...(isSame(plan.sections, numbers)
      ? []
      : [`it is of the sections ${plan.sections.join(', ')}, and these are ${numbers.join(', ')}`]),
    ...(isSame(plan.settings, values) ? [] : ["the fix's settings are others now"]),
    ...(changed.length === 0 ? [] : [`the database has changed since: ${some(changed, most)}`]),
  ];
  if (problems.length === 0) return;
  throw new UserError(
    `plan: it does not hold any more. Nothing was begun; make a new one and have it approved.\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
