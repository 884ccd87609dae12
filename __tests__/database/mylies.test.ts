import { expect, it } from '@jest/globals';
import { judgeHonestBundle, judgeLie, loadLies } from '../support/lies.js';

const wanted = new RegExp(process.env['LIES'] ?? '.');
const all = (await loadLies()).filter(({ name }) => wanted.test(name));
it('honest', async () => {
  expect(await judgeHonestBundle()).toEqual({ verdict: 'pass', text: '' });
}, 300000);
it.each(all)(
  '$name',
  async (lie) => {
    const { verdict, text } = await judgeLie(lie);
    expect({ verdict, text }).not.toMatchObject({ verdict: 'pass' });
    for (const word of lie.names) expect(text).toContain(word);
  },
  120000,
);
