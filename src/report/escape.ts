/**
 * Makes text that came from a database or a pull request harmless to print: what cannot be seen is written out, what is
 * endless is cut. Markdown has its own escaping on top (markdown-text.ts).
 */

/** Controls, bidirectional overrides, zero-width and other characters that change a line without being seen in it. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\uFFFE\uFFFF]/gu;

/** Inside an emoji the same characters are part of the picture: 👩‍🚀 is woman, zero-width joiner, rocket. */
const insideEmoji = /^(?:\uFE0F|\u200D)$/u;
const emojiBefore = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|[0-9#*]|\uFE0F)$/u;
const emojiAfter = /^\p{Extended_Pictographic}/u;

const named: Readonly<Record<string, string>> = { '\n': '⏎', '\r': '␍', '\t': '⇥', '\0': '␀', '\u001B': '␛' };

/** One line in which every character can be seen: a newline becomes `⏎`, a right-to-left override `‹U+202E›`. */
export function makeVisible(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(unseen, (character, offset: number, whole: string) => {
    if (isPartOfEmoji(character, offset, whole)) return character;
    return named[character] ?? `‹U+${codePoint(character)}›`;
  });
}

/** The same, line by line, for a code block. Tabs become spaces so that a caret stays under its column. */
export function makeLinesVisible(text: string): string[] {
  return text.split(/\r\n|\n/).map((line) => makeVisible(line.replaceAll('\t', ' ')));
}

/**
 * At most `graphemes` user-perceived characters, `…` in place of the rest. No emoji is cut in half, and a letter with a
 * thousand accents does not count as one: a grapheme is also held to 8 UTF-16 units on average.
 */
export function shorten(text: string, graphemes: number): string {
  if (text.length <= graphemes) return text;
  // Nearly everything is plain ASCII, where one character is one grapheme; looking for them would be slow.
  if (plainAscii.test(text.slice(0, graphemes + 1))) return `${text.slice(0, graphemes - 1)}…`;
  const kept: string[] = [];
  let units = 0;
  for (const { segment } of segmenter.segment(text.slice(0, graphemes * 16))) {
    if (kept.length === graphemes || units + segment.length > graphemes * 8) {
      return `${kept.slice(0, graphemes - 1).join('')}…`;
    }
    kept.push(segment);
    units += segment.length;
  }
  return units === text.length ? text : `${kept.slice(0, graphemes - 1).join('')}…`;
}

/** Visible and short: first cut, so that a value of a hundred megabytes costs no more than one of a kilobyte. */
export function tame(text: string, graphemes: number): string {
  return shorten(makeVisible(shorten(text, graphemes)), graphemes);
}

/** What we say ourselves, with names in it. Graphemes. */
export const longestSentence = 1000;

/** More than any decision that was meant to be read; beyond it the beginning and the end stay. */
const longestDecision = 4000;
const decisionsEnd = 400;

/** Visible and whole: nobody can decide what is cut short, and the name by which they decide stands at the end. */
export function showDecision(text: string): string {
  const whole = makeVisible(text);
  if (whole.length <= longestDecision) return whole;
  return `${shorten(whole, longestDecision - decisionsEnd)} ${makeVisible(whole.slice(-decisionsEnd))}`;
}

/**
 * Lines for a log that GitHub's runner reads along: it obeys `::command::` at the start of a line, however indented, and
 * `##[command]` anywhere in one. A space makes both plain text and leaves them readable.
 */
export function defuseWorkflowCommands(text: string): string {
  return text.replace(/^([^\S\n]*):(?=:)/gmu, '$1: ').replaceAll('##[', '## [');
}

const plainAscii = /^[\x20-\x7E]*$/;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function isPartOfEmoji(character: string, offset: number, whole: string): boolean {
  if (!insideEmoji.test(character)) return false;
  const before = whole.slice(Math.max(0, offset - 2), offset);
  if (!emojiBefore.test(before)) return false;
  return character === '\uFE0F' || emojiAfter.test(whole.slice(offset + 1, offset + 3));
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
