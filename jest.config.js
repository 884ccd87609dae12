import { availableParallelism } from 'node:os';

/** Tests are TypeScript run by swc; imports end in `.js` as Node wants them and are mapped back to the source. */
export default {
  testEnvironment: '<rootDir>/__tests__/support/test-environment.js',
  setupFiles: ['./__tests__/support/property-seed.js'],
  globalSetup: '<rootDir>/__tests__/support/global-setup.js',
  globalTeardown: '<rootDir>/__tests__/support/global-teardown.js',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/lib'],
  // Most tests wait for a Postgres or a process of their own: as many workers as cores leave a sixth of them idle.
  maxWorkers: availableParallelism() + 1,
  // Ends what hangs; how long a test takes on a machine with other work says nothing.
  testTimeout: 180_000,
};
