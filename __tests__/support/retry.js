/** A test that failed is tried once more, and both times are in the log: others may be busy on the machine. */
import { jest } from '@jest/globals';

jest.retryTimes(1, { logErrorsBeforeRetry: true });
