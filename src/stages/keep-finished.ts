/** Rehearsals on a server that may be lost in the middle → all that they found out, or what was found out until then and why that is not all. */
import { count, counted, some } from '../counted.js';
import { isDatabaseError, isLostConnection } from '../database/database-error.js';
import { withSession } from '../database/with-session.js';
import type { ControlsResult, Progress, State, SubjectResult } from '../model.js';
import type { Server } from '../postgres/with-server.js';

export interface Found {
  readonly subjects: readonly SubjectResult[];
  readonly controls: ControlsResult;
}

interface Rehearsing {
  readonly server: Server['connection'];
  readonly states: readonly State[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

const mostNamed = 10;

/** `lost` is a sentence where the server was lost, and null otherwise. Errors of a server that is there pass through. */
export async function keepFinished(
  { server, states, progress, signal }: Rehearsing,
  work: (progress: Progress) => Promise<Found>,
): Promise<Found & { readonly lost: string | null }> {
  const finished = new Map<string, SubjectResult>();
  try {
    const found = await work((event) => {
      if (event.kind === 'subject-finished') finished.set(event.result.name, event.result);
      progress(event);
    });
    return { ...found, lost: null };
  } catch (error: unknown) {
    signal.throwIfAborted();
    if (!isLostConnection(error) && (await answers(server))) throw error;
    const subjects = states
      .flatMap(({ name }) => finished.get(name) ?? [])
      .filter((one) => !isInterrupted(one));
    const controls = { planned: 0, executed: 0, blind: [] };
    return { subjects, controls, lost: sayLoss(error, states, subjects) };
  }
}

async function answers(server: Server['connection']): Promise<boolean> {
  try {
    await withSession(server, (session) => session.query('select'));
    return true;
  } catch {
    // Why it does not answer is what the first error says.
    return false;
  }
}

/** A state that the end of the server ended was not judged by what it is. */
function isInterrupted({ problem, apply }: SubjectResult): boolean {
  const applied = apply.outcome === 'skipped' ? null : apply.problem;
  return [problem, applied].some((found) => /^(57P|08)/.test(found?.sqlstate ?? ''));
}

function sayLoss(error: unknown, states: readonly State[], subjects: readonly SubjectResult[]): string {
  const done = new Set(subjects.map(({ name }) => name));
  const left = states.flatMap(({ name }) => (done.has(name) ? [] : [name]));
  const said = isDatabaseError(error) ? ` It said: ${error.message}.` : '';
  return `The Postgres server was lost in the middle of the rehearsal.${said} Rehearsed until then: ${count(done.size)} of ${counted(states.length, 'database')}; not rehearsed: ${some(left, mostNamed)}. Run it again.`;
}
