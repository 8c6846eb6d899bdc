import { calculateMD5 } from 'jssip/lib/Utils.js';
import { PhoneError, asPhoneError, loadPart, newId } from '../../src/core/index.ts';
import type { ErrorCode } from '../../src/core/index.ts';
import type { Hashes } from './challenges.part.ts';
import { challengesOf, digest } from './digest.ts';
import type { Challenge } from './digest.ts';
import { doneFor, isMeant, sendAgain } from './stackGrants.ts';
import type { Authenticator, Challenged, RawSender } from './stackGrants.ts';
import type { RawMessage } from './stackTypes.ts';

const failures = new WeakMap<object, PhoneError>();

/** Why the challenge in a response was not answered, if that was not for want of credentials. */
export function unansweredBecause(response: object | null): PhoneError | undefined {
  return response ? failures.get(response) : undefined;
}

/** Sees to a challenge, at once or in a moment; false when the response is the last word. */
export function isAnswered(agent: Authenticator, sender: RawSender, response: RawMessage): boolean {
  const { status_code: status, data = '' } = response;
  const [asks, answers] = headers[String(status)] ?? [];
  if (!asks || !answers || !hasCredentials(agent)) return false;
  const challenged = { agent, sender, response, header: answers };
  // Whoever is called in another domain learns nothing of this account, whatever he asks for.
  const challenges = challengesOf(data, asks).filter(({ realm = '' }) =>
    isMeant(agent, sender._request, `${answers} ${realm}`),
  );
  if (!isAllowed(challenged, challenges)) return false;
  if (!answerCommon(challenged, challenges)) hold(challenged, challenges);
  return true;
}

function hasCredentials({ account, factory, renewToken }: Authenticator): boolean {
  return !!(renewToken ?? factory ?? (account.password || account.ha1));
}

// What asks for credentials, as the socket has renamed it, and what carries them; by status.
const headers: Readonly<Record<string, readonly [string, string]>> = {
  401: ['x-www-authenticate', 'authorization'],
  407: ['x-proxy-authenticate', 'proxy-authorization'],
};

// Most servers ask for one password by MD5, which needs nothing that is not here.
function answerCommon(
  challenged: Challenged,
  [challenge, ...others]: readonly Challenge[],
): boolean {
  const { account, factory } = challenged.agent;
  const isOnly = challenge !== undefined && others.length === 0;
  if (!isOnly || factory || account.ha1 || !account.password || !isCommon(challenge)) return false;
  const grant = digest(challenge, account, {
    hash: calculateMD5,
    cnonce: newId(),
    qop: challenge['qop'] ? 'auth' : undefined,
  });
  sendAgain(challenged, [{ realm: challenge['realm'] ?? '', grant }]);
  return true;
}

function isCommon({ scheme, algorithm = 'MD5', nonce, qop }: Challenge): boolean {
  return (
    scheme === 'digest' &&
    /^md5$/i.test(algorithm) &&
    !!nonce &&
    (!qop || /\bauth\b(?!-)/i.test(qop))
  );
}

// Each realm once, and once more when nothing but the nonce was too old. A server that names another realm
// each time would ask for ever.
const mostRealms = 6;

function isAllowed(
  { agent, sender, header }: Challenged,
  challenges: readonly Challenge[],
): boolean {
  const { times } = doneFor(sender);
  const keys = new Set(challenges.map(({ realm = '' }) => `${header} ${realm}`));
  if (agent.renewToken && isMeant(agent, sender._request, 'token')) keys.add('token');
  const isStale =
    challenges.length > 0 && challenges.every(({ stale = '' }) => /true/i.test(stale));
  const isNew = [...keys].every((key) => (times.get(key) ?? 0) < (isStale ? 2 : 1));
  if (!isNew) agent.calls.delete(sender._request.call_id);
  for (const key of keys) times.set(key, (times.get(key) ?? 0) + 1);
  return isNew && keys.size > 0 && times.size <= mostRealms;
}

// Keeps a request until its credentials are there.
function hold(challenged: Challenged, challenges: readonly Challenge[]): void {
  const { held } = challenged.agent;
  held.add(challenged);
  const refuse = (thrown: unknown): void => {
    if (!held.delete(challenged)) return;
    const { agent, sender, response } = challenged;
    const error = asPhoneError(thrown, 'userAgent.credentialsFailed');
    failures.set(response, error);
    const { method } = sender._request;
    const realm = challenges[0]?.['realm'] ?? '';
    agent.tell({ error, realm, method, statusCode: response.status_code ?? 0 });
    sender._eventHandlers.onReceiveResponse(response);
  };
  const loadHashes = (): Promise<Hashes> => loadPart(() => import('./hashes.part.ts'));
  const failed = (code: ErrorCode): PhoneError => new PhoneError(code);
  const services = { newId, digest, md5: calculateMD5, loadHashes, failed, sendAgain };
  loadPart(() => import('./challenges.part.ts'))
    .then(({ answer }) => answer(challenged, challenges, services))
    .catch(refuse);
}
