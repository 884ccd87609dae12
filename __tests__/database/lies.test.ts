/**
 * No proof is trusted before it was seen to catch a lie.
 * @jest-environment-options {"choosesItself": true}
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { type Judgement, judgeHonestBundle, judgeLie, loadLies } from '../support/lies.js';
import { someOf } from '../support/some-of.js';

/** What the names of the files begin with. */
const kinds = [
  'lose',
  'change',
  'open',
  'shut',
  'move',
  'hide',
  'nothing',
  'escape',
  'become',
  'quarantine',
  'numbers',
  'leave',
  'again',
  'guard',
  'act',
];

const lies = await loadLies();
const chosen = someOf(lies, 20);
const judgements = new Map<string, Judgement>();

/** All at once, because each waits for the server most of the time. */
beforeAll(async () => {
  const limit = pLimit(4);
  await limit.map(chosen, async (lie) => judgements.set(lie.name, await judgeLie(lie)));
}, 1_800_000);

describe('the ledger bundle', () => {
  it('passes as it is', async () => {
    expect(await judgeHonestBundle()).toEqual({ verdict: 'pass', text: '' });
  });
});

describe('a bundle that lies', () => {
  it.each(kinds)('may %s', (kind) => {
    expect(lies.some(({ name }) => name.startsWith(`${kind}_`))).toBe(true);
  });

  it.each(chosen)('fails, and the report names it: $name', ({ name, names }) => {
    const { verdict, text } = judgements.get(name) ?? { verdict: 'pass', text: '' };
    expect({ verdict, text }).not.toMatchObject({ verdict: 'pass' });
    for (const word of names) expect(text).toContain(word);
  });
});
