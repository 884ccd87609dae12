import { describe, expect, it } from '@jest/globals';
import { type Account, appBot, maintainer, stranger, workflowBot } from '../support/github/accounts.js';
import type { StoredComment } from '../support/github/operations.js';
import { withNotesBundle } from '../support/notes-bundle.js';
import { openPullRequests } from '../support/runner/events.js';
import { runnersNode as node } from '../support/runner/find-node.js';
import { messagesOf } from '../support/runner/read-log.js';
import { publish, rehearse, withGitHub } from '../support/runner/rehearsal.js';

describe('the comment', () => {
  it('is created by the first run', async () => {
    await withGitHub({}, async (github) => {
      const step = await rehearse({ node, github });
      expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass', planned: '1', passed: '1' } });
      expect(github.state.comments).toHaveLength(1);
      const [created] = github.state.comments;
      expect(created).toMatchObject({ issue: 12, author: workflowBot });
      expect(created?.body).toMatch(
        /^<!-- schema-fix-action .* -->\n\n## ✅ PASS, but only on 1 of 2 databases <sub>/,
      );
      expect(created?.body).toContain(`commit \`${'a'.repeat(7)}\``);
      expect(step.outputs['comment-url']).toBe(`${github.url}/acme/app/pull/12#issuecomment-1`);
      expect(step.summary).toContain('## ✅ PASS, but only on 1 of 2 databases');
      expect(JSON.parse(step.json ?? '')).toMatchObject({ verdict: 'pass' });
    });
  });

  it('has the report, and the summary of a shard a line: what merges them writes that', async () => {
    await withGitHub({}, async (github) => {
      const step = await rehearse({ node, github, inputs: { shard: '1/1' } });
      expect(step).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
      expect(github.state.comments[0]?.body).toMatch(/^<!--.*-->\n\n## ✅ PASS, shard 1 of 1/);
      expect(step.summary).toMatch(
        /^✅ PASS, Postgres \d+, shard 1 of 1 \(1 of 1 database, .*\) <sub>.*<\/sub>\n$/,
      );
    });
  });

  it('is updated in place by the second run, from red to green', async () => {
    await withGitHub({}, async (github) => {
      await withNotesBundle({ 'checks/01_author.sql': check("'a'") }, async (bundle) => {
        const red = await rehearse({ node, github, runNumber: 7, inputs: { bundle, comment: 'on-failure' } });
        expect(red).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail', failed: '1' } });
        expect(github.state.comments[0]?.body).toContain('## ❌ FAIL');
      });
      const green = await rehearse({ node, github, runNumber: 8, inputs: { comment: 'on-failure' } });
      expect(green.exitCode).toBe(0);
      expect(github.state.comments).toHaveLength(1);
      expect(github.state.comments[0]?.body).toContain('## ✅ PASS');
    });
  });

  it('is found after 300 comments of others', async () => {
    const others = Array.from({ length: 300 }, (_, index) =>
      comment(index + 1, stranger, `Comment ${index}`),
    );
    await withGitHub({ comments: [...others, ours({ runNumber: 6 })] }, async (github) => {
      await publish({ node, github });
      expect(github.state.comments).toHaveLength(301);
      expect(github.state.comments.at(-1)?.body).toContain('"runNumber":7');
      expect(github.state.comments.slice(0, 300)).toEqual(others);
    });
  });

  it('is never that of a stranger who copied the marker, whatever it claims', async () => {
    const copy = { ...ours({ runNumber: 99 }), author: stranger };
    await withGitHub({ comments: [{ ...copy }] }, async (github) => {
      const step = await publish({ node, github });
      expect(github.state.comments).toHaveLength(2);
      expect(github.state.comments[0]).toEqual(copy);
      expect(step.outputs['comment-url']).toContain('#issuecomment-1001');
    });
  });

  it.each<[string, string, Account]>([
    ['a person', 'ghp-personal-0005', maintainer],
    ['an app', 'ghs-app-0004', appBot],
  ])('is found by the token of %s, beside that of the workflow', async (_whose, token, author) => {
    const ofWorkflow = { ...ours({ runNumber: 6 }), id: 1 };
    const own = { ...ours({ runNumber: 6 }), id: 2, author };
    await withGitHub({ comments: [{ ...ofWorkflow }, own] }, async (github) => {
      await publish({ node, github, inputs: { 'github-token': token } });
      expect(github.state.comments).toHaveLength(2);
      expect(github.state.comments[0]).toEqual(ofWorkflow);
      expect(github.state.comments[1]?.body).toContain('"runNumber":7');
    });
  });

  it('is left alone by an older run that finishes late', async () => {
    const newer = ours({ runNumber: 8 });
    await withGitHub({ comments: [{ ...newer }] }, async (github) => {
      const step = await publish({ node, github });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toEqual([newer]);
      expect(step.summary).toContain('a newer run has written it already');
    });
  });

  it('warns when two jobs of one run share it', async () => {
    await withGitHub({ comments: [ours({ runNumber: 7 })] }, async (github) => {
      const step = await publish({ node, github });
      expect(github.state.comments).toHaveLength(1);
      expect(messagesOf(step.log, 'warning').join()).toContain('Give each job its own `comment-key`');
    });
  });

  it('is another one for another comment-key', async () => {
    await withGitHub({ comments: [ours({ runNumber: 6 })] }, async (github) => {
      await publish({ node, github, inputs: { 'comment-key': 'pg16' } });
      expect(github.state.comments).toHaveLength(2);
    });
  });

  it.each(['never', 'on-failure'])('is not written after a pass with comment: %s', async (policy) => {
    await withGitHub({}, async (github) => {
      const step = await publish({ node, github, inputs: { comment: policy } });
      expect(step.exitCode).toBe(0);
      expect(github.state.comments).toEqual([]);
      expect(step.summary).toContain('## ✅ PASS');
      expect(messagesOf(step.log, 'warning')).toEqual([]);
    });
  });

  it('replaces the verdict of an earlier run when nothing could be proven', async () => {
    await withGitHub({ comments: [ours({ runNumber: 6 })] }, async (github) => {
      const step = await rehearse({ node, github, inputs: { bundle: 'no/such/bundle' } });
      expect(step).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
      expect(github.state.comments[0]?.body).toContain('## ❌ NOT PROVEN: nothing could be found out');
      expect(github.state.comments[0]?.body).toContain('no/such/bundle');
      expect(messagesOf(step.log, 'error').join()).toContain('no/such/bundle');
      expect(step.output).not.toMatch(/^\s+at .*:\d+:\d+/m);
    });
  });

  it.each([
    [
      'in the diff that shows it',
      [{ filename: 'sections/02_policies.sql', patch: '@@ -1,2 +1,3 @@' }],
      /pull\/12\/files#diff-[0-9a-f]{64}R3/,
    ],
    ['in its file otherwise', [], /blob\/a{40}\/sections\/02_policies\.sql#L3/],
  ])('links the line that failed, %s', async (_, files, address) => {
    const [open] = openPullRequests;
    const pullRequests = open === undefined ? [] : [{ ...open, files }];
    const broken = { 'sections/02_policies.sql': '--! Title: Policies\n\nselect nothing_there;\n' };
    await withNotesBundle(broken, async (bundle) => {
      await withGitHub({ pullRequests }, async (github) => {
        const step = await rehearse({ node, github, workspace: bundle, inputs: { bundle } });
        for (const text of [github.state.comments[0]?.body, step.summary]) {
          expect(text).toMatch(
            new RegExp(
              `\\[\`sections/02_policies\\.sql:3:8\`\\]\\(https://github.com/acme/app/${address.source}\\)`,
            ),
          );
        }
      });
    });
  });

  it('keeps the verdict and the failures of a report that is longer than a comment and a summary can be', async () => {
    const rows = check(
      "pg_catalog.repeat('wrong ', 40) || n",
      'from pg_catalog.generate_series(1, 8000) as n',
    );
    await withNotesBundle({ 'checks/01_author.sql': rows }, async (bundle) => {
      await withGitHub({}, async (github) => {
        const step = await rehearse({ node, github, inputs: { bundle } });
        const body = github.state.comments[0]?.body ?? '';
        expect(step.json?.length).toBeGreaterThan(1024 * 1024);
        expect(body.length).toBeLessThanOrEqual(65_536);
        expect(Buffer.byteLength(step.summary)).toBeLessThanOrEqual(1024 * 1024);
        for (const text of [body, step.summary]) {
          expect(text).toContain('## ❌ FAIL');
          expect(text).toContain('wrong wrong');
        }
      });
    });
  });

  it('shows hostile group titles and is not broken by them', async () => {
    const rows = hostileTitles.map((title) => `('${title.replaceAll("'", "''")}')`).join(', ');
    await withNotesBundle(
      { 'checks/01_author.sql': check('t', `from (values ${rows}) as v (t)`) },
      async (bundle) => {
        await withGitHub({}, async (github) => {
          const step = await rehearse({ node, github, inputs: { bundle } });
          const [, ...lines] = (github.state.comments[0]?.body ?? '').split('\n');
          const prose = lines.join('\n').replace(/(`+)[\s\S]*?\1/g, '');
          expect(step.exitCode).toBe(1);
          expect(prose).not.toMatch(/@everyone|<\/table>|<script|<img|<!--|\u202E/);
          expect(prose.split('<details>')).toHaveLength(prose.split('</details>').length);
          // What the runner obeys is ours alone: the fold, the check that failed, and the verdict.
          expect(step.log.commands.map(({ name }) => name)).toEqual(['group', 'endgroup', 'error', 'error']);
          expect(step.output).not.toContain('##[');
        });
      },
    );
  });
});

const hostileTitles = [
  '@everyone, come here',
  '</details></td></table>',
  '`code` ``` and ~~~',
  'a | b \\| c',
  'first\nsecond\n::error::third\n::add-mask::e\n##[error]fourth',
  '<!-- schema-fix-action {"key":"default"} -->',
  '<img src=x onerror=alert(1)> <script>alert(1)</script>',
  '👩‍🚀'.repeat(2_500),
  '\u202Efdp.exe\u2066 \u200Fright to left',
];

function comment(id: number, author: Account, body: string): StoredComment {
  return { id, issue: 12, author, body };
}

/** What a run of this workflow has left behind. */
function ours({ runNumber }: { runNumber: number }): StoredComment {
  const workflow = '.github/workflows/schema-fix.yml';
  const fields = { key: 'default', workflow, runId: 1000 + runNumber, runNumber, attempt: 1 };
  return comment(1000, workflowBot, `<!-- schema-fix-action ${JSON.stringify(fields)} -->\n\n## ❌ FAIL`);
}

/** A check whose rows all fail, with this expression as what was found. */
function check(actual: string, from = ''): string {
  return `--! Title: Author
select 'a room' as object, 'right' as expected, ${actual} as actual, false as pass ${from}`;
}
