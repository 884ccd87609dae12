import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  defuseWorkflowCommands,
  makeLinesVisible,
  makeVisible,
  shorten,
} from '../../../src/report/escape.js';
import { hostileText } from '../../support/hostile-text.js';

describe('makeVisible', () => {
  it.each([
    ['a line break', 'a\nb', 'a⏎b'],
    ['a Windows line break as one', 'a\r\nb', 'a⏎b'],
    ['an ANSI sequence', '\u001B[31mred', '␛[31mred'],
    ['a right-to-left override', 'abc\u202Etxt', 'abc‹U+202E›txt'],
    ['a bidirectional isolate', '\u2066x\u2069', '‹U+2066›x‹U+2069›'],
    ['a zero-width space', 'a\u200Bb', 'a‹U+200B›b'],
    ['a zero-width joiner between letters', 'a\u200Db', 'a‹U+200D›b'],
    ['a byte order mark', '\uFEFFx', '‹U+FEFF›x'],
    ['a tag character', 'a\u{E0041}', 'a‹U+E0041›'],
    ['half a surrogate pair', 'a\uD83D', 'a‹U+D83D›'],
    ['a null character', 'a\0b', 'a␀b'],
    ['a next-line control', 'a\u0085b', 'a‹U+0085›b'],
    ['a Hangul filler', 'a\u3164b', 'a‹U+3164›b'],
  ])('writes out %s', (_, text, visible) => {
    expect(makeVisible(text)).toBe(visible);
  });

  it.each(['héllo — «wörld»', '👩‍🚀 👍🏽 ❤️ 1️⃣ 👨‍👩‍👧‍👦', 'نص عربي', '日本語'])(
    'leaves %s as it is',
    (text) => {
      expect(makeVisible(text)).toBe(text);
    },
  );

  it('leaves no character that cannot be seen, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(makeVisible(text)).not.toMatch(/[\p{Cc}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });
});

describe('makeLinesVisible', () => {
  it('keeps lines and keeps a caret under its column behind a tab', () => {
    expect(makeLinesVisible('\tselect x\n\t       ^')).toEqual([' select x', '        ^']);
  });
});

describe('shorten', () => {
  it('leaves short text alone', () => {
    expect(shorten('abc', 3)).toBe('abc');
  });

  it('cuts and says so', () => {
    expect(shorten('abcd', 3)).toBe('ab…');
  });

  it('counts what a reader sees, and cuts no emoji in half', () => {
    expect(shorten('👩‍🚀👩‍🚀👩‍🚀', 3)).toBe('👩‍🚀👩‍🚀👩‍🚀');
    expect(shorten('👩‍🚀👩‍🚀👩‍🚀👩‍🚀', 3)).toBe('👩‍🚀👩‍🚀…');
  });

  it('cuts ten kilobytes of emoji to a bounded length', () => {
    expect(shorten('👩‍🚀'.repeat(2000), 100).length).toBeLessThanOrEqual(800);
  });

  it('does not take a letter with ten thousand accents for one character', () => {
    expect(shorten(`e${'\u0301'.repeat(10_000)}`, 100).length).toBeLessThanOrEqual(800);
  });

  it('is bounded whatever the text', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 30 }), (text, graphemes) => {
        expect(shorten(text, graphemes).length).toBeLessThanOrEqual(graphemes * 8);
      }),
    );
  });
});

describe('defuseWorkflowCommands', () => {
  it.each([
    ['::error::x', ': :error::x'],
    ['  ::add-mask::x', '  : :add-mask::x'],
    ['\u3000::x::', '\u3000: :x::'],
    ['ok\n::set-output name=x::y', 'ok\n: :set-output name=x::y'],
    ['text ##[error]x', 'text ## [error]x'],
  ])('takes the force out of %j', (text, harmless) => {
    expect(defuseWorkflowCommands(text)).toBe(harmless);
  });

  it('leaves a cast in the middle of a line alone', () => {
    expect(defuseWorkflowCommands("  │ select 'x'::uuid")).toBe("  │ select 'x'::uuid");
  });
});
