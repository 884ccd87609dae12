/** A migration that holds its own undoing → only what it does, every line where it was. Other text passes as it is. */
import { assertAsWritten, isFilledIn } from './assert-as-written.js';
import { assertPlainChangelog, isOfLiquibase } from './assert-plain-changelog.js';

/** Marks at the beginning of a line: dbmate, goose, sql-migrate, micrate, node-pg-migrate, rambler, shmig, Play, sqlite’s migrate. */
const up =
  /^--[ \t]*(?:migrate:up\b|\+(?:goose|migrate|micrate) up\b|up migration\b|rambler up\b|=+[ \t]*up[ \t]*=+|!ups\b|up[ \t]*$)/im;
const down =
  /^--[ \t]*(?:migrate:down\b|\+(?:goose|migrate|micrate) down\b|down migration\b|rambler down\b|=+[ \t]*down[ \t]*=+|!downs\b|down[ \t]*$)/im;

/** What stands above it is done, without a mark of its own: tern, MyBatis. */
const downBelow = /^(?:---- create above \/ drop below ----|--[ \t]*\/\/[ \t]*@undo\b)/im;

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
    const hasSections = up.test(text) || downBelow.test(text);
    const isWhole = isChangelog || hasSections || isFilledIn(path, text);
    while (isWhole && next.done !== true) {
      text += next.value;
      next = await iterator.next();
    }
    if (isChangelog) assertPlainChangelog(path, text);
    const kept = hasSections ? blankDownSections(text) : text;
    assertAsWritten(path, kept);
    yield kept;
    for (; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    // The reader may leave at any of these: what was opened for the text is closed then.
    await iterator.return?.(undefined);
  }
}

function blankDownSections(text: string): string {
  let isUp = true;
  return text
    .split('\n')
    .map((line) => {
      if (up.test(line)) isUp = true;
      else if (down.test(line) || downBelow.test(line)) isUp = false;
      return isUp ? line : '';
    })
    .join('\n');
}
