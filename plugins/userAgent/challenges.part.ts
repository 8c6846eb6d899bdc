import type { ErrorCode, PhoneError } from '../../src/core/index.ts';
import type { AuthenticationAnswer } from './authentication.ts';
import type { Account, Challenge, Hash, digest } from './digest.ts';
import type { Answer, Challenged, sendAgain } from './stackGrants.ts';
import type { RawAgent, RawRequest } from './stackTypes.ts';

/** The file with the hashes of RFC 8760. */
export interface Hashes {
  readonly hashes: Readonly<Partial<Record<string, Hash>>>;
}

/** What challenges are answered with. */
export interface ChallengeServices {
  readonly md5: Hash;
  readonly loadHashes: () => Promise<Hashes>;
  readonly digest: typeof digest;
  readonly newId: () => string;
  readonly failed: (code: ErrorCode) => PhoneError;
  readonly sendAgain: typeof sendAgain;
}

interface Services extends ChallengeServices {
  readonly challenged: Challenged;
}

// Milliseconds that the application may take for the credentials of a request.
const patience = 10_000;
// The strongest last. RFC 8760 section 2.4 lets a policy decide against the server's order: ours is
// that nobody on the way can have the phone use a weaker one by putting that first.
const strengths = ['MD5', 'SHA-256', 'SHA-512-256'];

/**
 * Answers the challenges of one response, for each realm one of them, and sends the request again: in the order
 * of its dialog, and not for a call that has ended meanwhile. Rejects with `userAgent.challengeUnsupported`,
 * `userAgent.credentialsFailed` and `phone.partMissing`.
 */
export async function answer(
  challenged: Challenged,
  challenges: readonly Challenge[],
  services: ChallengeServices,
): Promise<void> {
  const { agent, sender, response } = challenged;
  const answers = await answersTo(challenges, { ...services, challenged });
  if (!agent.held.delete(challenged)) return;
  const { _request: request } = sender;
  const { _sessions: sessions, _findDialog: find } = sender._ua as RawAgent;
  const isIn = (id: string): boolean => id.startsWith(request.call_id);
  const isOver = request.method === 'INVITE' && !Object.keys(sessions).some(isIn);
  if (isOver || !answers) {
    sender._eventHandlers.onReceiveResponse(response);
    return;
  }
  const tag = (address: RawRequest['to']): string => address.getParam('tag') ?? '';
  const dialog = find.call(sender._ua, request.call_id, tag(request.from), tag(request.to));
  request.cseq = Math.max(request.cseq, dialog?.local_seqnum ?? 0);
  services.sendAgain(challenged, answers);
}

/** Null when there are no credentials for any realm. */
async function answersTo(
  challenges: readonly Challenge[],
  services: Services,
): Promise<readonly Answer[] | null> {
  const { renewToken } = services.challenged.agent;
  if (renewToken) {
    await renewToken();
    return [];
  }
  const realms = [...new Set(challenges.map(({ realm = '' }) => realm))];
  const answers = await Promise.all(
    realms.map((realm) =>
      answerRealm(
        challenges.filter((challenge) => (challenge['realm'] ?? '') === realm),
        services,
      ),
    ),
  );
  const found = answers.filter((answer) => answer !== null);
  return found.length > 0 ? found : null;
}

async function answerRealm(
  challenges: readonly Challenge[],
  services: Services,
): Promise<Answer | null> {
  const known = challenges.filter(isKnown).sort((one, other) => strength(other) - strength(one));
  const [first = {}] = [...known, ...challenges];
  const { realm = '' } = first;
  const given = await ask(first, services);
  if (given && 'authorization' in given) {
    return { realm, grant: () => given.authorization, isOnce: true };
  }
  // What was asked for by the algorithm of one challenge answers no other one.
  if (given)
    return withAccount(
      known.slice(0, 1),
      accountOf(given, services.challenged.agent.account),
      services,
    );
  const account = accountFor(realm, services.challenged.agent.account);
  return account && withAccount(known.filter(fitting(account)), account, services);
}

async function withAccount(
  challenges: readonly Challenge[],
  account: Account,
  services: Services,
): Promise<Answer> {
  for (const challenge of challenges) {
    const hash = await hashFor(challenge, challenges, services);
    if (hash) return answerWith(hash, { challenge, account, services });
  }
  throw services.failed('userAgent.challengeUnsupported');
}

interface Answered {
  readonly challenge: Challenge;
  readonly account: Account;
  readonly services: Services;
}

// `auth` is preferred to `auth-int`: a proxy that changes the description on its way would break the latter.
function answerWith(hash: Hash, { challenge, account, services }: Answered): Answer {
  const { realm = '', nonce = '', qop: offered = '' } = challenge;
  const best = /\bauth\b(?!-)/i.test(offered) ? 'auth' : 'auth-int';
  const cnonce = services.newId();
  const { user, password } = account;
  // RFC 7616 section 3.4.2: the nonces of the first request count for all that follow.
  const secret = account.ha1 || hash(`${user}:${realm}:${password}`);
  const ha1 = isSession(challenge) ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const tools = { hash, cnonce, qop: offered ? best : undefined } as const;
  return { realm, grant: services.digest(challenge, { ...account, ha1 }, tools) };
}

const isSession = (challenge: Challenge): boolean => algorithmOf(challenge).endsWith('-SESS');

function isKnown({ scheme, nonce, qop, ...challenge }: Challenge): boolean {
  const isComplete = scheme === 'digest' && !!nonce && (!qop || /\bauth\b/i.test(qop));
  // Without qop there is nothing to make the hash of a session with.
  return isComplete && strength(challenge) >= 0 && (!!qop || !isSession(challenge));
}

const algorithmOf = ({ algorithm = 'MD5' }: Challenge): string => algorithm.toUpperCase();
const baseOf = (challenge: Challenge): string => algorithmOf(challenge).replace(/-SESS$/, '');
const strength = (challenge: Challenge): number => strengths.indexOf(baseOf(challenge));

// A hash has the length that its algorithm makes.
function fitting({ ha1 }: Account): (challenge: Challenge) => boolean {
  return (challenge) => ha1 === '' || (ha1.length === 32) === (baseOf(challenge) === 'MD5');
}

/** The hash of a challenge; undefined when it cannot be loaded and a weaker challenge is left. */
async function hashFor(
  challenge: Challenge,
  usable: readonly Challenge[],
  { md5, loadHashes }: ChallengeServices,
): Promise<Hash | undefined> {
  const name = baseOf(challenge);
  if (name === 'MD5') return md5;
  try {
    return (await loadHashes()).hashes[name];
  } catch (error) {
    if (usable.some((other) => baseOf(other) === 'MD5')) return undefined;
    throw error;
  }
}

function accountFor(realm: string, account: Account): Account | null {
  if (account.ha1 && account.ha1Realm === realm) return account;
  return account.password ? { ...account, ha1: '' } : null;
}

function accountOf(
  given: Exclude<AuthenticationAnswer, { readonly authorization: string }>,
  { user }: Account,
): Account {
  const { username = user } = given;
  const secret = 'ha1' in given ? { password: '', ha1: given.ha1 } : { ...given, ha1: '' };
  return { user: username, ha1Realm: '', ...secret };
}

async function ask(
  challenge: Challenge,
  { challenged, failed }: Services,
): Promise<AuthenticationAnswer | null> {
  const { agent, sender, response } = challenged;
  const { factory, clock } = agent;
  if (!factory) return null;
  const { scheme = '', realm = '' } = challenge;
  const { method, ruri, body } = sender._request;
  const isProxy = response.status_code === 407;
  const asked = {
    statusCode: isProxy ? 407 : 401,
    scheme,
    realm,
    method,
    uri: String(ruri),
    body: body ?? '',
  } as const;
  return new Promise((resolve, reject) => {
    // What went wrong stays inside: an error of the application's may hold what it was made with.
    const giveUp = (): void => {
      reject(failed('userAgent.credentialsFailed'));
    };
    const stop = clock.after(patience, giveUp);
    new Promise<AuthenticationAnswer | null>((answer) => {
      answer(factory({ ...asked, algorithm: algorithmOf(challenge), challenge }));
    })
      .then((answer) => {
        if (isAnswer(answer)) resolve(answer);
        else giveUp();
      }, giveUp)
      .finally(stop);
  });
}

function isAnswer(given: unknown): given is AuthenticationAnswer | null {
  if (given === null || given === undefined) return true;
  const { username = '', password, ha1, authorization } = given as Partial<Record<string, unknown>>;
  const isUser = typeof username === 'string' && /^[^"\\\p{Cc}]*$/u.test(username);
  if (!isUser) return false;
  if (authorization !== undefined) return isLine(authorization);
  return typeof password === 'string' || (typeof ha1 === 'string' && /^[\da-f]+$/i.test(ha1));
}

const isLine = (value: unknown): boolean =>
  typeof value === 'string' && /^[^\p{Cc}]+$/u.test(value);
