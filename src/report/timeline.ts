/** What was applied to a database → who was busy or waited, and from when to when. */
import type { ApplyResult, LockHeld, Report } from '../model.js';
import { keepsReaders, keepsWriters } from './say-waiting.js';

export interface Lane {
  readonly title: 'Sections' | 'Readers wait' | 'Writers wait';
  readonly bars: readonly Bar[];
}

/** Milliseconds since the transaction began. */
export interface Bar {
  readonly label: string;
  readonly begin: number;
  readonly end: number;
}

export interface Timeline {
  readonly end: number;
  readonly lanes: readonly Lane[];
}

/** A lock is held from when it was taken to the end. */
export function layTimeline(apply: ApplyResult): Timeline {
  const end = Math.max(apply.milliseconds, ...apply.locks.map(({ milliseconds }) => milliseconds));
  const lanes: Lane[] = [
    { title: 'Sections', bars: sectionBars(apply, end) },
    { title: 'Readers wait', bars: lockBars(apply.locks.filter(keepsReaders), end) },
    { title: 'Writers wait', bars: lockBars(apply.locks.filter(keepsWriters), end) },
  ];
  return { end, lanes: lanes.filter(({ title, bars }) => title === 'Sections' || bars.length > 0) };
}

function sectionBars(apply: ApplyResult, end: number): Bar[] {
  let at = beginOfSections(apply, end);
  return apply.sections.flatMap(({ number, title, milliseconds, outcome }) => {
    if (outcome === 'skipped') return [];
    const begin = at;
    at += milliseconds;
    return [{ label: `${number}. ${title}`, begin, end: at }];
  });
}

/** What came before the first section is known from a lock: it was taken at the end of its section. */
function beginOfSections({ sections, locks }: ApplyResult, end: number): number {
  const [first] = [...locks].sort(
    (one, other) => one.section - other.section || one.milliseconds - other.milliseconds,
  );
  if (first === undefined) return 0;
  const until = sections
    .filter(({ number }) => number <= first.section)
    .reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return Math.max(0, end - first.milliseconds - until);
}

const mostBars = 12;

/** Each relation once, since its first lock of the kind. */
function lockBars(locks: readonly LockHeld[], end: number): Bar[] {
  const longest = new Map<string, number>();
  for (const { relation, milliseconds } of locks) {
    longest.set(relation, Math.max(milliseconds, longest.get(relation) ?? 0));
  }
  return [...longest]
    .sort(([, one], [, other]) => other - one)
    .slice(0, mostBars)
    .map(([relation, milliseconds]) => ({ label: relation, begin: end - milliseconds, end }));
}

/** The database on which the fix took longest, or null where none was applied. */
export function findSlowest({
  subjects,
}: Report): { readonly name: string; readonly apply: ApplyResult } | null {
  const [slowest] = subjects
    .flatMap(({ name, apply }) => (apply.outcome === 'pass' ? [{ name, apply }] : []))
    .sort((one, other) => other.apply.milliseconds - one.apply.milliseconds);
  return slowest ?? null;
}
