import { describe, expect, it } from '@jest/globals';
import { parseExpectation } from '../../../src/bundle/read-scenario.js';

describe('parseExpectation', () => {
  it.each([
    ['rows 2', { kind: 'rows', count: 2 }],
    ['affected 0', { kind: 'affected', count: 0 }],
    ['value true', { kind: 'value', text: 'true' }],
    ['value two words', { kind: 'value', text: 'two words' }],
    ['error 42501', { kind: 'error', sqlstate: '42501', message: null }],
    [
      'error P0001 duplicate: a group with this name already exists',
      { kind: 'error', sqlstate: 'P0001', message: 'duplicate: a group with this name already exists' },
    ],
    ['refused', { kind: 'refused' }],
  ])('reads %s', (text, expectation) => {
    expect(parseExpectation(text)).toEqual(expectation);
  });

  it.each([
    '',
    'rows',
    'rows -1',
    'row 1',
    'value',
    'error 42',
    'error duplicate',
    'refused 42501',
    'ROWS 1',
  ])('does not guess at %j', (text) => {
    expect(parseExpectation(text)).toBeNull();
  });
});
