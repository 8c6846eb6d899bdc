/** The whole phone: every built-in plugin, and the core to build on. Importing it touches no DOM. */
export * from '../core/index.ts';
export { audioContext } from '../../plugins/audioContext/index.ts';
export { callControl } from '../../plugins/callControl/index.ts';
export { callList } from '../../plugins/callList/index.ts';
export { dialpad } from '../../plugins/dialpad/index.ts';
export { mediaDevices } from '../../plugins/mediaDevices/index.ts';
export { userAgent } from '../../plugins/userAgent/index.ts';
export { videoCanvas } from '../../plugins/videoCanvas/index.ts';
export { builtIn, createWebphone } from './create.ts';
export type { BuiltIn, Webphone, WebphoneConfig } from './create.ts';
