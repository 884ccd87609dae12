/** Of the definitions that a fix changes one database tells enough: those of a hundred would be most of a report. */
import type { SubjectResult } from '../model.js';

/** The first that failed tells them, or else the one of which most change. */
export function keepChangesOfOne(subjects: readonly SubjectResult[]): readonly SubjectResult[] {
  const changed = subjects.filter((subject) => numberOf(subject) > 0);
  const failed = changed.find(({ outcome }) => outcome === 'fail');
  const most = Math.max(...changed.map(numberOf));
  const told = failed ?? changed.find((subject) => numberOf(subject) === most);
  if (told === undefined) return subjects;
  return subjects.map((subject) =>
    subject === told || subject.changes.outcome === 'skipped'
      ? subject
      : { ...subject, changes: { outcome: 'skipped', reason: `they are told of ${told.name}` } },
  );
}

function numberOf({ changes }: SubjectResult): number {
  return changes.outcome === 'skipped' ? 0 : changes.changes.length;
}
