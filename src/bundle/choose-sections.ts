/** Numbers that somebody asked for → the sections to run, with those they need. */
import { UserError } from '../errors.js';
import type { Section, SectionChoice } from '../model.js';

/** All sections where `numbers` is null. Throws a UserError that names every number no section has. */
export function chooseSections(
  sections: readonly Section[],
  numbers: readonly number[] | null,
): SectionChoice {
  if (numbers === null) return { sections, added: [] };
  const byNumber = new Map(sections.map((section) => [section.number, section]));
  const unknown = numbers.filter((number) => !byNumber.has(number));
  if (unknown.length > 0) {
    const known = [...byNumber.keys()].join(', ');
    throw new UserError(
      `sections: there is no section ${unknown.join(', ')} in this bundle. It has ${known}.`,
    );
  }

  const chosen = new Set(numbers);
  const added: { number: number; neededBy: number }[] = [];
  for (const number of chosen) {
    for (const need of byNumber.get(number)?.needs ?? []) {
      if (chosen.has(need)) continue;
      // A set goes on to elements that are added while it is walked, so needs of needs come along too.
      chosen.add(need);
      added.push({ number: need, neededBy: number });
    }
  }
  return { sections: sections.filter((section) => chosen.has(section.number)), added };
}
