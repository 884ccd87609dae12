/** Who held which table for how long, and when: the locks, the sections, and both as one timeline. */
import type { ApplyResult, LockHeld, Report } from '../../model.js';
import { code, codeCell, folded, prose } from '../markdown-text.js';
import { keepsReaders, keepsWriters, strengthOf } from '../say-waiting.js';
import { longestLocks } from '../totals.js';
import { duration } from '../words.js';
import { renderFoldedTable } from './folded-table.js';
import { unbroken } from './signs.js';

/** The strongest first: it is what somebody waits for. */
export function renderLocks(report: Report): string | null {
  const locks = longestLocks(report).sort(
    (one, other) => strengthOf(one.mode) - strengthOf(other.mode) || other.milliseconds - one.milliseconds,
  );
  const rows = locks.map(({ section, relation, mode, milliseconds }) => [
    codeCell(relation),
    codeCell(mode),
    waiting({ mode }),
    section === 0 ? 'before the first' : String(section),
    unbroken(duration(milliseconds)),
  ]);
  const head = ['Relation', 'Mode', 'Who waits', 'Since section', heldFor(report)];
  const title = 'Locks, the strongest first, held until the end of the transaction';
  return renderFoldedTable({ title, head, rows, rightColumns: [4] });
}

function waiting(lock: Pick<LockHeld, 'mode'>): string {
  if (keepsReaders(lock)) return 'readers and writers';
  return keepsWriters(lock) ? 'writers' : '';
}

function heldFor({ subjects }: Report): string {
  return subjects.length === 1 ? 'Held for' : 'Held for at most';
}

/** A section that was not run has no time. */
export function renderTimes({ subjects }: Report): string | null {
  const slowest = new Map<number, { title: string; milliseconds: number | null }>();
  for (const { apply } of subjects) {
    if (apply.outcome === 'skipped') continue;
    for (const { number, title, outcome, milliseconds } of apply.sections) {
      const known = slowest.get(number)?.milliseconds ?? null;
      const here = outcome === 'skipped' ? null : milliseconds;
      slowest.set(number, {
        title,
        milliseconds: known === null ? here : Math.max(known, here ?? 0),
      });
    }
  }
  const rows = [...slowest].map(([number, { title, milliseconds }]) => [
    `${number}. ${prose(title)}`,
    milliseconds === null ? 'not run' : unbroken(duration(milliseconds)),
  ]);
  const head = ['Section', subjects.length === 1 ? 'Time' : 'Time at most'];
  return renderFoldedTable({ title: 'How long the sections took', head, rows, rightColumns: [1] });
}

/** Of the database on which the fix took longest. A lock is held from when it was taken to the end. */
export function renderTimeline({ subjects }: Report): string | null {
  const [slowest] = subjects
    .flatMap(({ name, apply }) => (apply.outcome === 'pass' ? [{ name, apply }] : []))
    .sort((one, other) => other.apply.milliseconds - one.apply.milliseconds);
  if (slowest === undefined) return null;
  const { name, apply } = slowest;
  const end = Math.max(apply.milliseconds, ...apply.locks.map(({ milliseconds }) => milliseconds));
  const lines = [
    'gantt',
    '    dateFormat x',
    '    axisFormat %S.%L s',
    '    section Sections',
    ...sectionBars(apply, end),
    ...lockBars('Readers wait', apply.locks.filter(keepsReaders), end),
    ...lockBars('Writers wait', apply.locks.filter(keepsWriters), end),
  ];
  return folded(
    'Timeline of the database that took longest',
    `On ${code(name)}:\n\n\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``,
  );
}

function sectionBars(apply: ApplyResult, end: number): string[] {
  let at = beginOfSections(apply, end);
  return apply.sections.flatMap(({ number, title, milliseconds, outcome }) => {
    if (outcome === 'skipped') return [];
    const begin = at;
    at += milliseconds;
    return [bar(`${number}. ${title}`, begin, at)];
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

/** Each relation once, since its first lock of the kind. */
function lockBars(title: string, locks: readonly LockHeld[], end: number): string[] {
  const longest = new Map<string, number>();
  for (const { relation, milliseconds } of locks) {
    longest.set(relation, Math.max(milliseconds, longest.get(relation) ?? 0));
  }
  if (longest.size === 0) return [];
  const most = [...longest].sort(([, one], [, other]) => other - one).slice(0, mostBars);
  return [
    `    section ${title}`,
    ...most.map(([relation, milliseconds]) => bar(relation, end - milliseconds, end)),
  ];
}

const mostBars = 12;

/** The drawing has signs of its own, and no way to write them as text. */
function bar(label: string, begin: number, end: number): string {
  const plain = label.replace(/[^\p{L}\p{N} ._()/-]/gu, ' ').slice(0, 60);
  return `    ${plain} :${Math.round(begin)}, ${Math.max(Math.round(end), Math.round(begin) + 1)}`;
}
