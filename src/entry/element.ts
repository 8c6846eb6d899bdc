/**
 * `<cordboard-phone>`: `defineElement()` defines it. Importing this touches no DOM, so it may be
 * imported on a server too.
 */
export { defineElement } from '../element/define.ts';
export type { CordboardPhoneClass } from '../element/define.ts';
export type { CordboardPhoneElement, ElementTheme, PhoneDomEvent } from '../element/types.ts';
export type { LoadedConfig } from './more.ts';
