/** A challenge (RFC 7616 section 3.3): its parameters, and the scheme, as `digest`. Names are in small letters. */
export type Challenge = Readonly<Partial<Record<string, string>>>;

/** The request that is to be authenticated. */
export interface ChallengedRequest {
  readonly method: string;
  readonly ruri: unknown;
  readonly body?: string | null;
}

/** Hashes a text as UTF-8; in hexadecimal digits. */
export type Hash = (text: string) => string;

/** The header value for the next request, or one sent again: each has a nonce count of its own. */
export type Grant = (request: ChallengedRequest) => string;

/** Whose credentials they are. */
export interface Account {
  /** The name in the digest, as a rule the SIP user. */
  readonly user: string;
  readonly password: string;
  /** The hash of `user:realm:password`, in place of the password; '' for none. */
  readonly ha1: string;
  /** The only realm that `ha1` is for. */
  readonly ha1Realm: string;
}

const parameter = /([\w-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/g;

/** The challenges of a response in their order, from the headers of this name. */
export function challengesOf(message: string, header: string): readonly Challenge[] {
  const [head = ''] = message.split('\r\n\r\n', 1);
  const lines = head.replace(/\r\n[ \t]+/g, ' ').matchAll(/^([\w-]+)[ \t]*:[ \t]*(\w+)(.*)/gm);
  return [...lines]
    .filter(([, name]) => name?.toLowerCase() === header)
    .map(([, , scheme = '', rest = '']) => ({
      ...Object.fromEntries(
        [...rest.matchAll(parameter)].map(([, name = '', quoted, plain]) => [
          name.toLowerCase(),
          quoted ?? plain ?? '',
        ]),
      ),
      scheme: scheme.toLowerCase(),
    }));
}

/** What a digest is made with. */
export interface DigestTools {
  readonly hash: Hash;
  readonly cnonce: string;
  /** `auth-int` covers the body too; undefined where the challenge knows no qop (RFC 2069). */
  readonly qop: 'auth' | 'auth-int' | undefined;
}

/** The answers to a digest challenge, for one request after another. */
export function digest(
  { realm = '', nonce = '', opaque, algorithm = 'MD5' }: Challenge,
  { user, password, ha1 }: Account,
  { hash, cnonce, qop }: DigestTools,
): Grant {
  const a1 = ha1 || hash(`${user}:${realm}:${password}`);
  let count = 0;
  return ({ method, ruri, body }) => {
    count += 1;
    const uri = String(ruri);
    const nc = count.toString(16).padStart(8, '0');
    const a2 = `${method}:${uri}${qop === 'auth-int' ? `:${hash(body ?? '')}` : ''}`;
    const counted = qop ? [nonce, nc, cnonce, qop] : [nonce];
    const response = hash([a1, ...counted, hash(a2)].join(':'));
    return (
      `Digest algorithm=${algorithm}, username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}"` +
      (opaque === undefined ? '' : `, opaque="${opaque}"`) +
      (qop ? `, qop=${qop}, cnonce="${cnonce}", nc=${nc}` : '')
    );
  };
}
