/** One named way in which the fix could be wrong: an edit of one of its sections, and the states that are to show it. */
import type { Bundle, SqlFile } from '../../src/model.js';

export type Mutant = StateMutant | RaceMutant;

interface Edit {
  readonly name: string;
  /** The number of the section. */
  readonly section: number;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

export interface StateMutant extends Edit {
  /** Numbers of states, tried in this order until one shows it. */
  readonly states: readonly number[];
}

/** One that goes wrong only when two do something at once. */
export interface RaceMutant extends Edit {
  readonly race: string;
}

/** The bundle with the one edit, for each mutant. Throws, naming all, where a section has changed so that some say nothing any more. */
export function mutateEach(bundle: Bundle, mutants: readonly Mutant[]) {
  const stale = mutants.filter(({ section, from }) => countPlaces(bundle, section, from) !== 1);
  if (stale.length > 0) {
    const lines = stale.map(
      ({ name, section, from }) =>
        `"${name}": its text is ${countPlaces(bundle, section, from)} times in section ${section}, not once:\n${from}`,
    );
    throw new Error(`Mutants that are stale:\n${lines.join('\n')}`);
  }
  return mutants.map((mutant) => ({ mutant, bundle: mutate(bundle, mutant) }));
}

function countPlaces({ sections }: Bundle, number: number, text: string): number {
  const section = sections.find((one) => one.number === number);
  const files = section === undefined ? [] : [section.file, ...section.parts];
  return files.reduce((places, file) => places + file.text.split(text).length - 1, 0);
}

function mutate(bundle: Bundle, { section: number, from, to }: Edit): Bundle {
  const edit = (file: SqlFile): SqlFile => ({ ...file, text: file.text.replace(from, () => to) });
  const sections = bundle.sections.map((section) =>
    section.number === number
      ? { ...section, file: edit(section.file), parts: section.parts.map(edit) }
      : section,
  );
  return { ...bundle, sections };
}
