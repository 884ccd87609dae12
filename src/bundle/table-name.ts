/** A table as a manifest names it → `schema.name` as the catalog has it, without quotes: capitals stay, as Prisma writes them. */
import { z } from 'zod';

const part = String.raw`(?:[\p{L}_][\p{L}\p{N}_$]*|"[^".]+")`;
const table = new RegExp(String.raw`^${part}\.${part}$`, 'u');
const tableOrColumn = new RegExp(String.raw`^${part}\.${part}(?:\..+)?$`, 'u');
const plain = /^[\p{L}_][\p{L}\p{N}_$]*$/u;

export const tableName = z
  .string()
  .regex(table, 'is not a table name written schema.name, or schema."Odd Name", as the catalog has it')
  .transform(withoutQuotes);

export const tableOrColumnName = z
  .string()
  .regex(tableOrColumn, 'is neither a table, schema.name, nor a column, schema.name.column')
  .transform(withoutQuotes);

/** Only of its first two parts: a column is written as it is. */
function withoutQuotes(name: string): string {
  return name.replace(new RegExp(String.raw`^(${part})\.(${part})`, 'u'), (_, schema: string, own: string) =>
    [schema, own].map((one) => one.replaceAll('"', '')).join('.'),
  );
}

/** Whether a manifest can name it: a dot or a quote within a name it cannot. */
export function isNameableTable(name: string): boolean {
  return /^[^".]+\.[^".]+$/.test(name);
}

/** As a manifest names it, given as the catalog has it. */
export function writeTableName(name: string): string {
  return name
    .split('.')
    .map((one) => (plain.test(one) ? one : `"${one}"`))
    .join('.');
}
