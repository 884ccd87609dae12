/** A bundle → the first screen of its script: what each section does, what remains afterwards, what is only a tool. */
import type { Bundle, SectionChoice, SqlFile } from '../model.js';

const width = 118;

export function renderOverview(bundle: Bundle, { sections }: SectionChoice): string {
  const numbers = sections.map(({ number }) => number).join(', ');
  const isPart = sections.length < bundle.sections.length;
  const remaining = sections.flatMap(({ number, file, parts }) =>
    [file, ...parts].flatMap((part) => {
      const remains = remainsOf(part);
      return remains === null ? [] : entry(number, remains);
    }),
  );
  const tools = bundle.prelude
    .filter(({ path }) => path.split('/').length === 2)
    .map((file) => headerOf(file, 'Title') ?? file.path)
    .join('; ');
  return [
    oneLine(bundle.title),
    isPart
      ? `Printed by "schema-fix sql": of ${bundle.sections.length} sections only ${numbers}. What the others do is left undone.`
      : 'Printed by "schema-fix sql". All of it is applied, or nothing is.',
    ...(isPart ? sayPart(bundle, sections) : []),
    ...wait(bundle),
    '',
    'What each section does:',
    ...sections.flatMap(({ number, title, file }) => entry(number, `${title}: ${purposeOf(file)}`)),
    ...(remaining.length === 0
      ? []
      : ['', 'What remains in the database; "schema-fix sql --remains" prints it alone:', ...remaining]),
    ...(tools === ''
      ? []
      : ['', 'Only tools, in the schema schema_fix, dropped at the end:', ...wrap(tools)]),
  ]
    .map((line) => `-- ${line}`.trimEnd())
    .join('\n');
}

/** What the others do may be what lets people in: whoever runs the part must not take it for the fix. */
function sayPart({ sections: all }: Bundle, chosen: SectionChoice['sections']): string[] {
  const others = all.filter(({ number }) => !chosen.some((one) => one.number === number));
  return [
    ...others.flatMap(({ number, title }) => entry(number, title)),
    'Do not leave it alone in a database that is used: nobody is let in whom those let in, and the checks, which are shown at the end, do not decide.',
    'All of this part is applied, or nothing is.',
  ];
}

/** What a deployment does better, for whoever runs the script by hand. */
function wait({ prepare }: Bundle): string[] {
  const indexes =
    prepare.length === 0 ? '' : ', and builds the indexes of large tables beforehand, concurrently';
  return [
    'It holds its locks until the end: whoever reads or writes its tables waits until then.',
    `"schema-fix deploy" tries again where a lock is not free${indexes}.`,
  ];
}

/** What of a file's work is there for ever, in the words of its header, or null. */
export function remainsOf(file: SqlFile): string | null {
  return headerOf(file, 'Remains');
}

function headerOf({ text }: SqlFile, key: string): string | null {
  const opening = `--! ${key}:`;
  const line = text.split('\n').find((candidate) => candidate.startsWith(opening));
  return line?.slice(opening.length).trim() ?? null;
}

/** The first sentence of the comment that opens the file; a file without one says it in its title. */
function purposeOf({ text }: SqlFile): string {
  const [, comment = ''] = /^(?:--!.*\n|\s*\n)*((?:-- .*\n)*)/.exec(text) ?? [];
  const words = oneLine(comment.replaceAll(/^-- /gm, '').trim());
  return /^.*?[.:](?= |$)/.exec(words)?.[0].slice(0, -1) ?? words;
}

function entry(number: number, text: string): string[] {
  return wrap(text).map(
    (line, index) => `${index === 0 ? String(number).padStart(4) : '    '}  ${line.trim()}`,
  );
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width - 8)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`      ${word}`);
  }
  return lines;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
