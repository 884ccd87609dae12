import { expect, it } from '@jest/globals';
import { mutateEach } from '../mutants/mutant.js';
import { mutants } from '../mutants/mutants.js';
import { tryMutants } from '../mutants/try-mutants.js';
import { loadChatBundle } from '../support/chat-bundle.js';
import { someOf } from '../support/some-of.js';

/** One for each way of noticing; `npm run mutants` tries all that there are. */
const chosen = someOf(
  [
    'the unique index forgets the creator',
    "messages are sent in another's name",
    'stray rows are deleted instead of moved to quarantine',
    'of contradicting memberships the approved one stands',
    'the second run updates rows that need nothing',
    'a refusal does not say why',
    'what hangs on a stray row goes down with it',
    'two who open their conversation do not wait for each other',
  ],
  7,
);

it('finds the place of every mutant', async () => {
  expect(mutateEach(await loadChatBundle(), mutants)).toHaveLength(mutants.length);
});

it('has a mutant for every mark', async () => {
  const { prelude, sections } = await loadChatBundle();
  const texts = [...prelude, ...sections.flatMap(({ file, parts }) => [file, ...parts])].map(
    ({ text }) => text,
  );
  const marked = texts.flatMap((text) => [...text.matchAll(/-- mutant: (.*)/g)].map(([, name]) => name));
  expect(marked.sort()).toEqual(mutants.map(({ name }) => name).sort());
});

it('catches a fix that is nearly right', async () => {
  const tried = mutants.filter(({ name }) => chosen.includes(name));
  const trials = await tryMutants(await loadChatBundle(), tried, () => undefined);
  expect(trials).toHaveLength(chosen.length);
  expect(trials.filter(({ catches }) => catches.length === 0)).toEqual([]);
}, 180_000);
