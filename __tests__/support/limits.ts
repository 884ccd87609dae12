/** How long a statement of a test may wait and run: as long as the test itself, for the machine may be a busy one. */
export const limits = { lockTimeout: 60_000, statementTimeout: 60_000 } as const;
