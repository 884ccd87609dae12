import { describe, expect, it } from '@jest/globals';
import { chooseSettings, renderSettingValue, withSettingsOf } from '../../../src/bundle/choose-settings.js';
import type { Bundle, BundleSetting } from '../../../src/model.js';

const description = 'What it decides.';
const settings: readonly BundleSetting[] = [
  { name: 'title', type: 'text', description, value: 'none', isGiven: false },
  { name: 'limit', type: 'integer', description, value: '3', isGiven: false },
  { name: 'strict', type: 'boolean', description, value: 'false', isGiven: false },
  { name: 'acknowledge', type: 'list', description, value: [], isGiven: false },
];

const given = (...texts: string[]) =>
  texts.map((text) => ({ name: text.split('=')[0] ?? '', value: text.replace(/^[^=]*=/, '') }));

function valuesOf(...texts: string[]): Record<string, unknown> {
  return Object.fromEntries(
    chooseSettings(settings, given(...texts)).map(({ name, value, isGiven }) => [name, [value, isGiven]]),
  );
}

describe('chooseSettings', () => {
  it('leaves what was not given at its default', () => {
    expect(chooseSettings(settings, [])).toEqual(settings);
  });

  it('takes what was given, and each value of a list as an item', () => {
    expect(valuesOf('title=a = b', 'limit=-7', 'strict=true', 'acknowledge=b, c', 'acknowledge=a')).toEqual({
      title: ['a = b', true],
      limit: ['-7', true],
      strict: ['true', true],
      acknowledge: [['b, c', 'a'], true],
    });
    expect(valuesOf('title=')).toMatchObject({ title: ['', true], limit: ['3', false] });
  });

  it('names every mistake at once', () => {
    const texts = ['limt=1', 'limit=many', 'strict=yes', 'title=a', 'title=b', 'acknowledge=', 'title=c\0'];
    expect(() => valuesOf(...texts)).toThrow(
      [
        'settings: there is no setting "limt" in this bundle. It has title, limit, strict, acknowledge.',
        'settings: limit: "many" is not a whole number of at most 18 digits.',
        'settings: strict: "yes" is not true or false.',
        'settings: title is given 3 times. Give it once.',
        'settings: acknowledge: "" is not an item: an item is not empty.',
      ].join('\n'),
    );
    expect(() => chooseSettings([], given('limit=1'))).toThrow('in this bundle. It has none.');
  });
});

describe('withSettingsOf', () => {
  const setting = (...texts: string[]) => {
    const bundle = { settings: chooseSettings(settings, given('title=all', 'acknowledge=a')) } as unknown;
    const own = withSettingsOf(bundle as Bundle, { settings: given(...texts) });
    return Object.fromEntries(own.settings.map(({ name, value }) => [name, value]));
  };

  it('adds to a list what the state sets, and leaves what was given for every state', () => {
    const all = { title: 'all', limit: '3', strict: 'false', acknowledge: ['a'] };
    expect(setting()).toEqual(all);
    expect(setting('title=mine', 'limit=4', 'acknowledge=b', 'acknowledge=a')).toEqual({
      ...all,
      limit: '4',
      acknowledge: ['a', 'b'],
    });
  });
});

describe('renderSettingValue', () => {
  it('gives text as it is, and a list as an array literal', () => {
    expect(renderSettingValue({ value: 'null, {}' })).toBe('null, {}');
    expect(renderSettingValue({ value: [] })).toBe('{}');
    expect(renderSettingValue({ value: ['null', 'a,b', '"', '\\', '{}'] })).toBe(
      '{"null","a,b","\\"","\\\\","{}"}',
    );
  });
});
