import { afterEach } from 'vitest';
import { cleanUp } from '../../src/testing/cleanUp.ts';

export * from '../../src/testing/testPhone.ts';

afterEach(cleanUp);
