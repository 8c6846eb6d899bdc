// The reference for the size and the start of the script-tag file: its libraries and nothing else.
export { default as EventEmitter2 } from 'eventemitter2';
export { default as JsSIP } from 'jssip';
export { default as Mustache } from 'mustache';
export { default as i18next } from 'i18next';
