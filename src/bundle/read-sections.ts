/** The files of `sections/` → sections whose needs can be met, with every mistake added to `problems`. */
import type { Section } from '../model.js';
import type { NumberedFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';
import { listWithParts } from './read-parts.js';

export async function readSections(bundle: string, problems: string[]): Promise<Section[]> {
  const files = await listWithParts(bundle, 'sections', 'section', problems);
  const sections = files.map((file) => ({ ...readHead(file, problems), parts: file.parts }));
  checkNeeds(sections, problems);
  return sections;
}

function readHead({ number, file }: NumberedFile, problems: string[]): Omit<Section, 'parts'> {
  const headers = indexHeaders(file, readHeaders(file, problems), ['Title', 'Needs', 'Remains'], problems);
  const title = titleOf(file, headers, problems);
  const needs = headers.get('Needs');
  const numbers = needs ? needs.value.split(',').map((number) => number.trim()) : [];
  for (const written of numbers) {
    if (!/^\d{1,3}$/.test(written)) {
      problems.push(`${file.path}:${needs?.line}: "${written}" is not the number of a section.`);
    }
  }
  return { number, title, needs: numbers.filter((written) => /^\d{1,3}$/.test(written)).map(Number), file };
}

function checkNeeds(sections: readonly Section[], problems: string[]): void {
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
}
