/** What another server's password belongs to → a UserError that names it: a copy takes no such password, and would restore another. */
import { some } from '../../counted.js';
import type { Session } from '../../database/with-session.js';
import { UserError } from '../../errors.js';

export async function refuseSecrets(session: Session): Promise<void> {
  const { rows } = await session.query<{ name: string }>(
    `with found (classid, oid, name) as (
         select 'pg_foreign_server'::regclass, oid, format('the foreign server %I', srvname) from pg_foreign_server
         union all
         select 'pg_foreign_data_wrapper'::regclass, oid, format('the foreign-data wrapper %I', fdwname)
         from pg_foreign_data_wrapper
         union all
         select 'pg_subscription'::regclass, s.oid, format('the subscription %I', s.subname)
         from pg_subscription as s
         inner join pg_database as d on d.oid = s.subdbid
         where d.datname = current_database()
     )
     select f.name
     from found as f
     where not exists (select from pg_depend as d where d.classid = f.classid and d.objid = f.oid and d.deptype = 'e')
     order by 1`,
  );
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => name);
  throw new UserError(
    `backup: a copy takes no passwords of other servers, and without them ${some(names, 5)} would not be what the database holds. Take a backup of your host's, and say which: confirmed.`,
    { exitCode: 3 },
  );
}
