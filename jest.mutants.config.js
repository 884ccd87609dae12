/** What `npm run mutants` runs: too long for every `npm test`, on the same server and with the same support. */
import config from './jest.config.js';

export default { ...config, testMatch: ['<rootDir>/__tests__/mutants/*.run.ts'] };
