/** Takes what was planned and what each database came to, and gives the report with its one verdict. */
import { findCulprit } from '../bundle/find-culprit.js';
import type {
  Bundle,
  CommandResult,
  ControlsResult,
  PostgresInfo,
  Report,
  SectionChoice,
  SubjectResult,
  Tally,
  Verdict,
} from '../model.js';
import { judgeCriteria } from './judge-criteria.js';
import { keepChangesOfOne } from './keep-changes.js';
import { subjectFailures } from './subject-cases.js';
import { count, counted } from './words.js';

/** How much the run set out to do; the report sets beside it how much was done. */
export interface Plan {
  /** States or, with a target, 1. */
  readonly subjects: number;
  /** Summed over the subjects, as are the scenarios. */
  readonly checks: number;
  readonly scenarios: number;
}

export interface ReportInput {
  readonly command: Report['command'];
  readonly bundle: Pick<Bundle, 'title' | 'folder' | 'digest' | 'sections' | 'settings'> &
    Partial<Pick<Bundle, 'criteria'>>;
  /** Given where a bundle may be run as a superuser. */
  readonly isTrusted?: boolean;
  readonly choice: SectionChoice;
  readonly postgres: PostgresInfo;
  readonly states?: Report['states'];
  readonly shard: Report['shard'];
  readonly plan: Plan;
  readonly controls: ControlsResult;
  /** What the bundle names and none of its states has, a sentence each. */
  readonly unseen: readonly string[];
  /** Why it ended before its end. */
  readonly lost?: string | null;
  readonly subjects: readonly SubjectResult[];
  readonly backup?: Report['backup'];
  /** What commands beside the run have shown. */
  readonly commands?: readonly CommandResult[];
  readonly startedAt: Date;
  readonly milliseconds: number;
}

export function buildReport(input: ReportInput): Report {
  const { title, folder, digest } = input.bundle;
  const { commands = [], lost = null } = input;
  const isWholeFix = input.choice.sections.length === input.bundle.sections.length;
  return {
    formatVersion: 1,
    command: input.command,
    ...concludeRun({ ...input, isWholeFix, reasons: [...(lost === null ? [] : [lost]), ...input.unseen] }),
    controls: input.controls,
    bundle: { title, folder, digest, ...(input.isTrusted ? { isTrusted: true } : {}) },
    sections: {
      numbers: input.choice.sections.map(({ number }) => number),
      isWholeFix,
      added: input.choice.added,
    },
    settings: input.bundle.settings.map(({ name, value, isGiven }) => ({ name, value, isGiven })),
    postgres: [input.postgres],
    ...(input.states === undefined ? {} : { states: input.states }),
    shard: input.shard,
    subjects: keepChangesOfOne(input.subjects),
    ...findCulprits(input),
    ...(input.bundle.criteria === undefined
      ? {}
      : { criteria: judgeCriteria(input.bundle.criteria, input.subjects, { commands, digest }) }),
    ...(commands.length === 0 ? {} : { commands }),
    ...(input.backup === undefined ? {} : { backup: input.backup }),
    ...(lost === null ? {} : { isBrokenOff: true }),
    startedAt: input.startedAt.toISOString(),
    milliseconds: input.milliseconds,
  };
}

/** Each once, by what the failures will ask for. */
function findCulprits({ choice, bundle, subjects }: ReportInput): Pick<Report, 'culprits'> {
  const isWholeFix = choice.sections.length === bundle.sections.length;
  const failures = subjects
    .filter(({ outcome }) => outcome === 'fail')
    .flatMap((subject) => subjectFailures(subject, isWholeFix));
  const asked = new Map(
    failures.flatMap(({ about }) => (about === null ? [] : [[JSON.stringify(about), about] as const])),
  );
  const culprits = [...asked.values()].flatMap((about) => findCulprit(choice.sections, about) ?? []);
  return culprits.length === 0 ? {} : { culprits };
}

export interface RunOutcome extends Pick<Report, 'command' | 'subjects'> {
  readonly plan: Plan;
  readonly isWholeFix: boolean;
  readonly controls: ControlsResult;
  /** Why the verdict is fail, where that is known already. */
  readonly reasons: readonly string[];
}

/** The one place where subjects become a verdict. */
export function concludeRun(run: RunOutcome): Pick<Report, 'verdict' | 'reasons' | 'tallies'> {
  const { subjects, plan } = run;
  const tallies = {
    subjects: tally(plan.subjects, subjects),
    checks: tally(plan.checks, subjects.flatMap(checksAfter)),
    scenarios: tally(plan.scenarios, subjects.flatMap(scenarios)),
  };
  const areAllPass = subjects.every(({ outcome }) => outcome === 'pass');
  const reasons = [
    ...run.reasons,
    ...missing(run),
    ...blind(run.controls),
    ...(areAllPass ? unexecuted(tallies) : []),
  ];
  return { verdict: areAllPass && reasons.length === 0 ? 'pass' : 'fail', reasons, tallies };
}

const nothingDone: Readonly<Record<Report['command'], string>> = {
  rehearse: 'rehearsed',
  plan: 'planned for',
  deploy: 'deployed to',
};

/**
 * A run that tried nothing has proven nothing. Only states that must be refused need no check; scenarios belong to
 * rehearsals of the whole fix, because on a target they may have to be left out and a part of the fix makes no application work.
 */
function missing({ command, plan, subjects, isWholeFix }: RunOutcome): string[] {
  if (subjects.length === 0) {
    return [`No database was ${nothingDone[command]}.`];
  }
  if (subjects.every(({ refusal }) => refusal.outcome !== 'skipped')) return [];
  const needsScenario = command === 'rehearse' && isWholeFix;
  return [
    ...(plan.checks === 0 ? ['There was no check to run.'] : []),
    ...(needsScenario && plan.scenarios === 0 ? ['There was no scenario to run.'] : []),
  ];
}

function blind({ planned, executed, blind, endedBy }: ControlsResult): string[] {
  return [
    ...blind.map(
      (title) =>
        `${title}: passes on a database that holds nothing but the platform, so it looked at nothing. Begin with what must be there, and let what is absent fail.`,
    ),
    ...(executed < planned
      ? [
          `Only ${count(executed)} of ${counted(planned, 'control')} were run on an empty database${endedBy === undefined ? '' : `: ${endedBy} ended the session there`}.`,
        ]
      : []),
  ];
}

/** Said only where no failed subject explains it already. */
function unexecuted(tallies: Report['tallies']): string[] {
  const nouns = { subjects: 'database', checks: 'check', scenarios: 'scenario' } as const;
  return (['subjects', 'checks', 'scenarios'] as const)
    .filter((key) => tallies[key].executed < tallies[key].planned)
    .map((key) => {
      const { executed, planned } = tallies[key];
      return `Only ${count(executed)} of ${counted(planned, `planned ${nouns[key]}`)} ${executed === 1 ? 'was' : 'were'} run.`;
    });
}

function tally(planned: number, done: readonly { readonly outcome: Verdict }[]): Tally {
  return { planned, executed: done.length, passed: done.filter(({ outcome }) => outcome === 'pass').length };
}

/** A state that must be refused has no check to pass. */
function checksAfter({ checks, refusal }: SubjectResult): { outcome: Verdict }[] {
  if (refusal.outcome !== 'skipped') return [];
  return checks.flatMap(({ after }) => (after.outcome === 'skipped' ? [] : [{ outcome: after.outcome }]));
}

function scenarios(subject: SubjectResult): readonly { outcome: Verdict }[] {
  return subject.scenarios.outcome === 'skipped' ? [] : subject.scenarios.scenarios;
}
