export * from '../../src/testing/fakeAgent.ts';
