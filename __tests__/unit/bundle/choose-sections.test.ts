import { describe, expect, it } from '@jest/globals';
import { chooseSections } from '../../../src/bundle/choose-sections.js';
import type { Section } from '../../../src/model.js';

const section = (number: number, needs: number[] = []): Section => ({
  number,
  title: `Section ${number}`,
  needs,
  file: { path: `sections/${number}.sql`, text: '' },
  parts: [],
});
const sections = [section(1), section(2, [1]), section(5), section(8, [5, 2])];
const numbersOf = (asked: number[] | null) =>
  chooseSections(sections, asked).sections.map(({ number }) => number);

describe('chooseSections', () => {
  it('takes all where nothing is asked for', () => {
    expect(chooseSections(sections, null)).toEqual({ sections, added: [] });
  });

  it('brings what a section needs, and what that needs, in the order of the bundle', () => {
    expect(numbersOf([8])).toEqual([1, 2, 5, 8]);
  });

  it('says what came along, and for which section', () => {
    expect(chooseSections(sections, [8, 2]).added).toEqual([
      { number: 5, neededBy: 8 },
      { number: 1, neededBy: 2 },
    ]);
  });

  it('takes a section that is asked for twice once', () => {
    expect(numbersOf([5, 5])).toEqual([5]);
  });

  it('names every unknown number, and those there are', () => {
    expect(() => chooseSections(sections, [3, 5, 99])).toThrow(
      'sections: there is no section 3, 99 in this bundle. It has 1, 2, 5, 8.',
    );
  });
});
