/** A value of the type json, which may be written in a way that no jsonb can hold → SQL for it as jsonb. */

const isSplit = String.raw`'\\u(0000|[dD][89a-fA-F])'`;
const pair = String.raw`'(?<!\\)((?:\\\\)*)\\u([dD][89abAB][[:xdigit:]]{2})\\u([dD][c-fC-F][[:xdigit:]]{2})'`;
const half = String.raw`'(?<!\\)((?:\\\\)*)\\(u0000|u[dD][89a-fA-F][[:xdigit:]]{2})'`;
const longNumber = String.raw`'[eE][+-]?\d{4}|\d{255}'`;
const string = String.raw`'"([^"\\]|\\.)*"'`;

/**
 * A sign that jsonb cannot hold, the code zero or half of a pair of surrogates, is read as the six signs that it is written with; a value
 * with a number that it may not hold, as a text. The code 1, which no text of json holds, marks the whole pairs.
 */
export function jsonAsJsonb(value: string): string {
  const text = `${value}::pg_catalog.text`;
  const marked = String.raw`pg_catalog.regexp_replace(${text}, ${pair}, e'\\1\x01\\2\\3', 'g')`;
  const halved = String.raw`pg_catalog.regexp_replace(${marked}, ${half}, '\1\\\\\2', 'g')`;
  const readable = String.raw`pg_catalog.regexp_replace(${halved}, e'\x01(....)(....)', '\\u\1\\u\2', 'g')`;
  const written = `case when ${text} ~ ${isSplit} then ${readable} else ${text} end`;
  return `case
    when ${text} ~ ${longNumber} and pg_catalog.regexp_replace(${text}, ${string}, '""', 'g') ~ ${longNumber}
      then pg_catalog.to_jsonb(${written})
    else (${written})::pg_catalog.jsonb
  end`;
}
