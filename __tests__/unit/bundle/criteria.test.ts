import { expect, it } from '@jest/globals';
import { loadNotes } from '../../support/notes-bundle.js';

const withCriteria = (evidence: string) =>
  loadNotes({ 'bundle.yml': (text) => `${text}\ncriteria:\n  - { title: A, evidence: ${evidence} }\n` });

it('takes checks and scenarios that there are as evidence, a scenario also by its file', async () => {
  const [first] = (await loadNotes()).scenarios;
  const name = first?.file.path.replace(/^scenarios\/|\.sql$/g, '');
  const { criteria } = await withCriteria(
    `[checks, { check: 1 }, { scenario: ${name} }, { command: npm run x }, { log: '23503' }]`,
  );
  expect(criteria).toEqual([
    {
      title: 'A',
      evidence: [
        { kind: 'checks' },
        { kind: 'check', number: 1 },
        { kind: 'scenario', number: first?.number },
        { kind: 'command', command: 'npm run x' },
        { kind: 'log', signature: '23503' },
      ],
    },
  ]);
});

it.each([
  ['{ check: 99 }', 'bundle.yml: criteria.0: there is no check 99. The checks are 1'],
  ['{ scenario: nowhere }', 'bundle.yml: criteria.0: there is no scenario nowhere.'],
  ['hope', 'criteria.0.evidence.0: is no evidence: one of checks, scenarios,'],
  ['{ chekc: 1 }', 'criteria.0.evidence.0: is no evidence'],
])('refuses %s', async (piece, message) => {
  await expect(withCriteria(`[${piece}]`)).rejects.toThrow(message);
});
