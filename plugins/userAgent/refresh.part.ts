import type { RawMessage, RawSession } from './stackTypes.ts';

/** What a session is refreshed by. */
export interface RefreshWork {
  readonly headers: () => readonly string[];
  /** Takes the interval that a 422 asks for; false for any other response. */
  readonly raise: (response: RawMessage) => boolean;
  /** The far end knows no UPDATE: an offer it is, now and from now on. */
  readonly byOffer: () => void;
  /** It has to be tried again. */
  readonly later: () => void;
}

/** Refreshes a session by an UPDATE, which without an offer may cross any other (RFC 3311 section 5.1). */
export function refresh(raw: RawSession, work: RefreshWork): void {
  const send = (mayRaise: boolean): void => {
    if (raw.isEnded()) return;
    raw.sendRequest('UPDATE', {
      extraHeaders: [`Contact: ${raw.contact}`, ...work.headers()],
      eventHandlers: {
        // Starts the time anew.
        onSuccessResponse: (response) => {
          raw._handleSessionTimersInIncomingResponse(response);
        },
        onErrorResponse: (response) => {
          const { status_code: status = 0 } = response;
          if (mayRaise && work.raise(response)) send(false);
          else if (status === 405 || status === 501) work.byOffer();
          else work.later();
        },
        onTransportError: work.later,
        onRequestTimeout: () => {
          raw.onRequestTimeout();
        },
        onDialogError: () => {
          raw.onDialogError();
        },
      },
    });
  };
  send(true);
}
