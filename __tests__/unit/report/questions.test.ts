import { describe, expect, it } from '@jest/globals';
import { answerQuestions } from '../../../src/report/questions.js';
import { aReport } from '../../support/build-report.js';
import {
  buildAccess,
  buildApply,
  buildChanges,
  buildComparison,
  buildPreservation,
  buildSubject,
} from '../../support/build-results.js';

describe('answerQuestions', () => {
  it('does not say PASS of rows where there was none', () => {
    const answerFor = (rows: number) => {
      const comparison = buildComparison({ rows });
      const preservation = buildPreservation({ comparison, kinds: [], quarantine: null });
      const report = aReport({ subjects: [buildSubject({ preservation })] });
      return answerQuestions(report).find(({ question }) => question === 'Is a row lost?');
    };
    expect(answerFor(0)).toMatchObject({
      word: 'INFO',
      answer: 'there was no row to lose; nothing else differs',
    });
    expect(answerFor(3)).toMatchObject({ word: 'PASS' });
  });

  it('says what access.differences declares in vain where all states were rehearsed', () => {
    const idle = [
      { table: 'public.notes', verb: 'add', outcome: 'lost', when: null, columns: null } as const,
    ];
    const answerOf = (chosen: number) =>
      answerQuestions(
        aReport({
          states: { chosen, ofBundle: 2 },
          subjects: [buildSubject({ access: buildAccess({ idle }) })],
        }),
      ).find(({ question }) => question === 'Who can do what?')?.details ?? [];
    expect(answerOf(2)).toContainEqual(expect.stringContaining('lost add on public.notes'));
    expect(answerOf(1)).not.toContainEqual(expect.stringContaining('lost add on public.notes'));
  });

  it('names what is taken away: of one database all of it, of several the others below', () => {
    const declared = Array.from({ length: 14 }, (_, index) => ({
      word: 'gone' as const,
      table: `policy p${index} on public.notes`,
      key: null,
      columns: [],
      text: null,
      digest: null,
      does: [],
      protected: true,
    }));
    const preservation = buildPreservation({ comparison: buildComparison({ declared }) });
    const questionOf = (names: string[]) =>
      answerQuestions(aReport({ subjects: names.map((name) => buildSubject({ name, preservation })) })).find(
        ({ question }) => question === 'Which protection goes?',
      );
    expect(questionOf(['one'])?.answer).toMatch(/^taken away: policy p0 .* and policy p13 on public.notes$/);
    expect(questionOf(['one', 'other'])).toMatchObject({
      answer: expect.stringMatching(/policy p11 on public.notes and 2 more$/),
      details: ['taken away: policy p12 on public.notes', 'taken away: policy p13 on public.notes'],
    });
  });

  it('names what lies in a folder of before and was not loaded', () => {
    const counts = { statements: 1, loaded: 1, rows: 0, leftOut: [], added: [] };
    const loading = { outcome: 'pass' as const, ...counts, leftAlone: ['db/views/v.sql'] };
    const report = aReport({ subjects: [buildSubject({ loading })] });
    expect(answerQuestions(report).find(({ question }) => question === 'Was it loaded whole?')).toMatchObject(
      {
        isAside: false,
        details: ['left alone in its folder: db/views/v.sql; what is to be loaded, too, is given for itself'],
      },
    );
  });

  it('says of a target, unfolded, what the fix warns of', () => {
    const section = { number: 2, title: 'Keys', outcome: 'pass', milliseconds: 1 } as const;
    const answerOf = (warnings?: string[]) => {
      const apply = buildApply({ sections: [{ ...section, notices: warnings ?? [], warnings }] });
      const subjects = [buildSubject({ kind: 'target', apply, changes: buildChanges() })];
      const report = aReport({ command: 'deploy', subjects });
      return answerQuestions(report).find(({ question }) => question === 'What changes?');
    };
    expect(answerOf(['a key is renamed'])).toMatchObject({
      isAside: false,
      details: expect.arrayContaining(['section 2 warns: a key is renamed']),
    });
    expect(answerOf()).toMatchObject({ isAside: true });
  });
});
