/** Who held which table for how long, and when: the locks, the sections, and both as one timeline. */
import type { LockHeld, Report } from '../../model.js';
import { code, codeCell, folded, prose } from '../markdown-text.js';
import { keepsReaders, keepsWriters, strengthOf } from '../say-waiting.js';
import { type Bar, findSlowest, layTimeline } from '../timeline.js';
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

/** Of the database on which the fix took longest. */
export function renderTimeline(report: Report): string | null {
  const slowest = findSlowest(report);
  if (slowest === null) return null;
  const { lanes } = layTimeline(slowest.apply);
  const lines = [
    'gantt',
    '    dateFormat x',
    '    axisFormat %S.%L s',
    ...lanes.flatMap(({ title, bars }) => [`    section ${title}`, ...bars.map(renderBar)]),
  ];
  return folded(
    'Timeline of the database that took longest',
    `On ${code(slowest.name)}:\n\n\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``,
  );
}

/** The drawing has signs of its own, and no way to write them as text. */
function renderBar({ label, begin, end }: Bar): string {
  const plain = label.replace(/[^\p{L}\p{N} ._()/-]/gu, ' ').slice(0, 60);
  return `    ${plain} :${Math.round(begin)}, ${Math.max(Math.round(end), Math.round(begin) + 1)}`;
}
