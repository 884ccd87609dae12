/** Takes failures with the files they are in; gives them as annotations on files of the checked-out repository. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A failure and where it is; `path` is relative to `folder`, lines count from 1. */
export interface Finding {
  readonly folder: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly title: string;
  readonly message: string;
}

/** `path` is as GitHub wants it: relative to the repository, with forward slashes; null where there is no such file. */
export interface PlacedFinding {
  readonly path: string | null;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

/** A bundle that ships with the action lies outside the repository: nothing of it can be annotated there. */
export function placeFinding(
  { folder, path, line, title, message }: Finding,
  workspace: string,
): PlacedFinding {
  const place = path === null ? null : relative(workspace, findFile(folder, path));
  const isInside = place !== null && place !== '' && !place.startsWith('..') && !isAbsolute(place);
  return { path: isInside ? place.split(sep).join('/') : null, line: line ?? 1, title, message };
}

/** A file of the bundle counts from its folder; one that `before` names is as somebody typed it. */
function findFile(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  const [inBundle, asTyped] = [join(folder, path), resolve(path)];
  return !existsSync(inBundle) && existsSync(asTyped) ? asTyped : inBundle;
}
