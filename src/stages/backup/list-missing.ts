/** What is in the database and cannot be in a backup of it, or is not meant to be, and why. */
import type { Live } from '../../copying/open-live.js';
import type { SchemaPlan } from '../../copying/plan-schema.js';
import { counted } from '../../counted.js';

/** What a copy of the fix's tables leaves where it is. */
export async function listLeft(
  { session }: Live,
  hostSchemas: readonly string[],
  copied: number,
): Promise<SchemaPlan['missing']> {
  const { rows } = await session.query<{ tables: string; objects: string }>(
    `select
         (
             select count(*)
             from pg_class as c
             inner join pg_namespace as n on n.oid = c.relnamespace
             where
                 c.relkind = 'r' and c.relpersistence <> 't' and n.nspname !~ '^(pg_|information_schema$)'
                 and n.nspname <> all ($1)
                 and not exists (
                     select from pg_depend as d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
                 )
         ) as tables,
         (select count(*) from pg_largeobject_metadata) as objects`,
    [hostSchemas],
  );
  const { tables = '0', objects = '0' } = rows[0] ?? {};
  const left = Number(tables) - copied;
  return [
    ...(left > 0
      ? [
          {
            what: `the rows of ${counted(left, 'other table')}`,
            why: "they have nothing to do with the fix's",
          },
        ]
      : []),
    ...(Number(objects) > 0
      ? [{ what: `${objects} large objects`, why: 'a copy holds rows and definitions alone' }]
      : []),
  ];
}

/** The host's own publication can be made so by its superuser alone. */
export function forAllTables(objects: ReadonlyMap<string, string>): SchemaPlan['missing'] {
  return [...objects]
    .filter(([object, definition]) => /^publication /.test(object) && /"puballtables": true/.test(definition))
    .map(([object]) => ({
      what: `that the publication "${object.replace(/^publication "?|"$/g, '')}" is of all tables`,
      why: 'only a superuser can say that',
    }));
}

/** What to do about it is for whoever rehearses. */
export function withoutAdvice({ what, why }: SchemaPlan['missing'][number]): SchemaPlan['missing'][number] {
  return { what, why: why.replace(/;.*$/s, '') };
}

export const ofHost = [
  {
    what: "triggers and policies on the host's own tables",
    why: 'pg_dump leaves out the schemas of the host; of its accounts, ids are there',
  },
];
