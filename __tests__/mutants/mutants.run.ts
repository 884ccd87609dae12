/** `npm run mutants`: breaks the chat fix in every way that is listed, and shows what caught each. `MUTANT=words npm run mutants`: in those whose name holds the words. */
import { describe, expect, it } from '@jest/globals';
import { markdownTable } from 'markdown-table';
import { loadChatBundle } from '../support/chat-bundle.js';
import { mutants } from './mutants.js';
import { type Trial, tryMutants } from './try-mutants.js';

const rowOf = ({ mutant, scene, catches }: Trial): string[] => [
  mutant.name,
  scene,
  catches.length === 0 ? 'SURVIVES' : catches.join(', '),
];

describe('the suite', () => {
  it('catches every mutant of the chat fix', async () => {
    const chosen = mutants.filter(({ name }) => name.includes(process.env.MUTANT ?? ''));
    expect(chosen).not.toEqual([]);
    const trials = await tryMutants(await loadChatBundle(), chosen, (trial) =>
      process.stderr.write(`${rowOf(trial).join(' | ')}\n`),
    );
    const survivors = trials.filter(({ catches }) => catches.length === 0);
    const heading = ['Mutant', 'State or race', 'Caught by'];
    process.stdout.write(
      `\n${markdownTable([heading, ...trials.map(rowOf)])}\n\n${trials.length} mutants, ${survivors.length} survive\n`,
    );
    expect(survivors.map(({ mutant }) => mutant.name)).toEqual([]);
  }, 1_800_000);
});
