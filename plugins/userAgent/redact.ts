// Headers that carry credentials (RFC 3261 section 22, RFC 8898), and keys inside of SDP.
const secretHeader =
  /^((?:proxy-)?authorization|x-[\w-]*(?:token|auth|key|secret)[\w-]*)[ \t]*:.*$/gim;
const secretAttribute = /^(a=(?:ice-pwd|crypto):).*$/gim;
const secretQuery = /([?&;](?:token|access_token|jwt|password|key|secret|auth)=)[^&\s;>]*/gi;

/** A SIP message or an address with its credentials, tokens and media keys replaced. */
export function redact(message: string): string {
  return message
    .replace(secretHeader, '$1: [redacted]')
    .replace(secretAttribute, '$1[redacted]')
    .replace(secretQuery, '$1[redacted]');
}

/** The part of an address that tells nothing but where it is: tokens may stand anywhere else. */
export function originOf(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return '';
  }
}
