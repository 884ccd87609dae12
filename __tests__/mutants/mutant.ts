/** One named way in which the fix could be wrong: an edit of its prelude or of one of its sections, and what is to show it. */
import { type Statement, splitStatements } from '../../src/bundle/split-statements.js';
import type { Bundle, SqlFile } from '../../src/model.js';

export type Mutant = StateMutant | DecisionMutant | RaceMutant;

interface Edit {
  /** Its place in the SQL is marked by a line `-- mutant: NAME` above it. */
  readonly name: string;
  /** Replaced where it stands first below the mark, in the statement that the mark is above or in. */
  readonly from: string;
  readonly to: string;
}

export interface StateMutant extends Edit {
  /** Numbers of states, tried in this order until one shows it. */
  readonly states: readonly number[];
}

/** One of what has to be decided before anything is changed. */
export interface DecisionMutant extends Edit {
  /** SQL that makes a database, on which something then is decided by nobody. */
  readonly database: string;
}

/** One that goes wrong only when two do something at once. */
export interface RaceMutant extends Edit {
  readonly race: string;
}

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

function listFiles({ prelude, sections }: Bundle): SqlFile[] {
  return [...prelude, ...sections.flatMap(({ file, parts }) => [file, ...parts])];
}

/** The files that hold the place, and where in them: a mutant that says something has one. */
function places(files: readonly SqlFile[], { name, from }: Edit): { file: SqlFile; at: number }[] {
  const mark = `-- mutant: ${name}\n`;
  return files.flatMap((file) => {
    const start = file.text.indexOf(mark);
    if (start < 0 || file.text.lastIndexOf(mark) > start) return [];
    const statement = statementsOf(file.text).find(({ offset, text }) => offset + text.length > start);
    if (statement === undefined || isKept(statement, start)) return [];
    const end = statement.offset + statement.text.length + 1;
    const at = file.text.slice(0, end).indexOf(from, start + mark.length - 1);
    return at < 0 ? [] : [{ file, at }];
  });
}

/** Many mutants are in one file. */
const known = new Map<string, readonly Statement[]>();
function statementsOf(text: string): readonly Statement[] {
  const statements = known.get(text) ?? splitStatements(text);
  known.set(text, statements);
  return statements;
}

/** In the body of a function that remains, the database would keep the mark: it stands above the statement instead. */
function isKept({ offset, text }: Statement, start: number): boolean {
  return offset < start && text.includes('function public.');
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
