/** Takes an annotation, on a file of a bundle; gives it as one on a file of the checked-out repository. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { getActionRoot } from '../../action-root.js';
import type { Annotation } from '../../report/annotations.js';

/** `path` is as GitHub wants it: relative to the repository, with forward slashes; null where there is no such file. */
export interface PlacedAnnotation {
  readonly path: string | null;
  readonly line: number;
  readonly title: string;
  readonly message: string;
}

/** A bundle that ships with the action is none of the repository's, even where the action is checked out within it. */
export function placeAnnotation(
  { folder, path, line, title, message }: Annotation,
  workspace: string,
): PlacedAnnotation {
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
