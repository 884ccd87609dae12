/** Criteria, databases and what commands beside the run have shown → which boxes are ticked, each by the stage and the figure that shows it. */
import type { CommandResult, Criterion, CriterionResult, Evidence, SubjectResult } from '../model.js';
import { count, counted } from './words.js';

type Piece = { readonly isMet: boolean; readonly shown: string };

export interface Beside {
  readonly commands: readonly CommandResult[];
  /** Of the bundle of this run. */
  readonly digest: string;
}

export function judgeCriteria(
  criteria: readonly Criterion[],
  subjects: readonly SubjectResult[],
  { commands, digest }: Beside = { commands: [], digest: '' },
): CriterionResult[] {
  const applied = subjects.filter(({ refusal }) => refusal.outcome === 'skipped');
  return criteria.map(({ title, evidence }) => {
    const seen = evidence.filter(({ kind }) => kind !== 'log');
    const pieces = (seen.length > 0 ? seen : evidence).map((piece) =>
      piece.kind === 'command' ? judgeCommand(piece.command, commands, digest) : judge(piece, applied),
    );
    const isMet = pieces.length > 0 && pieces.every((piece) => piece.isMet);
    // What is missing is what a reader of an open box looks for.
    const told = isMet ? pieces : pieces.filter((piece) => !piece.isMet);
    return { title, evidence, outcome: isMet ? 'met' : 'open', shown: told.map(({ shown }) => shown) };
  });
}

/** What was shown of another version of the bundle is nothing about this one. */
function judgeCommand(command: string, commands: readonly CommandResult[], digest: string): Piece {
  const result = commands.find((one) => one.command === command);
  if (result === undefined) return { isMet: false, shown: `${command} shows it` };
  if (result.bundle !== digest)
    return { isMet: false, shown: `${command} showed it of another version of the bundle: run it again` };
  const shown = `${command}, ${result.at.slice(0, 16).replace('T', ' ')} UTC: ${result.shown}`;
  return { isMet: result.outcome === 'pass', shown };
}

function judge(piece: Exclude<Evidence, { kind: 'command' }>, subjects: readonly SubjectResult[]): Piece {
  // The logs of an application that is in use are looked at by monitor.
  if (piece.kind === 'log') return { isMet: false, shown: 'monitor shows it' };
  if (subjects.length === 0) return { isMet: false, shown: 'the fix was applied to no database' };
  const of = (what: string, outcomes: readonly string[]): Piece => {
    const passed = outcomes.filter((outcome) => outcome === 'pass').length;
    const isMet = outcomes.length > 0 && passed === outcomes.length;
    const isSkipped = passed === 0 && outcomes.every((outcome) => outcome === 'skipped');
    const shown = isSkipped
      ? `${what} not run`
      : `${what}: ${count(passed)} of ${counted(outcomes.length, 'pass', 'pass')}`;
    return { isMet, shown };
  };
  const databases = counted(subjects.length, 'database');
  switch (piece.kind) {
    case 'checks':
      return of(
        `checks on ${databases}`,
        subjects.flatMap(({ checks }) => checks.map(({ after }) => after.outcome)),
      );
    case 'check':
      return of(
        `check ${piece.number} on ${databases}`,
        subjects.map(
          ({ checks }) => checks.find(({ number }) => number === piece.number)?.after.outcome ?? 'skipped',
        ),
      );
    case 'scenarios':
      return of(
        `scenarios on ${databases}`,
        subjects.flatMap(({ scenarios }) =>
          scenarios.outcome === 'skipped' ? ['skipped'] : scenarios.scenarios.map(({ outcome }) => outcome),
        ),
      );
    case 'scenario':
      return of(
        `scenario ${piece.number} on ${databases}`,
        subjects.map(({ scenarios }) =>
          scenarios.outcome === 'skipped'
            ? 'skipped'
            : (scenarios.scenarios.find(({ number }) => number === piece.number)?.outcome ?? 'skipped'),
        ),
      );
    case 'preservation':
    case 'access':
    case 'rerun': {
      const { kind } = piece;
      return of(
        `${kind === 'rerun' ? 're-run' : kind} on ${databases}`,
        subjects.map((subject) => subject[kind].outcome),
      );
    }
  }
}
