/** One named way in which the fix could be wrong: an edit of one of its sections, and the states that are to show it. */
import type { Bundle } from '../../src/model.js';

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

/** Throws where the section has changed so that the mutant says nothing any more. */
export function mutate(bundle: Bundle, { name, section: number, from, to }: Edit): Bundle {
  const sections = bundle.sections.map((section) => {
    if (section.number !== number) return section;
    const places = section.file.text.split(from).length - 1;
    if (places !== 1) {
      throw new Error(
        `mutant "${name}": its text is ${places} times in section ${number}, not once:\n${from}`,
      );
    }
    const text = section.file.text.replace(from, () => to);
    return { ...section, file: { ...section.file, text } };
  });
  return { ...bundle, sections };
}
