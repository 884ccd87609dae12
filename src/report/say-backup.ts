/** How somebody can go back from a deployment, a line each: what there is, and what it does not hold. */
import type { Report } from '../model.js';
import { counted } from './words.js';

export function sayBackup({ backup }: Pick<Report, 'backup'>): readonly string[] {
  if (backup === undefined) return [];
  if (backup.kind === 'none') return ['none, as somebody typed'];
  if (backup.taken === null) return [`confirmed, and not looked at: ${backup.note ?? ''}`];
  const { file, bytes, digest, artifact, isEncrypted, tables, rows, objects, restoredOn, missing, untried } =
    backup.taken;
  return [
    `${file}, restored and compared: ${counted(rows, 'row')} of ${counted(tables, 'table')}${missing.length === 0 ? '' : `; it lacks ${counted(missing.length, 'thing')}`}`,
    `a ${backup.kind}, ${counted(bytes, 'byte')}, ${isEncrypted ? 'encrypted' : 'not encrypted'}, SHA-256 ${digest}`,
    ...(artifact === undefined
      ? []
      : [`uploaded as an artifact of the run before anything was begun: ${artifact}`]),
    `restored into Postgres ${restoredOn}, where ${counted(objects, 'definition was', 'definitions were')} compared, too`,
    ...missing.map((what) => `not in it: ${what}`),
    ...untried.map((what) => `in it, and could not be tried there: ${what}`),
  ];
}
