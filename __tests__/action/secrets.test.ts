import { describe, expect, it } from '@jest/globals';
import { findForms, makeTalker, password, talkative, talker } from '../support/hostile-password.js';
import { withNotesBundle } from '../support/notes-bundle.js';
import { nodes } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { rehearsalInputs, rehearse, withGitHub } from '../support/runner/rehearsal.js';
import type { Step } from '../support/runner/run-action.js';

await makeTalker();

describe.each(nodes)('a password, on Node %i', (_major, node) => {
  it('opens the door and is seen nowhere, even if the database tells it', async () => {
    await withNotesBundle({ 'sections/01_author.sql': talkative }, async (bundle) => {
      await withGitHub({}, async (github) => {
        const url = new URL(String(rehearsalInputs()['postgres-url']));
        url.username = talker;
        url.password = encodeURIComponent(password);
        const inputs = { bundle, 'postgres-url': url.href, 'check-run': 'true' };
        const step = await rehearse({ node, github, inputs, environment: { RUNNER_DEBUG: '1' } });
        expect(step.exitCode).toBe(1);
        expect(step.log.text).toContain('cannot log in with ***');
        expect(github.state.comments).toHaveLength(1);
        expect(github.state.checkRuns).toHaveLength(1);
        expectNowhere(step, JSON.stringify(github.state));
      });
    });
  });

  it.each([
    ['is refused', `postgres://talker:${encodeURIComponent(password)}@127.0.0.1:1/postgres`],
    ['does not parse', `postgres://talker:${password}@127.0.0.1:1/postgres`],
    ['is of another kind', `mysql://talker:${encodeURIComponent(password)}@127.0.0.1/x?password=p@ss/word`],
  ])('is not told by a message when its address %s', async (_what, url) => {
    await withGitHub({}, async (github) => {
      const step = await rehearse({ node, github, inputs: { 'postgres-url': url } });
      expect(step.exitCode).toBe(1);
      expect(messagesOf(step.log, 'error').join()).toContain('postgres-url');
      expectNowhere(step, JSON.stringify(github.state));
    });
  });

  it('that is the name of its user is not hidden, as it would hide half of the report', async () => {
    await withGitHub({}, async (github) => {
      const inputs = { 'postgres-url': 'postgres://postgres:postgres@127.0.0.1:1/postgres' };
      const step = await rehearse({ node, github, inputs });
      expect(messagesOf(step.log, 'error').join()).toContain('postgres');
    });
  });
});

function expectNowhere(step: Step, state: string): void {
  const places = {
    log: step.log.text,
    summary: step.summary,
    json: step.json ?? '',
    outputs: JSON.stringify(step.outputs),
    github: state,
  };
  for (const [place, text] of Object.entries(places)) {
    const found = findForms(text);
    expect({ place, found }).toEqual({ place, found: [] });
  }
}
