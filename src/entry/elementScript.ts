/**
 * The script-tag file with the element: all of the other one, and `<cordboard-phone>`, which is
 * defined as soon as the file is loaded.
 */
import { defineElement } from '../element/define.ts';

export * from './element.ts';
export * from './standalone.ts';

defineElement();
