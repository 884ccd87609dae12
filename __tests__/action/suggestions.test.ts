import { describe, expect, it } from '@jest/globals';
import { withNotesBundle } from '../support/notes-bundle.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { rehearse, withGitHub } from '../support/runner/rehearsal.js';

const section = `--! Title: Every note has an author
alter table notes alter column author set not null;
`;
const head = { owner: 'acme', branch: 'names', sha: 'a'.repeat(40), repositoryId: 1 };
const patch = `@@ -1 +1,2 @@\n --! Title: Every note has an author\n+alter table notes alter column author set not null;`;
const pullRequests = [{ number: 12, head, files: [{ filename: 'sections/01_author.sql', patch }] }];

describe('a suggestion', () => {
  it('stands on the line whose name lacks its schema, where somebody wants suggestions', async () => {
    await withNotesBundle({ 'sections/01_author.sql': section }, async (bundle) => {
      await withGitHub({ pullRequests }, async (github) => {
        await rehearse({ node, github, inputs: { bundle }, workspace: bundle });
        expect(github.state.reviewComments).toEqual([]);
        const inputs = { bundle, suggestions: 'true' };
        const step = await rehearse({ node, github, inputs, workspace: bundle, runNumber: 8 });
        expect(messagesOf(step.log, 'warning')).toEqual([]);
        expect(github.state.reviewComments).toMatchObject([{ path: 'sections/01_author.sql', line: 2 }]);
        expect(github.state.reviewComments[0]?.body).toContain(
          '```suggestion\nalter table public.notes alter column author set not null;\n```',
        );
      });
    });
  });
});
