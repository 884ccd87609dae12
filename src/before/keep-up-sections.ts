/** A migration that holds its own undoing → only what it does, every line where it was. Other text passes as it is. */
import { assertAsWritten, isFilledIn } from './assert-as-written.js';
import { assertPlainChangelog, isOfLiquibase } from './assert-plain-changelog.js';

interface Marks {
  readonly up: RegExp;
  readonly down: RegExp;
  /** Whether what stands before the first mark is run, too. */
  readonly isUpAtFirst: boolean;
}

/** What begins a section, at the beginning of a line: dbmate, goose, sql-migrate, micrate, node-pg-migrate, rambler, shmig, sqlite’s migrate. */
const general: Marks = {
  up: /^--[ \t]*(?:migrate:up\b|\+(?:goose|migrate|micrate) up\b|up migration\b|rambler up\b|=+[ \t]*up[ \t]*=+|up[ \t]*$)/im,
  // tern and MyBatis mark this one alone.
  down: /^--[ \t]*(?:migrate:down\b|\+(?:goose|migrate|micrate) down\b|down migration\b|rambler down\b|=+[ \t]*down[ \t]*=+|down[ \t]*$|\/\/[ \t]*@undo\b|-- create above \/ drop below ----)/im,
  isUpAtFirst: true,
};

/** Its older marks, and what it says before them, are no comments of SQL. */
const ofPlay: Marks = { up: /^(?:#|--).*!Ups\b/m, down: /^(?:#|--).*!Downs\b/m, isUpAtFirst: false };

/** Several files in one: what is asked before, and what undoes it, are others. */
const ofAtlas: Marks = { up: /^-- migration\.sql --[ \t]*$/m, down: /^-- \S+ --[ \t]*$/m, isUpAtFirst: true };
const isOfAtlas = /^--[ \t]*atlas:txtar\b/m;

function marksOf(text: string): Marks | null {
  if (isOfAtlas.test(text)) return ofAtlas;
  if (ofPlay.up.test(text)) return ofPlay;
  return general.up.test(text) || downAlone.test(text) ? general : null;
}

/** Without a mark of what it does. */
const downAlone = /^(?:---- create above \/ drop below ----|--[ \t]*\/\/[ \t]*@undo\b)/im;

/** Migrations are small: a mark that comes later than this in a large file is a comment. */
const mostCharacters = 262_144;

/** Throws a UserError where only its tool knows what of it is run, or with which values. */
export async function* keepUpSections(path: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    let text = '';
    let next = await iterator.next();
    while (next.done !== true && text.length + next.value.length <= mostCharacters) {
      text += next.value;
      next = await iterator.next();
    }
    const isChangelog = isOfLiquibase(text);
    const marks = marksOf(text);
    const isWhole = isChangelog || marks !== null || isFilledIn(path, text);
    while (isWhole && next.done !== true) {
      text += next.value;
      next = await iterator.next();
    }
    if (isChangelog) assertPlainChangelog(path, text);
    const kept = marks === null ? text : keepUp(text, marks);
    assertAsWritten(path, kept);
    yield kept;
    for (; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    // The reader may leave at any of these: what was opened for the text is closed then.
    await iterator.return?.(undefined);
  }
}

function keepUp(text: string, marks: Marks): string {
  let isUp = marks.isUpAtFirst;
  const kept = text
    .split('\n')
    .map((line) => {
      const isMark = marks.up.test(line);
      if (isMark) isUp = true;
      else if (marks.down.test(line)) isUp = false;
      return isUp && !(isMark && line.startsWith('#')) ? line : '';
    })
    .join('\n');
  // Its statements end at a semicolon wherever that stands, but for one that is doubled.
  return marks === ofPlay ? kept.replaceAll(';;', ';') : kept;
}
