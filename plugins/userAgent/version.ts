import { version as packageVersion } from '../../package.json' with { type: 'json' };

/** The version of this library, for the User-Agent header. */
export const version: string = packageVersion;
