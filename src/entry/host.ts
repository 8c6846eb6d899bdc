/**
 * For the page around a phone in a frame (`dist/frame/index.html`): puts it there and speaks with it.
 * Importing this touches no DOM.
 */
export { openFrame } from '../frame/host.ts';
export type { FrameOptions, FramePayload, PhoneFrame } from '../frame/host.ts';
export type { FrameConfig, FrameSection } from '../frame/origins.ts';
export type { FrameCommand, FrameCommands } from '../frame/protocol.ts';
