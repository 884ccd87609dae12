/** Who is in made-up rows: the subjects of the actors, and on Supabase their accounts. */
import { quoteLiteral } from '../database/quote.js';

export const people = {
  ann: '00000000-0000-4000-8000-0000000000a1',
  ben: '00000000-0000-4000-8000-0000000000b2',
} as const;

/** `metadata` are the keys that the project's triggers ask for; null: none asks. */
export function accountsOfPeople(metadata: readonly string[] | null): string {
  const rows = Object.entries(people).map(([name, id]) => `    (${valuesOf(name, id, metadata).join(', ')})`);
  return `insert into auth.users (${columnsOf(metadata).join(', ')})
values
${rows.join(',\n')}
on conflict do nothing;
`;
}

/** For where they may be there already: a trigger of the project's would fire before a conflict is seen. */
export function accountsOfPeopleIfAbsent(metadata: readonly string[] | null): string {
  const rows = Object.entries(people).map(([name, id]) => {
    const [idOf, email, ...rest] = valuesOf(name, id, metadata);
    return `    (${[`${idOf}::pg_catalog.uuid`, email, ...rest.map((text) => `${text}::pg_catalog.jsonb`)].join(', ')})`;
  });
  const columns = columnsOf(metadata);
  const listed = columns.join(', ');
  return `insert into auth.users (${listed})
select ${columns.map((column) => `p.${column}`).join(', ')}
from (
    values
${rows.join(',\n')}
) as p (${listed})
where not exists (select from auth.users as u where u.id = p.id);
`;
}

/** As somebody of that name would have signed up. */
export function metadataOf(name: string, keys: readonly string[]): string {
  const answerTo = (key: string) => {
    if (/verified|^(is|has|first)_/i.test(key)) return true;
    if (/mail/i.test(key)) return `${name}@example.org`;
    if (/url|avatar|picture|link|image/i.test(key)) return `https://example.org/${name}`;
    return `${name}_${name}`;
  };
  return JSON.stringify(Object.fromEntries(keys.map((key) => [key, answerTo(key)])));
}

function columnsOf(metadata: readonly string[] | null): string[] {
  return ['id', 'email', ...(metadata === null ? [] : ['raw_user_meta_data'])];
}

function valuesOf(name: string, id: string, metadata: readonly string[] | null): string[] {
  const told = metadata === null ? [] : [metadataOf(name, metadata)];
  return [id, `${name}@example.org`, ...told].map((text) => quoteLiteral(text).trim());
}
