import en from '../../locales/en.json' with { type: 'json' };

/** The sentences of all SIP responses, the rare ones among them. */
export const responses: Readonly<Record<string, string>> = en.response;
