/** SQL → each `insert … on conflict (…)` of it, with nothing else: only when it is planned does Postgres look for a unique index that fits. */
import { wordsOf } from './read-plpgsql.js';

export function findConflicts(sql: string): string[] {
  const words = wordsOf(sql);
  const textOf = (from: number, to: number): string => sql.slice(words[from]?.from, words[to]?.to);
  return words.flatMap((word, at) => {
    if (word.text !== 'on' || words[at + 1]?.text !== 'conflict' || words[at + 2]?.text !== '(') return [];
    const into = words.findLastIndex(
      ({ text }, place) => place < at && text === 'into' && words[place - 1]?.text === 'insert',
    );
    const end = words.findIndex(({ text }, place) => place > at && (text === 'do' || text === ';'));
    if (into < 0 || end < 0) return [];
    let table = into + 1;
    while (words[table + 1]?.text === '.') table += 2;
    const last = words[table + 1]?.text === 'as' ? table + 2 : table;
    return [`insert into ${textOf(into + 1, last)} default values ${textOf(at, end - 1)} do nothing`];
  });
}
