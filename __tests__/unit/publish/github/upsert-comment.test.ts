import { describe, expect, it } from '@jest/globals';
import type { Account, Comment } from '../../../../src/publish/github/github-api.js';
import { type Marker, parseMarker, renderMarker } from '../../../../src/publish/github/marker.js';
import { upsertComment } from '../../../../src/publish/github/upsert-comment.js';

const bot: Account = { id: 41898282, login: 'github-actions[bot]' };
const stranger: Account = { id: 666, login: 'mallory' };
const marker: Marker = { key: 'default', workflow: 'a.yml', runId: 1007, runNumber: 7, attempt: 1 };
const earlier: Marker = { ...marker, runId: 1006, runNumber: 6 };

function comment(id: number, of: Marker | null, author: Account | null = bot): Comment {
  const body = of === null ? 'Looks good' : `${renderMarker(of)}\n\n## FAIL`;
  return { id, url: `https://github.test/${id}`, body, author };
}

/** A pull request that remembers what is done to it. */
function pullRequestWith(comments: readonly Comment[], viewer: Account | null = bot) {
  const left = new Map(comments.map((each) => [each.id, each]));
  const api = {
    readViewer: async () => viewer,
    listComments: async () => [...left.values()],
    createComment: async (_pullRequest: number, body: string) => {
      const created = { ...comment(99, null), body };
      left.set(99, created);
      return created;
    },
    updateComment: async (id: number, body: string) => {
      const updated = { ...comment(id, null), body };
      left.set(id, updated);
      return updated;
    },
    deleteComment: async (id: number) => {
      left.delete(id);
    },
  };
  return { api, left };
}

const request = {
  pullRequest: 12,
  marker,
  renderBody: ({ limit }: { limit: number }) => 'x'.repeat(limit),
  createIfAbsent: true,
};

describe('upsertComment', () => {
  it('creates a comment that can be found again, as long as GitHub allows', async () => {
    const { api, left } = pullRequestWith([comment(1, null)]);
    expect(await upsertComment(api, request)).toEqual({ kind: 'created', url: 'https://github.test/99' });
    expect(parseMarker(left.get(99)?.body ?? '')).toEqual(marker);
    expect(left.get(99)?.body).toHaveLength(65_536);
  });

  it('updates its own comment in place', async () => {
    const { api, left } = pullRequestWith([comment(1, null), comment(2, earlier), comment(3, null)]);
    const outcome = await upsertComment(api, request);
    expect(outcome).toEqual({ kind: 'updated', url: 'https://github.test/2', wasOfThisRun: false });
    expect([...left.keys()]).toEqual([1, 2, 3]);
    expect(parseMarker(left.get(2)?.body ?? '')).toEqual(marker);
  });

  it('leaves a comment alone that a newer run has written', async () => {
    const newer = comment(2, { ...marker, runNumber: 8 });
    const { api, left } = pullRequestWith([newer]);
    expect(await upsertComment(api, request)).toEqual({ kind: 'outdated', url: newer.url });
    expect(left.get(2)).toBe(newer);
  });

  it.each([stranger, null])('never touches a look-alike written by %j', async (author) => {
    const lookAlike = comment(1, earlier, author);
    const { api, left } = pullRequestWith([lookAlike]);
    expect(await upsertComment(api, request)).toMatchObject({ kind: 'created' });
    expect(left.get(1)).toBe(lookAlike);
  });

  it('cannot be silenced by a stranger who claims to be a newer run', async () => {
    const { api } = pullRequestWith([
      comment(1, { ...marker, runNumber: 9_999 }, stranger),
      comment(2, earlier),
    ]);
    expect(await upsertComment(api, request)).toMatchObject({
      kind: 'updated',
      url: 'https://github.test/2',
    });
  });

  it('takes the workflow bot for itself where the token may not ask who it is', async () => {
    const { api } = pullRequestWith([comment(1, earlier, stranger), comment(2, earlier)], null);
    expect(await upsertComment(api, request)).toMatchObject({
      kind: 'updated',
      url: 'https://github.test/2',
    });
  });

  it('recognises the comments of a personal token by its account', async () => {
    const { api } = pullRequestWith([comment(1, earlier, bot), comment(2, earlier, stranger)], stranger);
    expect(await upsertComment(api, request)).toMatchObject({
      kind: 'updated',
      url: 'https://github.test/2',
    });
  });

  it('keeps one of two comments that two first runs had created', async () => {
    const { api, left } = pullRequestWith([comment(1, earlier), comment(2, earlier)]);
    await upsertComment(api, request);
    expect([...left.keys()]).toEqual([1]);
  });

  it('says that another job of the same run had written the comment', async () => {
    const { api } = pullRequestWith([comment(1, marker)]);
    expect(await upsertComment(api, request)).toMatchObject({ kind: 'updated', wasOfThisRun: true });
  });

  it.each([
    [[], 'not-needed'],
    [[comment(1, earlier)], 'updated'],
  ])('creates none when none is wanted, and still updates a stale one', async (comments, kind) => {
    const { api } = pullRequestWith(comments);
    expect(await upsertComment(api, { ...request, createIfAbsent: false })).toMatchObject({ kind });
  });
});
