/** A mutant of what has to be decided → whether on its database the fix asks less than it ought to. */
import type { ThrowawayDatabases } from '../../src/database/throwaway-databases.js';
import { withSession } from '../../src/database/with-session.js';
import { withRollback } from '../../src/database/with-transaction.js';
import type { Bundle, State } from '../../src/model.js';
import { makePrelude } from '../../src/stages/prelude.js';
import { setSettings } from '../../src/stages/set-settings.js';
import { withBuiltState } from '../support/built-state.js';
import type { DecisionMutant } from './mutant.js';
import type { Trial } from './try-mutants.js';

export async function tryDecisions(
  databases: ThrowawayDatabases,
  { whole, mutated }: { readonly whole: Bundle; readonly mutated: Bundle },
  mutant: DecisionMutant,
): Promise<Trial> {
  const file = { path: 'database.sql', text: mutant.database };
  const state = { ...(whole.states[0] as State), name: '00_database', files: [file] };
  const [asked, askedByMutant] = await withBuiltState(databases, whole, state, ({ deployer }) =>
    withSession(deployer, async (session) => {
      const decisionsOf = (bundle: Bundle) =>
        withRollback(session, async () => {
          await setSettings(session, bundle);
          const problem = await makePrelude(session, bundle);
          if (problem !== null) return [`the prelude broke off: ${problem.message}`];
          const { rows } = await session.query<{ problem: string }>(
            "select pg_catalog.regexp_split_to_table(problem, '; ') as problem from schema_fix.decisions()",
          );
          return rows.map(({ problem }) => problem);
        });
      return [await decisionsOf(whole), await decisionsOf(mutated)];
    }),
  );
  const forgotten = asked?.filter((problem) => !askedByMutant?.includes(problem)) ?? [];
  return {
    mutant,
    scene: 'a database of its own',
    catches: forgotten.length > 0 ? ['what is to be decided'] : [],
  };
}
