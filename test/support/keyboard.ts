export * from '../../src/testing/keyboard.ts';
