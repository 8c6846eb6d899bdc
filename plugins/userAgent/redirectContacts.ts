import type { RawMessage, RawNameAddr } from './stackTypes.ts';

/**
 * The addresses of a redirection, the best first (RFC 3261 section 20.10); those without q count as 1. A
 * telephone number is one of `domain`; what cannot be called is left out.
 */
export function contactsOf(response: RawMessage, domain: string): readonly RawNameAddr[] {
  const quality = (address: RawNameAddr): number => {
    const q = Number(address.getParam('q') ?? 1);
    return Number.isNaN(q) ? 0 : q;
  };
  // They were kept from JsSIP's parser, which drops a response with an address that is no SIP one.
  const listed = response.getHeaders('X-Contact').join();
  return (listed.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g) ?? [])
    .map((value) => parse(response, numberAsSip(value.trim(), domain)))
    .filter((address): address is RawNameAddr => /^sips?$/.test(address?.uri.scheme ?? ''))
    .sort((one, other) => quality(other) - quality(one));
}

function parse(response: RawMessage, value: string): RawNameAddr | undefined {
  (response as RawMessage & Writable).setHeader('Contact', value);
  // The grammar's rule for this header gives a list.
  const parsed: unknown = response.parseHeader('contact');
  return (parsed as readonly { readonly parsed: RawNameAddr }[] | undefined)?.[0]?.parsed;
}

interface Writable {
  readonly setHeader: (name: string, value: string) => void;
}

/** A number (RFC 3966) as a SIP address (RFC 3261 section 19.1.6); all else as it is. */
function numberAsSip(value: string, domain: string): string {
  const [, before = '', number = '', parameters = '', after = ''] =
    /^((?:(?:"(?:[^"\\]|\\.)*"|[^<"])*<)?)tel:(\+?[-.()\d*#]+)((?:;[^>]*)?)(>.*)?$/i.exec(value) ??
    [];
  const user = within(domain, number, parameters);
  if (user === '') return value;
  const address = `sip:${user.replace(/[-.()]/g, '').replaceAll('#', '%23')}@${domain}`;
  // Without brackets the parameters belong to the header.
  return before === '' ? `<${address}>${/;.*/.exec(value)?.[0] ?? ''}` : before + address + after;
}

/** The whole of a local number; '' for that of another domain, which is somebody else's here. */
function within(domain: string, number: string, parameters: string): string {
  const [, context = ''] = /;phone-context=([^;]*)/i.exec(parameters) ?? [];
  if (number.startsWith('+') || context === '' || context === domain) return number;
  return context.startsWith('+') ? context + number : '';
}
