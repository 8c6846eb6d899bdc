export * from '../../src/testing/fakeSession.ts';
