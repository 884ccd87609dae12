/** What is not there, and the files that were to come → where one of them makes it. */
import { openText } from '../before/open-text.js';
import { readStatements } from '../before/read-statements.js';
import { recogniseFile } from '../before/recognise-file.js';
import { UserError } from '../errors.js';
import { escapePattern } from '../escape-pattern.js';
import type { BeforeFile, SqlProblem } from '../model.js';
import { notFromTheBeginning } from './advise-on-loading.js';
import { describeStatement } from './describe-statement.js';

/** As the message calls it → what makes such a thing. */
const kinds: Readonly<Record<string, string>> = {
  relation: 'table|view|sequence',
  table: 'table|view',
  view: 'view',
  sequence: 'sequence',
  type: 'type|domain|table',
  function: 'function|aggregate',
  procedure: 'procedure',
  schema: 'schema',
};

const notThere =
  /^(relation|table|view|sequence|type|function|procedure|schema) (?:"([^"]+)"|([^\s(]+)\(.*\)) does not exist/;

const thereAlready =
  /^(relation|type|function|schema) (?:"([^"]+)"|([^\s(]+)\(.*\)|"?([^"\s]+)"? with same argument types) already exists/;

/** Whose names are their table's. */
const onTableAlready = /^(policy|trigger|rule) "([^"]+)" for (?:table|relation) "([^"]+)" already exists/;

/** Of each file: what is larger holds rows. */
const mostCharacters = 4_000_000;

/** What to do about it; null: no file makes it, or the message names nothing. `index` is that of the one that failed. */
export async function findMaker(
  problem: SqlProblem,
  files: readonly BeforeFile[],
  index: number,
): Promise<string | null> {
  const isIt = readNamed(notThere, problem);
  if (isIt === null) return null;
  for (const file of files.slice(index)) {
    const isLater = (line: number) => file.path !== problem.path || line > (problem.line ?? 0);
    const line = await findLine(file, isIt, isLater);
    if (line === null) continue;
    return file.path === problem.path
      ? `${file.path}:${line} makes it, further down in the same file, which is run from its first line to its last. Move it up.`
      : `${file.path}:${line} makes it, and comes later: files are loaded in the order in which they are given, those of a pattern by name, those of a folder as its tool runs them. Give that one before the others (--before ${file.path} --before …), in the order in which they were run.`;
  }
  return null;
}

/** The same of what was made, in a schema in which a bare name is not looked for. */
export async function findMadeElsewhere(
  problem: SqlProblem,
  files: readonly BeforeFile[],
): Promise<string | null> {
  const isIt = readNamed(notThere, problem);
  if (isIt === null || isQualified.test(problem.message)) return null;
  for (const file of files) {
    let name = '';
    const isElsewhere = (statement: string) => {
      const [schema = '', own = '', ...more] = describeStatement(statement).targets[0] ?? [];
      name = `${schema}.${own}`;
      return isIt(statement) && own !== '' && more.length === 0 && !isOnPath(schema);
    };
    const line = await findLine(
      file,
      isElsewhere,
      (at) => file.path !== problem.path || at < (problem.line ?? 0),
    );
    if (line === null) continue;
    return `${file.path}:${line} makes ${name}, and a name without its schema is looked for where search_path says: $user, public and extensions, unless the file itself sets another. Name the schema, or begin the file with set search_path = …, as it was for the role or database that it was run by.`;
  }
  return null;
}

const isQualified = /^\w+ "?[^"\s(]+\.[^"\s(]+"?/;

const isOnPath = (schema: string): boolean => ['public', 'extensions', 'pg_catalog'].includes(schema);

/** The same of files that nobody loads, by their paths. */
export async function findMakerLeftAlone(
  problem: SqlProblem,
  paths: readonly string[],
): Promise<string | null> {
  const isIt = readNamed(notThere, problem);
  if (isIt === null) return null;
  for (const path of paths) {
    const line = await findLine(path, isIt);
    if (line === null) continue;
    return `${path}:${line} makes it, and is not loaded: it lies in a folder that was given, and is none of the files that are run there. Give it for itself, before the others (--before ${path} --before …).`;
  }
  return null;
}

/** The same of what is there already. `files` ends with the one that failed. */
export async function findOtherMaker(
  problem: SqlProblem,
  files: readonly BeforeFile[],
): Promise<string | null> {
  const isIt = readNamed(thereAlready, problem) ?? readOnTable(problem);
  if (isIt === null) return null;
  for (const file of files) {
    const line = await findLine(file, isIt);
    if (line === null || (file.path === problem.path && line >= (problem.line ?? 0))) continue;
    return `${file.path}:${line} makes it, too. ${notFromTheBeginning}`;
  }
  return null;
}

/** Whether a statement makes what a message names; null where it names nothing. */
function readNamed(pattern: RegExp, { message }: SqlProblem): ((statement: string) => boolean) | null {
  const [, kind = '', ...names] = pattern.exec(message) ?? [];
  const name = names
    .find((found) => found !== undefined)
    ?.split('.')
    .at(-1);
  if (name === undefined) return null;
  const making = new RegExp(
    `^create\\s+(?:(?:or|replace|unlogged|materialized|foreign|recursive)\\s+)*(?:${kinds[kind]})\\b`,
    'i',
  );
  return (statement) => making.test(statement) && nameOf(statement) === name;
}

function readOnTable({ message }: SqlProblem): ((statement: string) => boolean) | null {
  const [, kind, name = '', table] = onTableAlready.exec(message) ?? [];
  if (kind === undefined) return null;
  const written = escapePattern(name);
  const making = new RegExp(
    `^create\\s+(?:or\\s+replace\\s+)?(?:constraint\\s+)?${kind}\\s+(?:"${written}"|${written}(?=\\s))`,
    'i',
  );
  return (statement) => making.test(statement) && nameOf(statement) === table;
}

/** A schema is `[name, '']`. */
function nameOf(statement: string): string | undefined {
  return describeStatement(statement)
    .targets[0]?.filter((part) => part !== '')
    .at(-1);
}

async function findLine(
  given: BeforeFile | string,
  isIt: (statement: string) => boolean,
  isThere: (line: number) => boolean = () => true,
): Promise<number | null> {
  try {
    const file = typeof given === 'string' ? await recogniseFile(given) : given;
    const { form } = file;
    if (form.kind !== 'plain' && form.kind !== 'gzip') return null;
    const text = takeFirst(openText({ ...file, form }), mostCharacters);
    for await (const item of readStatements({ ...file, text })) {
      if (item.kind === 'statement' && isThere(item.line) && isIt(item.text)) return item.line;
    }
  } catch (error: unknown) {
    // It would have been refused in its turn, or is not what is loaded.
    if (!(error instanceof UserError)) throw error;
  }
  return null;
}

async function* takeFirst(chunks: AsyncIterable<string>, most: number): AsyncGenerator<string> {
  let taken = 0;
  for await (const chunk of chunks) {
    yield chunk;
    taken += chunk.length;
    if (taken >= most) return;
  }
}
