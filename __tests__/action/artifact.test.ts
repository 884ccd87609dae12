import { describe, expect, it } from '@jest/globals';
import { runnersNode as node } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { rehearse, withGitHub } from '../support/runner/rehearsal.js';
import { withRunnerServices } from '../support/services-double.js';

describe('the report as an artifact', () => {
  it('is uploaded as JSON and as a page, under a name of its own, and linked from the comment', async () => {
    await withRunnerServices({}, async ({ environment, artifacts }) => {
      await withGitHub({}, async (github) => {
        const first = await rehearse({ node, github, environment, runNumber: 7 });
        const second = await rehearse({ node, github, environment, runNumber: 8 });
        expect([first, second]).toMatchObject([
          {
            exitCode: 0,
            outputs: { 'artifact-url': 'https://github.com/acme/app/actions/runs/1007/artifacts/4711' },
          },
          {
            exitCode: 0,
            outputs: { 'artifact-url': 'https://github.com/acme/app/actions/runs/1008/artifacts/4712' },
          },
        ]);
        expect(github.state.comments[0]?.body).toMatch(
          /\[the whole report of [0-9a-f]{7}\]\(https:\/\/github\.com\/acme\/app\/actions\/runs\/1008\/artifacts\/4712\)/,
        );
        expect(messagesOf(second.log, 'warning')).toEqual([]);
      });
      expect(artifacts.map(({ name }) => name.replace(/[0-9a-f]{8}$/, ''))).toEqual(
        Array(2).fill('schema-fix-rehearse-postgres-17-'),
      );
      for (const { content, finalizedSize } of artifacts) {
        expect(Number(finalizedSize)).toBe(content.length);
        expect(content.includes('report.json')).toBe(true);
        expect(content.includes('report.html')).toBe(true);
      }
    });
  });

  it('that is refused costs a warning, not the verdict', async () => {
    await withRunnerServices({ refuses: true }, async ({ environment, artifacts }) => {
      await withGitHub({}, async (github) => {
        const step = await rehearse({ node, github, environment });
        expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
        expect(step.outputs).not.toHaveProperty('artifact-url');
        expect(messagesOf(step.log, 'warning')).toEqual([
          expect.stringMatching(/^The report could not be uploaded as an artifact: .*no storage left/),
        ]);
        expect(step.summary).toContain('could not be uploaded as an artifact');
      });
      expect(artifacts).toEqual([]);
    });
  });
});
