import type { Party } from '../../src/core/index.ts';
import type { ReferredServices } from './stackReceiving.ts';
import type { JsSipUri } from './stackTypes.ts';

/** Whom a REFER asks for. */
export interface Wanted {
  readonly target: Party;
  readonly uri: JsSipUri;
  /** What the target's call with the referrer is named by (RFC 3891). */
  readonly replaces: string | undefined;
}

type Reading = Pick<ReferredServices, 'URI' | 'ua' | 'accountOf' | 'partyOf' | 'checkHeaders'>;

/** The only address in `Refer-To` (RFC 3515 section 2.1), or the status to refuse it with. */
export function readReferTo(values: readonly string[], reading: Reading): Wanted | number {
  const [value = ''] = values;
  const { name, address, scheme } = read(value);
  if (values.length !== 1 || scheme === '') return 400;
  if (scheme === 'sip') return wanted(split(address), name, reading);
  if (scheme === 'tel') return wanted({ base: asSip(address, reading) }, name, reading);
  return 416;
}

function wanted({ base, method, headers }: Parts, name: string, reading: Reading): Wanted | number {
  if (method !== undefined && !/^invite$/i.test(method)) return 603;
  const uri = reading.URI.parse(base) as JsSipUri | undefined;
  const replaces = headerOf(headers, reading);
  if (uri === undefined || replaces === null) return 400;
  return {
    target: reading.partyOf({ display_name: name, uri: uri }),
    uri,
    replaces,
  };
}

function read(value: string): Readonly<Record<'name' | 'address' | 'scheme', string>> {
  const [, name = '', inner] = /^([^<]*)<([^<>]*)>/.exec(value) ?? [];
  // Without brackets the parameters belong to the header.
  const address = (inner ?? value.split(';', 1).join('')).trim();
  const [, scheme = ''] = /^([a-z][a-z\d+.-]*):/i.exec(address) ?? [];
  return {
    address,
    name: name.trim().replace(/^"(.*)"$/, '$1'),
    scheme: scheme.toLowerCase(),
  };
}

interface Parts {
  readonly base: string;
  readonly method?: string | undefined;
  readonly headers?: string | undefined;
}

// RFC 3261 section 19.1.1; a method is no part of an address that is called.
function split(address: string): Parts {
  const [, user = '', host = '', headers] = /^([^@]*@)?([^?]*)(?:\?(.*))?$/.exec(address) ?? [];
  const method = /;method=([^;]*)/i.exec(host)?.[1];
  return { base: user + host.replace(/;method=[^;]*/i, ''), method, headers };
}

/** A number (RFC 3966) as an address of our domain; what is no number gives ''. */
function asSip(address: string, { ua, accountOf }: Reading): string {
  const { host } = accountOf(ua).uri;
  const [number = ''] = address
    .slice('tel:'.length)
    .replace(/[-.()]/g, '')
    .split(';');
  return /^\+?[\d*#]+$/.test(number) ? `sip:${number.replaceAll('#', '%23')}@${host}` : '';
}

// Of the headers that an address may carry this one alone is honoured: the others could say anything
// in our name. Null when it is none that can be sent.
function headerOf(headers = '', { checkHeaders }: Reading): string | undefined | null {
  const found = /(?:^|&)replaces=([^&]*)/i.exec(headers)?.[1];
  if (found === undefined) return undefined;
  try {
    const value = decodeURIComponent(found);
    checkHeaders([`Replaces: ${value}`]);
    return value;
  } catch {
    return null;
  }
}
