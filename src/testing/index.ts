/**
 * For the tests of a plugin: a phone to put it into, sessions and media to play with, and a record of
 * what was said. It belongs to no test runner; `README.md` beside the sources has examples.
 */
export { cleanUp } from './cleanUp.ts';
export { eventRecorder } from './eventRecorder.ts';
export type { AttachableRecorder, EventRecorder, RecordedEvent } from './eventRecorder.ts';
export { fakeAgent } from './fakeAgent.ts';
export type { FakeAgent } from './fakeAgent.ts';
export { fakeMedia } from './fakeMedia.ts';
export type { FakeDevice, FakeMedia, FakeMediaOptions, FakeTrack } from './fakeMedia.ts';
export { incoming, outgoing } from './fakeSession.ts';
export type { Asked, FakeSession, FakeSessionOptions, Waiting } from './fakeSession.ts';
export { pressKey, typeInto } from './keyboard.ts';
export { settled } from './settled.ts';
export { testPhone } from './testPhone.ts';
export type { TestPhone, TestPhoneOptions } from './testPhone.ts';
