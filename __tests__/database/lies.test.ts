/** No proof is trusted before it was seen to catch a lie. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import pLimit from 'p-limit';
import { type Judgement, judgeHonestBundle, judgeLie, loadLies } from '../support/lies.js';

/** Lies that still pass. The test fails when one of them is caught: take it out of the list then. */
const notCaughtYet: readonly string[] = ['nothing_is_called_so', 'nothing_is_in_a_table_that_is_not_there'];

const lies = await loadLies();
const judgements = new Map<string, Judgement>();

/** All at once, because each waits for the server most of the time. */
beforeAll(async () => {
  const limit = pLimit(4);
  await limit.map(lies, async (lie) => judgements.set(lie.name, await judgeLie(lie)));
}, 600_000);

const isCaught = ({ name }: { readonly name: string }) => !notCaughtYet.includes(name);

describe('the ledger bundle', () => {
  it('passes as it is', async () => {
    expect(await judgeHonestBundle()).toEqual({ verdict: 'pass', text: '' });
  });
});

describe('a bundle that lies', () => {
  it('is there in every kind', () => {
    expect(lies.length).toBeGreaterThanOrEqual(30);
    expect(notCaughtYet.filter((name) => !judgements.has(name))).toEqual([]);
  });

  it.each(lies.filter(isCaught))('fails, and the report names it: $name', ({ name, names }) => {
    const { verdict, text } = judgements.get(name) ?? { verdict: 'pass', text: '' };
    expect({ verdict, text }).not.toMatchObject({ verdict: 'pass' });
    for (const word of names) expect(text).toContain(word);
  });

  it.each(lies.filter((lie) => !isCaught(lie)))('is not caught yet: $name', ({ name, names }) => {
    const { verdict, text } = judgements.get(name) ?? { verdict: 'pass', text: '' };
    const isNamed = names.every((word) => text.includes(word));
    expect({ verdict, isNamed }).not.toMatchObject({
      verdict: expect.stringMatching('fail|refused'),
      isNamed: true,
    });
  });
});
