/** What a file gives to roles of the host's → given to them when the file has come to its end. */
import { isDatabaseError } from '../database/database-error.js';
import { describeStatement } from './describe-statement.js';
import { judgeFailure } from './judge-failure.js';
import { leaveOut } from './leave-out.js';
import { countLoaded, type LoadContext } from './load-context.js';
import { hostCall } from './with-host.js';

/** What the file gives to a role of the host's it may still work on, and so may the deployer: it is given away at the end. */
export async function giveAway(context: LoadContext): Promise<void> {
  const { runner, ledger, file, fix } = context;
  for (const { statement, line } of ledger.owned.splice(0)) {
    const described = describeStatement(statement);
    try {
      const [owner = ''] = described.roles;
      const [[schema = ''] = []] = described.targets;
      const lend = [hostCall('lend', owner), hostCall('lend_schema', owner, schema)].join('; ');
      await runner.runBetween(lend, statement, hostCall('take_back'));
      countLoaded(ledger);
    } catch (error: unknown) {
      if (!isDatabaseError(error)) throw error;
      const kind = judgeFailure(described, error, context.hostSchemas) ?? 'owner';
      leaveOut(ledger, { path: file.path, line }, { kind, described, reason: error.message, fix });
    }
  }
}
