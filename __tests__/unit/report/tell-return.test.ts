/** What is told of a rollback and of what is recorded. */
import { describe, expect, it } from '@jest/globals';
import { renderHistory } from '../../../src/report/render-history.js';
import { renderRollback, tellRollback } from '../../../src/report/render-rollback.js';
import {
  describeForgotten,
  describeHistory,
  describeRollback,
} from '../../../src/report/watch/describe-return.js';
import { renderPage } from '../../../src/report/watch/render-markdown.js';
import type { HistoryEntry } from '../../../src/stages/history/list-history.js';

const at = new Date('2026-11-22T09:30:00Z');
const place = { place: 'db:5432/chat', toSql: null, known: [] };

const entry: HistoryEntry = {
  id: '1',
  kind: 'deployment',
  undoes: null,
  undone: null,
  at,
  bundle: 'Notes',
  role: 'owner',
  definitions: 1,
  rows: 1,
  kept: 1,
};

function tell(putBack: number, takenOut: number, known: readonly string[] = []) {
  const recorded = { id: '1', bundle: 'Notes', at };
  const rollback = { recorded, obstacles: [], kept: [], rows: { putBack, takenOut }, isKept: true };
  return tellRollback(rollback as unknown as Parameters<typeof tellRollback>[0], { ...place, known });
}

describe('what is told of a rollback', () => {
  it('counts one row and many', () => {
    expect(renderRollback(tell(1, 1))).toContain(
      '1 row is as it was, 1 row that the deployment added is gone;',
    );
    expect(renderRollback(tell(2, 1200))).toContain(
      '2 rows are as they were, 1,200 rows that the deployment added are gone;',
    );
  });

  it('says what is to be known of the way, and nothing where there is nothing', () => {
    expect(renderRollback(tell(1, 0))).not.toContain('To know');
    expect(renderRollback(tell(1, 0, ['The server was not verified.']))).toMatch(
      / {2}To know of the way to the database:\n {2}- The server was not verified\.\n$/,
    );
    expect(describeForgotten('Removed.', ['The server was not verified.']).blocks).toHaveLength(1);
  });

  it('is a page without an empty last line', () => {
    const options = { context: null, budget: null };
    expect(renderPage(describeRollback(tell(1, 0)), options)).not.toContain('<sub>');
    expect(renderPage(describeHistory([entry], 'db'), options)).not.toContain('<sub>');
    const context = { commit: 'a'.repeat(40), runUrl: null };
    expect(renderPage(describeHistory([entry], 'db'), { context, budget: null })).toContain(
      '<sub>commit `aaaaaaa`</sub>',
    );
  });
});

describe('renderHistory', () => {
  it('counts one of a kind and many', () => {
    expect(renderHistory([entry], 'db')).toContain(
      '1 definition changed, 1 row as it was, 1 row of which values were kept',
    );
    expect(renderHistory([{ ...entry, definitions: 1200, rows: 2, kept: 3 }], 'db')).toContain(
      '1,200 definitions changed, 2 rows as they were, 3 rows of which values were kept',
    );
  });
});
