import { describe, expect, it } from '@jest/globals';
import { openGitHubApi } from '../../../../src/publish/github/open-github-api.js';
import { publishSuggestions } from '../../../../src/publish/github/publish-suggestions.js';
import { rewriteLine, type Suggestion } from '../../../../src/report/suggestions.js';
import type { GitHubContext } from '../../../../src/settings/github/github-context.js';
import { maintainer, stranger, workflowBot } from '../../../support/github/accounts.js';
import type { GitHubState } from '../../../support/github/operations.js';
import { type GitHubDouble, startGitHubDouble } from '../../../support/github/start-github-double.js';

const patch =
  '@@ -1,2 +1,4 @@\n --! Title: Names\n+\n+select body from public.nots;\n+select autor from public.notes;';
const pullRequests = [
  {
    number: 12,
    head: { owner: 'acme', branch: 'names', sha: 'a'.repeat(40), repositoryId: 1 },
    files: [{ filename: 'fix/sections/01_names.sql', patch }],
  },
];

const suggestion = (overrides: Partial<Suggestion> = {}): Suggestion => ({
  folder: '/repo/fix',
  path: 'sections/01_names.sql',
  line: 3,
  column: 18,
  missing: 'public.nots',
  instead: 'public.notes',
  ...overrides,
});

async function withDouble(
  reviewComments: GitHubState['reviewComments'],
  work: (github: GitHubDouble) => Promise<void>,
): Promise<void> {
  const github = await startGitHubDouble({ pullRequests, reviewComments });
  try {
    await work(github);
    expect(github.breaches).toEqual([]);
  } finally {
    await github.stop();
  }
}

async function publish(
  github: GitHubDouble,
  suggestions: readonly Suggestion[],
  {
    runNumber = 7,
    isFromFork = false,
    token = 'ghs-workflow-0001',
    kind = 'known',
    commit = 'a'.repeat(40),
  } = {},
) {
  const api = await openGitHubApi({
    token,
    apiUrl: github.url,
    repository: { owner: 'acme', name: 'app' },
    signal: new AbortController().signal,
    log: () => undefined,
  });
  const context = {
    commit,
    workflow: '.github/workflows/fix.yml',
    runId: runNumber,
    order: { runNumber, attempt: 1 },
    workspace: '/repo',
    pullRequest: { kind, number: 12, isFromFork },
  } as unknown as GitHubContext;
  return publishSuggestions(api, { suggestions, context, key: 'default' });
}

describe('publishSuggestions', () => {
  it('suggests the whole line, once, on the line of the diff', async () => {
    await withDouble([], async (github) => {
      expect(await publish(github, [suggestion()])).toBeNull();
      expect(await publish(github, [suggestion()], { runNumber: 8 })).toBeNull();
      expect(github.state.reviewComments).toMatchObject([
        { path: 'fix/sections/01_names.sql', line: 3, author: workflowBot },
      ]);
      expect(github.state.reviewComments[0]?.body).toMatch(
        /^<!-- schema-fix-action .*-->\n`public\.nots` is not there; `public\.notes` is\.\n\n```suggestion\nselect body from public\.notes;\n```$/,
      );
    });
  });

  it('says nothing about lines that the diff does not show, or shows otherwise', async () => {
    await withDouble([], async (github) => {
      const others = [
        suggestion({ line: 40 }),
        suggestion({ path: 'sections/02_other.sql' }),
        suggestion({ folder: '/elsewhere' }),
        suggestion({ column: 2 }),
        suggestion({ missing: 'public.rooms' }),
      ];
      expect(await publish(github, others)).toBeNull();
      expect(github.state.reviewComments).toEqual([]);
    });
  });

  it('takes away its own that are obsolete and nobody answered, and nobody else’s', async () => {
    await withDouble([], async (github) => {
      const column = suggestion({ line: 4, column: 8, missing: 'autor', instead: 'author' });
      await publish(github, [suggestion(), column]);
      const [name, columns] = github.state.reviewComments;
      const copied = {
        pullRequest: 12,
        author: stranger,
        path: 'fix/sections/01_names.sql',
        line: 3,
        body: name?.body ?? '',
      };
      github.state.reviewComments.push(
        { ...copied, id: 90 },
        { ...copied, id: 91, author: maintainer, body: 'I mean it', inReplyTo: columns?.id ?? 0 },
      );
      await publish(github, [], { runNumber: 6 });
      expect(github.state.reviewComments.map(({ id }) => id)).toEqual([1, 2, 90, 91]);
      await publish(github, [], { runNumber: 8 });
      expect(github.state.reviewComments.map(({ id }) => id)).toEqual([2, 90, 91]);
    });
  });

  it('leaves a pull request alone whose head is another commit than was rehearsed', async () => {
    await withDouble([], async (github) => {
      const other = await publish(github, [suggestion()], { kind: 'by-number', commit: 'b'.repeat(40) });
      expect(other).toEqual({
        level: 'warning',
        text: expect.stringContaining('is aaaaaaa, and bbbbbbb was'),
      });
      expect(github.state.reviewComments).toEqual([]);
      expect(await publish(github, [suggestion()], { kind: 'by-number' })).toBeNull();
      expect(github.state.reviewComments).toHaveLength(1);
    });
  });

  it('does without in a run of a fork, and warns where it may not write', async () => {
    await withDouble([], async (github) => {
      expect(await publish(github, [suggestion()], { isFromFork: true })).toMatchObject({ level: 'info' });
      expect(github.requests).toEqual([]);
      expect(await publish(github, [suggestion()], { token: 'ghs-read-only-0003' })).toEqual({
        level: 'warning',
        text: expect.stringContaining('pull-requests: write'),
      });
    });
  });
});

describe('rewriteLine', () => {
  it.each<[string, Partial<Suggestion>, string | null]>([
    [
      'delete from nots where id = 1;',
      { column: 13, missing: 'nots', instead: 'public.notes' },
      'delete from public.notes where id = 1;',
    ],
    ['alter table public.nots add x int;', { column: null }, 'alter table public.notes add x int;'],
    [
      'select n.autor from public.notes as n',
      { column: 8, missing: 'n.autor', instead: 'author' },
      'select n.author from public.notes as n',
    ],
    [
      'select N.Autor from public.notes as n',
      { column: 8, missing: 'n.autor', instead: 'author' },
      'select N.author from public.notes as n',
    ],
    ['select public.nots, public.nots', { column: null }, null],
    ['select 1', { column: null }, null],
    ['select "Autor" from x', { column: 8, missing: 'Autor', instead: 'author' }, 'select author from x'],
  ])('%s', (line, overrides, expected) => {
    expect(rewriteLine(line, suggestion(overrides))).toBe(expected);
  });
});
