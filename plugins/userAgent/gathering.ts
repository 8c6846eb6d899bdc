import type { Clock, Off } from '../../src/core/index.ts';

/** When an offer or answer is complete enough to be sent (RFC 8445 section 5.1.1). */
export interface GatheringPolicy {
  /** The kind of candidate that is worth waiting for. */
  readonly awaited: 'host' | 'srflx' | 'relay';
  /** Milliseconds after which the description goes out with the candidates there are. */
  readonly cap: number;
}

// Host candidates of one machine come within a few milliseconds of one another.
const quiet = 20;

/** What the configured servers make worth waiting for: a relay, our outside address, or neither. */
export function gatheringPolicy(config: RTCConfiguration, cap: number): GatheringPolicy {
  const urls = (config.iceServers ?? []).flatMap((server) => server.urls);
  const has = (scheme: RegExp): boolean => urls.some((url) => scheme.test(url));
  if (has(/^turns?:/i)) return { awaited: 'relay', cap };
  return { awaited: has(/^stuns?:/i) ? 'srflx' : 'host', cap };
}

/**
 * Bounds the candidate gathering of a connection: as soon as the policy is satisfied, `enough` is
 * called, once per gathering. Candidates that come later serve the next offer.
 */
export function boundGathering(
  connection: RTCPeerConnection,
  policy: GatheringPolicy,
  { clock, enough }: { readonly clock: Clock; readonly enough: () => void },
): Off {
  let stopCap: Off = () => undefined;
  let stopQuiet: Off = () => undefined;
  let isGathering = false;

  const finish = (): void => {
    if (!isGathering) return;
    stop();
    enough();
  };
  const stop = (): void => {
    isGathering = false;
    stopCap();
    stopQuiet();
  };
  const onState = (): void => {
    stop();
    if (connection.iceGatheringState !== 'gathering') return;
    isGathering = true;
    stopCap = clock.after(policy.cap, finish);
  };
  const onCandidate = ({ candidate }: RTCPeerConnectionIceEvent): void => {
    if (!candidate || !isGathering) return;
    stopQuiet();
    // A relay also tells that the outside address is known; it always comes last.
    if (candidate.type === policy.awaited || candidate.type === 'relay') {
      if (policy.awaited !== 'host') {
        finish();
        return;
      }
    }
    if (policy.awaited === 'host') stopQuiet = clock.after(quiet, finish);
  };
  connection.addEventListener('icegatheringstatechange', onState);
  connection.addEventListener('icecandidate', onCandidate);
  return () => {
    stop();
    connection.removeEventListener('icegatheringstatechange', onState);
    connection.removeEventListener('icecandidate', onCandidate);
  };
}
