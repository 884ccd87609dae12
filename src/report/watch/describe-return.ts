/** What came of a rollback, or what is recorded → the page of that. */
import type { HistoryEntry } from '../../stages/history/list-history.js';
import { sayEntry } from '../render-history.js';
import { onTheWay, type ToldRollback } from '../render-rollback.js';
import type { Page } from './page.js';

export function describeRollback({ isDone, headline, lists }: ToldRollback): Page {
  return {
    word: isDone ? 'PASS' : 'FAIL',
    rest: `: ${headline}`,
    blocks: lists.map(({ title, lines }) => ({ kind: 'lines', title, lines })),
    footer: [],
  };
}

export function describeUnknown({ headline, lists }: ToldRollback): Page {
  return { ...describeRollback({ isDone: false, headline, lists }), word: 'UNKNOWN' };
}

export function describeHistory(entries: readonly HistoryEntry[], place: string): Page {
  const rest = entries.length === 0 ? `: nothing is recorded in ${place}` : `, as recorded in ${place}`;
  return {
    word: 'PASS',
    rest,
    blocks:
      entries.length === 0
        ? []
        : [{ kind: 'lines', title: 'Deployments and rollbacks', lines: entries.map(sayEntry) }],
    footer: [],
  };
}

export function describeForgotten(sentence: string, known: readonly string[]): Page {
  return {
    word: 'PASS',
    rest: `: ${sentence}`,
    blocks: known.length === 0 ? [] : [{ kind: 'lines', title: onTheWay, lines: known }],
    footer: [],
  };
}
