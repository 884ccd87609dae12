/** One named way in which the fix could be wrong: an edit of one of its sections, and the states that are to show it. */
import type { Bundle, SqlFile } from '../../src/model.js';

export type Mutant = StateMutant | RaceMutant;

interface Edit {
  /** Its place in the SQL is marked by a line `-- mutant: NAME` above it. */
  readonly name: string;
  /** For a place without a mark: the number of its section, where `from` stands exactly once. */
  readonly section?: number;
  /** Replaced where it stands first below the mark, within a few lines. */
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

/** How many lines below its mark a place may end. */
const reach = 20;

/** The bundle with the one edit, for each mutant. Throws, naming all, where the SQL has changed so that some say nothing any more. */
export function mutateEach(bundle: Bundle, mutants: readonly Mutant[]) {
  const files = listFiles(bundle);
  const stale = mutants.filter((mutant) => places(files, mutant).length !== 1);
  if (stale.length > 0) {
    const lines = stale.map(
      ({ name, from }) => `"${name}": not one place that is marked so and holds\n${from}`,
    );
    throw new Error(`Mutants that are stale:\n${lines.join('\n')}`);
  }
  return mutants.map((mutant) => ({ mutant, bundle: mutate(bundle, mutant) }));
}

interface NumberedFile {
  /** Of its section, or null for one of the prelude. */
  readonly section: number | null;
  readonly file: SqlFile;
}

function listFiles({ prelude, sections }: Bundle): NumberedFile[] {
  return [
    ...prelude.map((file) => ({ section: null, file })),
    ...sections.flatMap(({ number, file, parts }) =>
      [file, ...parts].map((file) => ({ section: number, file })),
    ),
  ];
}

/** The files that hold the place, and where in them: a mutant that says something has one. */
function places(
  files: readonly NumberedFile[],
  { name, section, from }: Edit,
): { file: SqlFile; at: number }[] {
  if (section !== undefined) {
    return files.flatMap(({ section: number, file }) =>
      number === section
        ? file.text
            .split(from)
            .slice(1)
            .map(() => ({ file, at: file.text.indexOf(from) }))
        : [],
    );
  }
  const mark = `-- mutant: ${name}\n`;
  return files.flatMap(({ file }) => {
    const marks = file.text.split(mark).length - 1;
    const start = file.text.indexOf(mark);
    const end = file.text.split('\n', file.text.slice(0, start).split('\n').length + reach).join('\n').length;
    const at = marks === 1 ? file.text.slice(0, end).indexOf(from, start + mark.length - 1) : -1;
    return at < 0 ? [] : [{ file, at }];
  });
}

function mutate(bundle: Bundle, mutant: Edit): Bundle {
  const [place] = places(listFiles(bundle), mutant);
  const edit = (file: SqlFile): SqlFile =>
    file === place?.file
      ? {
          ...file,
          text: file.text.slice(0, place.at) + mutant.to + file.text.slice(place.at + mutant.from.length),
        }
      : file;
  return {
    ...bundle,
    prelude: bundle.prelude.map(edit),
    sections: bundle.sections.map((section) => ({
      ...section,
      file: edit(section.file),
      parts: section.parts.map(edit),
    })),
  };
}
