/** The files of `sections/` → sections whose needs can be met, with every mistake added to `problems`. */
import type { Section } from '../model.js';
import type { NumberedFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';

export function readSections(files: readonly NumberedFile[], problems: string[]): Section[] {
  const sections = files.map(({ number, file }): Section => {
    const headers = indexHeaders(file, readHeaders(file, problems), ['Title', 'Needs'], problems);
    const title = titleOf(file, headers, problems);
    const needs = headers.get('Needs');
    const parts = needs ? needs.value.split(',').map((part) => part.trim()) : [];
    for (const part of parts) {
      if (!/^\d{1,2}$/.test(part)) {
        problems.push(`${file.path}:${needs?.line}: "${part}" is not the number of a section.`);
      }
    }
    return { number, title, needs: parts.filter((part) => /^\d{1,2}$/.test(part)).map(Number), file };
  });
  for (const section of sections) {
    for (const need of section.needs) {
      if (need === section.number) {
        problems.push(`${section.file.path}: needs itself. Take ${need} out of "Needs".`);
      } else if (!sections.some((other) => other.number === need)) {
        problems.push(`${section.file.path}: needs section ${need}, which is not there.`);
      } else if (need > section.number) {
        problems.push(
          `${section.file.path}: needs section ${need}, which runs after it. Give it a lower number.`,
        );
      }
    }
  }
  return sections;
}
