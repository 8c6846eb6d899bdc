import RequestSender from 'jssip/lib/RequestSender.js';
import { isAnswered } from './stackChallenge.ts';
import { addCredentials } from './stackGrants.ts';
import type { Authenticator, RawSender } from './stackGrants.ts';
import type { StackSettings } from './settings.ts';
import type { PhoneUA } from './stackAgent.ts';

const agents = new WeakMap<object, Authenticator>();
let isInPlace = false;

/**
 * Answers the challenges to all requests of an agent (RFC 3261 section 22, RFC 8760) in place of JsSIP,
 * which knows MD5 and one realm only, and keeps the password where anybody finds it.
 */
export function authenticate(
  ua: PhoneUA,
  { authentication, jwt: token, providers }: StackSettings,
  services: Pick<Authenticator, 'clock' | 'tell'>,
): Authenticator {
  const agent: Authenticator = {
    ...authentication,
    ...services,
    token,
    renewToken: providers?.renewToken,
    calls: new Map(),
    foreign: ua.foreign,
    held: new Set(),
  };
  agents.set(ua, agent);
  ua.on('disconnected', () => {
    for (const { sender } of agent.held) {
      // The registration sees to itself when the connection is lost.
      if (sender._request.method !== 'REGISTER') sender._eventHandlers.onTransportError();
    }
    agent.held.clear();
  });
  if (!isInPlace) putInPlace();
  isInPlace = true;
  return agent;
}

// JsSIP makes its senders by itself; those of other agents on the page are left alone.
function putInPlace(): void {
  const { prototype } = RequestSender as unknown as { readonly prototype: RawSender };
  const { send, _receiveResponse: receive } = prototype;
  prototype.send = function (this: RawSender) {
    const agent = agents.get(this._ua);
    if (agent) addCredentials(agent, this);
    send.call(this);
  };
  prototype._receiveResponse = function (this: RawSender, response) {
    const agent = agents.get(this._ua);
    if (!agent) receive.call(this, response);
    else if (!isAnswered(agent, this, response)) this._eventHandlers.onReceiveResponse(response);
  };
}
