/** A column → values that it might take, as texts, the likeliest first; null: it is left out. */
import type { Column, Table } from './there.js';

/** `number` makes them differ from those of other rows. */
export function listValues(table: Table, column: Column, number: number): (string | null)[] {
  const told = toldBy(table, column);
  const values = column.labels.length > 0 ? inTurn(column.labels, number) : ofType(column, number, told);
  return column.isRequired && !column.isFilled ? [...new Set(values)] : [null, ...new Set(values)];
}

function inTurn(labels: readonly string[], number: number): string[] {
  return labels.map((_, index) => labels[(index + number - 1) % labels.length] as string);
}

/** What its constraints speak of. */
function toldBy(
  { checks, partitions }: Table,
  { name, domainChecks }: Column,
): { texts: string[]; numbers: number[] } {
  const definitions = [
    ...checks.filter(({ columns }) => columns.includes(name)).map(({ definition }) => definition),
    ...(domainChecks ?? []),
    ...(partitions?.columns.includes(name) === true ? [partitions.bounds] : []),
  ].join('\n');
  const texts = [...definitions.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) =>
    text.replaceAll("''", "'"),
  );
  const numbers = [...definitions.matchAll(/(?<![\w.'])\d+(?:\.\d+)?(?![\w'])/g)].map(([text]) =>
    Number(text),
  );
  // Numbers below zero, and those of other types than the commonest, are written as texts.
  const quoted = texts.filter((text) => /^-?\d+(\.\d+)?$/.test(text)).map(Number);
  return { texts, numbers: [...numbers, ...quoted] };
}

function ofType(
  { name, type }: Column,
  number: number,
  told: { readonly texts: readonly string[]; readonly numbers: readonly number[] },
): string[] {
  if (/\[\]$/.test(type)) return ['{}', ...told.texts];
  const base = type.replace(/\(.*\)/, '');
  const day = `2026-01-${String(1 + (number % 27)).padStart(2, '0')}`;
  switch (base) {
    case 'uuid':
      return [uuidOf(number)];
    case 'boolean':
      return ['false', 'true'];
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'oid':
      return numbersFor(number, told.numbers).filter(Number.isInteger).map(String);
    case 'numeric':
    case 'real':
    case 'double precision':
    case 'money':
      return numbersFor(number, told.numbers).map(String);
    case 'date':
      return [day, ...told.texts];
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return [`${day} 12:00:00`, ...told.texts, '2036-01-01 12:00:00'];
    case 'time without time zone':
    case 'time with time zone':
      return ['12:00:00', '18:00:00'];
    case 'interval':
      return ['1 hour', '1 day'];
    case 'json':
    case 'jsonb':
      return ['{}', '[]', '"text"'];
    case 'inet':
    case 'cidr':
      return [`192.0.2.${number % 250}`];
    case 'macaddr':
      return ['08:00:2b:01:02:03'];
    case 'bytea':
      return ['\\x00', '\\x'];
    case 'point':
      return ['(0,0)'];
    case 'bit':
      return ['0'.repeat(Number(/\((\d+)\)/.exec(type)?.[1] ?? 1))];
    case 'int4range':
    case 'int8range':
    case 'numrange':
      return [`[${number},${number + 1})`];
    case 'daterange':
    case 'tsrange':
    case 'tstzrange':
      return [`[${day},2026-02-01)`];
    default:
      return textsFor(name, type, number, told.texts);
  }
}

function numbersFor(number: number, told: readonly number[]): number[] {
  const means = told.slice(1).map((bound, index) => ((told[index] ?? bound) + bound) / 2);
  return [number, ...told.flatMap((bound) => [bound, bound + 1, bound - 1]), ...means, 0, 0.5, -number];
}

function textsFor(name: string, type: string, number: number, told: readonly string[]): string[] {
  const mail = `person-${number}@example.org`;
  const address = `https://example.org/${number}`;
  const likely = /mail/i.test(name) ? [mail] : /url|link|website/i.test(name) ? [address] : [];
  const values = [
    ...likely,
    `${
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ' ')
        .trim() || 'text'
    } ${number}`,
    ...told,
    mail,
    address,
    `text-${number}`,
    `text_${number}`,
    'EUR',
    'de',
    'DE',
    `${number}`,
    `+49301234${String(number).padStart(4, '0')}`,
    '#00ff00',
    'a sentence that is long enough for nearly everything that asks for one',
    '',
  ];
  const most = /^(?:character varying|character|varchar|bpchar)\((\d+)\)$/.exec(type)?.[1];
  return most === undefined ? values : values.map((value) => value.slice(0, Number(most)));
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-9000-${number.toString(16).padStart(12, '0')}`;
}
