import { loadPart } from '../../src/core/index.ts';
import type { Clock, Off } from '../../src/core/index.ts';
import type { RawMessage, RawSession } from './stackTypes.ts';

/** What a session is refreshed by. */
export interface RefreshServices {
  readonly clock: Clock;
  /** Sends an offer that changes nothing; for far ends that do not know UPDATE. */
  readonly offer: () => Promise<void>;
}

/** The headers of a request that refreshes a session (RFC 4028 section 7.4). */
export function timerHeaders({ _sessionTimers: timers }: RawSession): readonly string[] {
  if (!timers.running) return [];
  const refresher = timers.refresher ? 'uac' : 'uas';
  return [
    `Session-Expires: ${String(timers.currentExpires)};refresher=${refresher}`,
    ...(timers.minimum ? [`Min-SE: ${String(timers.minimum)}`] : []),
  ];
}

/** Takes the interval that a 422 asks for (RFC 4028 section 7.4); false for any other response. */
export function raiseInterval(
  { _sessionTimers: timers }: RawSession,
  response: RawMessage,
): boolean {
  const least = minimumOf(response);
  if (response.status_code !== 422 || least === 0) return false;
  timers.minimum = least;
  timers.currentExpires = Math.max(timers.currentExpires, least);
  return true;
}

const minimumOf = (message: RawMessage): number =>
  Number.parseInt(message.getHeader('Min-SE') ?? '', 10) || 0;

/**
 * Refreshes a session in time (RFC 4028). JsSIP drops the refresh for good when an offer is under way at
 * that moment, ends the call where the connection is lost, and knows neither a refusal nor Min-SE. Here a
 * refresh that fails is tried again after an eighth of the interval, as long as the call is there.
 */
export function keepRefreshed(raw: RawSession, { clock, offer }: RefreshServices): void {
  const timers = raw._sessionTimers;
  let stop: Off | undefined;
  let knowsUpdate = true;
  const wait = (milliseconds: number, task: () => void): void => {
    stop?.();
    stop = clock.after(milliseconds, task);
  };
  const later = (): void => {
    wait(timers.currentExpires * 125, run);
  };
  const byOffer = (): void => {
    knowsUpdate = false;
    // Success starts the time anew.
    offer().catch(later);
  };
  const run = (): void => {
    if (raw.isEnded()) return;
    if (!knowsUpdate) {
      byOffer();
      return;
    }
    loadPart(() => import('./refresh.part.ts')).then(({ refresh }) => {
      refresh(raw, {
        ...{ byOffer, later },
        headers: () => timerHeaders(raw),
        raise: (response) => raiseInterval(raw, response),
      });
    }, later);
  };
  raw._runSessionTimer = () => {
    timers.running = true;
    if (timers.refresher) wait(timers.currentExpires * 500, run);
    else wait(timers.currentExpires * 1100, expire);
  };
  // The far end has not refreshed it, with some time to spare.
  const expire = (): void => {
    raw.terminate({
      cause: 'Request Timeout',
      status_code: 408,
      reason_phrase: 'Session Timer Expired',
    });
  };
  for (const name of ['ended', 'failed']) raw.on(name, () => stop?.());
  const answer = raw._handleSessionTimersInIncomingRequest.bind(raw);
  raw._handleSessionTimersInIncomingRequest = (request, headers) => {
    // RFC 4028 section 9: what is answered may not be less than the request allows.
    timers.defaultExpires = Math.max(timers.defaultExpires, minimumOf(request));
    answer(request, headers);
    if (timers.running && !timers.refresher) headers.push('Require: timer');
  };
}
