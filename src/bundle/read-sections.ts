/** The files of `sections/` → sections whose needs can be met, with every mistake added to `problems`. */
import type { Section } from '../model.js';
import { listFolders, listSqlFiles, type NumberedFile } from './list-sql-files.js';
import { indexHeaders, readHeaders, titleOf } from './read-headers.js';
import { readParts } from './read-parts.js';

const folder = 'sections';

export async function readSections(bundle: string, problems: string[]): Promise<Section[]> {
  const files = await listSqlFiles(bundle, folder, problems);
  const sections: Section[] = [];
  for (const file of files) {
    const parts = await readParts(bundle, `${folder}/${file.name}`, problems);
    sections.push({ ...readHead(file, problems), parts });
  }
  for (const name of await listFolders(bundle, folder)) {
    if (files.some((file) => file.name === name)) continue;
    problems.push(
      `${folder}/${name}/: belongs to no section. Add ${folder}/${name}.sql, which runs before it.`,
    );
  }
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
