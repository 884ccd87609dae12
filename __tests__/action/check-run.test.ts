import { describe, expect, it } from '@jest/globals';
import { withNotesBundle } from '../support/notes-bundle.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { rehearse, withGitHub } from '../support/runner/rehearsal.js';

const brokenSection = `--! Title: Every note has an author
alter table public.notes
    alter column nobody set not null;
`;

describe('the check run', () => {
  it('points at the line of the SQL that failed, and so does the log', async () => {
    await withNotesBundle({ 'sections/01_author.sql': brokenSection }, async (bundle) => {
      await withGitHub({}, async (github) => {
        const inputs = { bundle, 'check-run': 'true' };
        const step = await rehearse({ node, github, inputs, workspace: bundle });
        expect(step.exitCode).toBe(1);
        expect(github.state.checkRuns).toMatchObject([
          { name: 'Postgres schema fix', head_sha: 'a'.repeat(40), conclusion: 'failure' },
        ]);
        const [annotation] = github.state.checkRuns[0]?.output.annotations ?? [];
        expect(annotation).toMatchObject({ path: 'sections/01_author.sql', start_line: 2 });
        expect(annotation?.message).toContain('column "nobody" of relation "notes" does not exist');
        expect(step.log.commands.find(({ name }) => name === 'error')).toMatchObject({
          name: 'error',
          properties: { file: 'sections/01_author.sql', line: '2' },
        });
      });
    });
  });

  it('has more than fifty annotations in several requests', async () => {
    const checks = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `checks/${index + 10}_wrong.sql`,
        `--! Title: Wrong ${index}\nselect 'o' as object, 'e' as expected, 'a${index}' as actual, false as pass`,
      ]),
    );
    await withNotesBundle(checks, async (bundle) => {
      await withGitHub({}, async (github) => {
        const inputs = { bundle, 'check-run': 'true', comment: 'never' };
        const step = await rehearse({ node, github, inputs, workspace: bundle });
        expect(step.exitCode).toBe(1);
        expect(github.state.checkRuns[0]?.output.annotations).toHaveLength(60);
        expect(github.requests.filter((request) => request.includes('check-runs'))).toHaveLength(2);
        // The runner shows ten, and the verdict comes after them.
        expect(messagesOf(step.log, 'error')).toHaveLength(11);
      });
    });
  });

  it.each([
    ['ghs-only-comments-0002', 'Add `permissions: checks: write` to the job.'],
    ['ghp-personal-0005', 'You must authenticate via a GitHub App.'],
  ])('that %s may not write is told, and the comment is written', async (token, remedy) => {
    await withGitHub({}, async (github) => {
      const step = await rehearse({ node, github, inputs: { 'github-token': token, 'check-run': 'true' } });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toHaveLength(1);
      expect(messagesOf(step.log, 'warning')).toEqual([expect.stringContaining(remedy)]);
    });
  });
});
