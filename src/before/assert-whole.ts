/** The text of a file → the same, once it was seen that a dump in it goes on to its last line. */
import { UserError } from '../errors.js';

/** What pg_dump and pg_dumpall write over everything and under everything, as comments of three lines. */
const mark = /\n--\n-- PostgreSQL database (cluster )?dump( complete)?\n--(?=\n)/g;
const words = '-- PostgreSQL database ';
const longestMark = 64;

/** Throws a UserError at its end where the end of a dump is missing: what was cut off may be what the fix is for. */
export async function* assertWhole(path: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  const open = new Set<string>();
  let held = '\n';
  const look = (text: string) => {
    let seen = 0;
    for (const found of text.includes(words) ? text.matchAll(mark) : []) {
      const [whole, cluster = '', complete] = found;
      seen = found.index + whole.length;
      if (complete !== undefined) open.delete(cluster);
      // Another begins where the one before has not ended.
      else if (open.has(cluster)) throw cutOff(path);
      else open.add(cluster);
    }
    held = text.slice(Math.max(seen, text.length - longestMark));
  };
  for await (const chunk of chunks) {
    look(held + chunk);
    yield chunk;
  }
  look(`${held}\n`);
  if (open.size > 0) throw cutOff(path);
}

function cutOff(path: string): UserError {
  return new UserError(
    `${path}: is a dump that was cut off: it begins with the heading "PostgreSQL database dump" and the line "PostgreSQL database dump complete" is missing. Dump it again, and look that there is room on the disk. If you shortened it yourself, take out the heading as well.`,
  );
}
