/** Takes where a run stands and which lines its pull request shows; gives the address of a line of the repository. */
import { createHash } from 'node:crypto';
import type { LinkedPlace, PlaceInBundle } from '../../report/render-comment.js';
import type { GitHubContext } from '../../settings/github/github-context.js';
import { placeAnnotation } from './place-annotation.js';

/** First and last, counted from 1. */
export type LineRange = readonly [from: number, to: number];

/** Of a pull request: which lines its diff shows, by file. */
export interface ShownLines {
  readonly pullRequest: number;
  readonly files: ReadonlyMap<string, readonly LineRange[]>;
}

export type LinkTo = (place: PlaceInBundle) => LinkedPlace | null;

/** In the diff, where the pull request shows the line; otherwise in the file as it is at the commit. */
export function linkPlaces(
  { repositoryUrl, commit, workspace }: Pick<GitHubContext, 'repositoryUrl' | 'commit' | 'workspace'>,
  shown: ShownLines | null,
): LinkTo {
  return ({ folder, path, line }) => {
    const { path: placed } = placeAnnotation({ folder, path, line, title: '', message: '' }, workspace);
    if (placed === null || repositoryUrl === null || commit === '') return null;
    const ranges = shown?.files.get(placed) ?? [];
    if (shown !== null && line !== null && ranges.some(([from, to]) => from <= line && line <= to)) {
      const file = createHash('sha256').update(placed).digest('hex');
      const url = `${repositoryUrl}/pull/${shown.pullRequest}/files#diff-${file}R${line}`;
      return { path: placed, url };
    }
    const at = placed.split('/').map(encodeInPath).join('/');
    return {
      path: placed,
      url: `${repositoryUrl}/blob/${commit}/${at}${line === null ? '' : `#L${line}`}`,
    };
  };
}

/** Brackets, too, which would end a link in markdown. */
function encodeInPath(part: string): string {
  return encodeURIComponent(part).replace(/[()']/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** The lines that a patch shows on its new side; a file without a patch, one too large, shows none. */
export function readShownLines(patch: string | undefined): LineRange[] {
  return [...(patch ?? '').matchAll(/^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/gm)].flatMap(
    ([, from = '', count = '1']): LineRange[] =>
      Number(count) === 0 ? [] : [[Number(from), Number(from) + Number(count) - 1]],
  );
}

/** What these lines say, by their numbers. */
export function readDiffLines(patch: string | undefined): Map<number, string> {
  const lines = new Map<number, string>();
  let next = 0;
  for (const line of (patch ?? '').split('\n')) {
    const begins = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line)?.[1];
    if (begins !== undefined) next = Number(begins);
    else if (line.startsWith('+') || line.startsWith(' ')) {
      lines.set(next, line.slice(1));
      next += 1;
    }
  }
  return lines;
}
