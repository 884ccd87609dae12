import { describe, expect, it } from '@jest/globals';
import { chooseStates } from '../../../src/bundle/choose-states.js';
import type { State } from '../../../src/model.js';

const state = (name: string): State => ({
  name,
  title: name,
  platform: null,
  deployer: null,
  expectation: { kind: 'pass' },
  quarantine: null,
  settings: [],
  files: [],
  before: [],
});
const states = ['01_empty', '02_messages_keyed_to_rooms', '03_messages_twice', '10_views', '101_planted'].map(
  state,
);
const namesOf = (names: string[] | null, shard: { index: number; count: number } | null = null) =>
  chooseStates(states, { names, shard }).map(({ name }) => name);

describe('chooseStates', () => {
  it('takes all where nothing is asked for', () => {
    expect(namesOf(null)).toHaveLength(5);
  });

  it.each([
    ['a number', '2'],
    ['a number of two digits', '02'],
    ['the beginning of a name', '02_mess'],
    ['the beginning after the number', 'messages_keyed'],
    ['the whole name', '02_messages_keyed_to_rooms'],
  ])('finds a state by %s', (_how, name) => {
    expect(namesOf([name])).toEqual(['02_messages_keyed_to_rooms']);
  });

  it('does not take 1 for the beginning of 10, nor 10 for that of 101', () => {
    expect(namesOf(['1'])).toEqual(['01_empty']);
    expect(namesOf(['10'])).toEqual(['10_views']);
  });

  it('finds a state of three digits by its number, and by its name', () => {
    expect(namesOf(['101'])).toEqual(['101_planted']);
    expect(namesOf(['planted'])).toEqual(['101_planted']);
  });

  it('takes every state that a beginning fits, in the order of the bundle', () => {
    expect(namesOf(['views', 'messages'])).toEqual([
      '02_messages_keyed_to_rooms',
      '03_messages_twice',
      '10_views',
    ]);
  });

  it('names every state that is not there, and those that are', () => {
    expect(() => namesOf(['empty', 'nowhere', '7'])).toThrow(
      'states: no state is called nowhere, 7. There are:\n  01_empty\n  02_messages_keyed_to_rooms',
    );
  });

  it('deals the states out to the shards, each to one', () => {
    expect(namesOf(null, { index: 1, count: 3 })).toEqual(['01_empty', '10_views']);
    const dealt = [1, 2, 3].flatMap((index) => namesOf(null, { index, count: 3 }));
    expect(dealt.sort()).toEqual(states.map(({ name }) => name).sort());
  });

  it('refuses a shard that holds nothing', () => {
    expect(() => namesOf(['1'], { index: 2, count: 2 })).toThrow(
      'shard: 2/2 holds no state; there are only 1. Use fewer shards.',
    );
  });

  it('refuses a bundle without states', () => {
    expect(() => chooseStates([], { names: null, shard: null })).toThrow('states/: holds no state.');
  });
});
