import template from '../../templates/_userAgentAccounts.mustache';
import type { Agent } from './agent.ts';
import type { UserAgentState } from './types.ts';

/** The rows of the panel. */
export { template };

type Model = Readonly<Record<string, unknown>>;

/** What the panel shows of several accounts, besides what it shows of the first one; nothing for one. */
export function severalToModel(
  agents: readonly Agent[],
  toModel: (state: UserAgentState) => Model,
): Model {
  const [first] = agents;
  if (!first || agents.length === 1) return {};
  // There is one form: it is for whoever cannot go on without it.
  const isAsked = ({ state }: Agent): boolean =>
    state().isStarted && toModel(state())['needsLogin'] === true;
  const asked = agents.find(isAsked) ?? first;
  const { needsLogin, username, realm } = toModel(asked.state());
  // Whichever account it is that lets others hear the room.
  const anyOf = (sentence: string): unknown =>
    agents.map(({ state }) => toModel(state())[sentence]).find(Boolean) ?? '';
  return {
    accounts: agents.map((agent, place) => ({
      ...toModel(agent.state()),
      ...namesOf(agent),
      id: agent.account,
      place,
      canToggle: canToggle(agent.state()),
    })),
    login: asked.account,
    loginName: namesOf(asked).name,
    needsLogin,
    username,
    realm,
    isStarted: agents.some(({ state }) => state().isStarted),
    autoAnswered: anyOf('autoAnswered'),
    microphoneOpen: anyOf('microphoneOpen'),
  };
}

function namesOf({ account, state }: Agent): { readonly name: string; readonly address: string } {
  const { username, realm } = state();
  const address = username.includes('@') || realm === '' ? username : `${username}@${realm}`;
  return { name: account === 'default' ? username : account, address };
}

// Stopped, it can be started; registered or not, that can be changed once there is a connection.
function canToggle({ isStarted, isConnected, isRegistering }: UserAgentState): boolean {
  return !isStarted || (isConnected && !isRegistering);
}
