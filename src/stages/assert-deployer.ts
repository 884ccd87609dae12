/** A bundle and a throwaway server → nothing, or a UserError where the server has no such role as its deployer. */
import { findUnknownRoles } from '../bundle/find-unknown-roles.js';
import { isDatabaseError } from '../database/database-error.js';
import type { ThrowawayDatabases } from '../database/throwaway-databases.js';
import { UserError } from '../errors.js';
import type { Bundle } from '../model.js';

const undefinedObject = '42704';

/** Before anything is begun as it. */
export async function assertDeployer(databases: ThrowawayDatabases, bundle: Bundle): Promise<void> {
  try {
    await databases.loginOf(bundle.deployer);
  } catch (error: unknown) {
    if (!isDatabaseError(error) || error.code !== undefinedObject) throw error;
    const [remark] = findUnknownRoles({ ...bundle, actors: [] });
    const said = remark?.text ?? `the deployer: no role ${bundle.deployer}`;
    throw new UserError(`bundle.yml:${remark?.line ?? 1}: ${said}.`, { cause: error });
  }
}
