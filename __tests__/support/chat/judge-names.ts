/** A repaired database → the groups that the guide's own query for duplicates (its appendix, 4) still finds. */
import type { Session } from '../../../src/database/with-session.js';

/** As the guide has it: an empty title, or a missing creator, is a value like any other. */
const guidesQuery = `
select title, created_by, count(*)
from public.chat_rooms
where type = 'group'
group by title, created_by
having count(*) > 1`;

export async function judgeNames(session: Session): Promise<string[]> {
  const { rows } = await session.query<{ title: string | null; created_by: string | null; count: string }>(
    guidesQuery,
  );
  return rows.map(
    ({ title, created_by, count }) =>
      `the guide finds ${count} groups "${title ?? ''}" by ${created_by ?? 'nobody'}`,
  );
}
