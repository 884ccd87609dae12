/** Takes the locks of a report and says who had to wait for them, and for how long. */
import type { LockHeld, Report } from '../model.js';
import { longestLocks } from './totals.js';
import { counted, duration } from './words.js';

/** Strongest first, as Postgres' table of conflicting lock modes has them. */
const strengths = [
  'AccessExclusiveLock',
  'ExclusiveLock',
  'ShareRowExclusiveLock',
  'ShareLock',
  'ShareUpdateExclusiveLock',
  'RowExclusiveLock',
  'RowShareLock',
  'AccessShareLock',
];

export function strengthOf(mode: string): number {
  const place = strengths.indexOf(mode);
  return place === -1 ? strengths.length : place;
}

export function keepsReaders({ mode }: Pick<LockHeld, 'mode'>): boolean {
  return mode === 'AccessExclusiveLock';
}

/** RowExclusiveLock, which every write takes, is not among what these conflict with less strongly. */
export function keepsWriters({ mode }: Pick<LockHeld, 'mode'>): boolean {
  return strengthOf(mode) <= strengthOf('ShareLock');
}

/** `readers up to 118 ms (public.chat_messages), writers up to 2.0 s (3 relations)`; null: nothing was applied. */
export function sayWaiting(report: Report): string | null {
  if (report.subjects.every(({ apply }) => apply.outcome !== 'pass')) return null;
  const locks = longestLocks(report);
  const parts = [
    ...told('readers', locks.filter(keepsReaders)),
    ...told('writers', locks.filter(keepsWriters)),
  ];
  return parts.length === 0 ? 'nobody: no lock keeps a reader or a writer waiting' : parts.join(', ');
}

function told(who: string, locks: readonly LockHeld[]): string[] {
  if (locks.length === 0) return [];
  const longest = Math.max(...locks.map(({ milliseconds }) => milliseconds));
  const relations = [...new Set(locks.map(({ relation }) => relation))];
  const which = relations.length === 1 ? relations[0] : counted(relations.length, 'relation');
  return [`${who} up to ${duration(longest)} (${which})`];
}
