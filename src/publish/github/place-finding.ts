/** Takes failures with the files they are in; gives them as annotations on files of the checked-out repository. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { getActionRoot } from '../../action-root.js';

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

/** A bundle that ships with the action is none of the repository's, even where the action is checked out within it. */
export function placeFinding(
  { folder, path, line, title, message }: Finding,
  workspace: string,
): PlacedFinding {
  const file = path === null ? null : findFile(folder, path);
  const isOurs = file !== null && resolve(workspace) !== getActionRoot() && isInside(getActionRoot(), file);
  const isOfRepository = file !== null && !isOurs && isInside(workspace, file);
  const place = isOfRepository ? relative(workspace, file).split(sep).join('/') : null;
  return { path: place, line: line ?? 1, title, message };
}

/** A file of the bundle counts from its folder; one that `before` names is as somebody typed it. */
function findFile(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  const [inBundle, asTyped] = [join(folder, path), resolve(path)];
  return !existsSync(inBundle) && existsSync(asTyped) ? asTyped : inBundle;
}

function isInside(folder: string, file: string): boolean {
  const place = relative(folder, file);
  return place !== '' && !place.startsWith('..') && !isAbsolute(place);
}
