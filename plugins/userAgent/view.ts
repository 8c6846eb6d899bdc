import { errorSentence } from '../../src/core/index.ts';
import type { UserAgentState } from './types.ts';

/** The data of the template. No credential is in it but the user's name. */
export function toModel(
  state: UserAgentState,
  translate: (key: string) => string,
): Readonly<Record<string, unknown>> {
  const status = statusOf(state);
  return {
    isStarted: state.isStarted,
    needsLogin: !state.isStarted || isRefused(state),
    isConnected: state.isConnected,
    isRegistered: state.isRegistered,
    isRegistering: state.isRegistering,
    isReady: state.isStarted && state.isConnected && state.isRegistered,
    canRegister: state.isConnected && !state.isRegistered && !state.isRegistering,
    autoAnswered: state.isAutoAnswered ? translate('autoAnswered') : '',
    microphoneOpen: state.isMicrophoneOpen ? translate('microphoneOpen') : '',
    username: state.username,
    realm: state.realm,
    status,
    statusText: translate(`status_${status}`),
    hasError: state.error !== null,
    errorText: state.error ? errorSentence(state.error, translate) : '',
  };
}

function isRefused({ error }: UserAgentState): boolean {
  const isLogin = error?.code === 'userAgent.registrationFailed';
  return isLogin && [401, 403, 407].includes(error.statusCode ?? 0);
}

function statusOf(state: UserAgentState): string {
  if (!state.isStarted) return 'stopped';
  if (!state.isConnected) return state.error || !state.isConnecting ? 'offline' : 'connecting';
  if (state.isRegistered) return 'registered';
  return state.isRegistering ? 'registering' : 'connected';
}
