/** A function as people called it, and one of its name that is there now → why such a call fails or gets something else. */
import type { Call } from './offered.js';

/** `follows`: whether a value of the one type may be one of the other. */
export function isCalledAs(then: Call, now: Call, follows: (from: string, to: string) => boolean): string[] {
  const isNamed = then.takes.every(({ name }) => name !== '');
  const found = then.takes.map((one, place) =>
    isNamed ? now.takes.find(({ name }) => name === one.name) : now.takes[place],
  );
  const known = new Set(found);
  return [
    ...then.takes.flatMap(({ name, type, isOptional }, place) => {
      const one = found[place];
      const told = name === '' ? `argument ${place + 1}` : name;
      if (one === undefined) return [`it takes no ${told}`];
      if (!follows(type, one.type)) return [`${told} is ${one.type}, where it was ${type}`];
      return isOptional && !one.isOptional ? [`${told} has no default`] : [];
    }),
    ...now.takes
      .filter((one) => !known.has(one) && !one.isOptional)
      .map(({ name }) => `it asks for ${name === '' ? 'one more' : name}`),
    ...(answersAs(then.answers, now.answers, follows)
      ? []
      : [`it answers ${now.answers}, where it was ${then.answers}`]),
    ...(now.isVolatile && !then.isVolatile ? ['it is volatile'] : []),
  ];
}

/** `TABLE(id bigint, name text)`: further columns do no harm. */
function answersAs(then: string, now: string, follows: (from: string, to: string) => boolean): boolean {
  const [older, newer] = [columnsOf(then), columnsOf(now)];
  if (older === null || newer === null) return then === now || (older === newer && follows(then, now));
  return older.every(([name, type]) => newer.some(([other, is]) => other === name && follows(type, is)));
}

function columnsOf(answers: string): [name: string, type: string][] | null {
  const [, columns] = /^TABLE\((.*)\)$/s.exec(answers) ?? [];
  if (columns === undefined) return null;
  return columns.split(/, (?=(?:"(?:[^"]|"")*"|[\w$]+) )/).map((column) => {
    const [, name = '', type = ''] = /^("(?:[^"]|"")*"|\S+) (.*)$/s.exec(column) ?? [];
    return [name, type];
  });
}
