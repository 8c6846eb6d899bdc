import { gatheringPolicy } from './gathering.ts';
import type { StackSettings } from './settings.ts';
import type { Authenticator } from './stackGrants.ts';
import { assertedBy } from './stackIdentity.ts';
import type { LiveSession, SessionServices } from './stackStart.ts';

type Shared = 'config' | 'gathering' | 'ready' | 'extensions' | 'extension' | 'redirects';

/** What the settings give to every session. */
export function sharedOf({
  peerConnection: base,
  providers,
  ...settings
}: StackSettings): Pick<SessionServices, Shared | 'headers' | 'assertedBy'> {
  const config = (): RTCConfiguration => {
    const more = providers?.iceServers() ?? [];
    return more.length > 0 ? { ...base, iceServers: [...(base.iceServers ?? []), ...more] } : base;
  };
  const { extensions, extension, redirects } = settings;
  return {
    ...{ config, extensions, extension, redirects },
    gathering: () => gatheringPolicy(config(), settings.gatheringTimeout),
    ready: providers?.iceReady,
    headers: [...settings.inviteHeaders, ...(extension?.headers ?? [])],
    assertedBy: settings.trustsIdentity ? assertedBy : () => undefined,
  };
}

/** Takes what the application gives anew while the agent runs. */
export function renewing(
  authenticator: Authenticator,
  sessions: ReadonlySet<LiveSession>,
  { config }: SessionServices,
): { readonly setToken: (token: string) => void; readonly refreshIce: () => void } {
  return {
    setToken: (token) => {
      authenticator.token = token;
    },
    refreshIce: () => {
      for (const { connection } of sessions) connection?.setConfiguration(config());
    },
  };
}
