export * from '../../src/testing/eventRecorder.ts';
