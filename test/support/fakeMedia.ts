import { afterEach } from 'vitest';
import { cleanUp } from '../../src/testing/cleanUp.ts';

export * from '../../src/testing/fakeMedia.ts';

afterEach(cleanUp);
