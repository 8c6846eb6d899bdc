type Early =
  'phone.created' | 'phone.configuration.warning' | 'phone.plugin.failed' | 'language.changed';

/** Told while a phone is made, before its page can have it to listen to. */
export const early: readonly Early[] = [
  ...(['phone.created', 'phone.configuration.warning', 'phone.plugin.failed'] as const),
  'language.changed',
];
