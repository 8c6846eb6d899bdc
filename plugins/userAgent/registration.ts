import { PhoneError, responseFor } from '../../src/core/index.ts';
import type { Clock, Off } from '../../src/core/index.ts';
import type { RegistrationFailure } from './stackListener.ts';

/** Milliseconds of the first and of the longest pause between two attempts. */
const firstPause = 2000;
const longestPause = 120_000;
// Milliseconds; what `Retry-After` may ask for at most.
const longestAsked = 3_600_000;
// A REGISTER that finds no answer ends after 32 s (RFC 3261 timer F); some answers say nothing to us.
const silence = 35_000;

/** What the registration needs of the agent. */
export interface RegistrationPort {
  readonly clock: Clock;
  readonly send: () => void;
  /** Takes a registration back that is not wanted any more. */
  readonly undo: () => void;
  /** Whether a connection is to be followed by a registration, until somebody says otherwise. */
  readonly isWanted: boolean;
  /** A random number from 0 to 1, so that phones do not come back all at once. */
  readonly random: () => number;
}

/** Keeps a phone registered: tries again with growing pauses, unless the credentials are wrong. */
export interface Registration {
  /** Registers now; resolves or rejects with what the server says. */
  readonly register: () => Promise<void>;
  /** A new start with credentials that may be new: as wanted as at first, and not refused yet. */
  readonly reset: () => void;
  /** Stops trying. */
  readonly stop: (reason: PhoneError) => void;
  readonly onRegistered: () => void;
  /** Returns the error and the milliseconds until the next attempt, or null for none. */
  readonly onFailed: (failure: RegistrationFailure) => {
    readonly error: PhoneError;
    readonly retryIn: number | null;
  };
  /** The connection is up: registers, unless that is not wanted. */
  readonly onConnected: () => void;
  /** The user does not want to be registered any more. */
  readonly giveUp: (reason: PhoneError) => void;
}

/** A registration that is not wanted yet. */
export function createRegistration(port: RegistrationPort): Registration {
  const { clock, random } = port;
  let attempts = 0;
  let wanted = port.isWanted;
  // The server has refused these very credentials (RFC 3261 section 22.1): only the user can ask again.
  let isRefused = false;
  let stopTimer: Off = () => undefined;
  let waiting: { resolve: () => void; reject: (error: PhoneError) => void }[] = [];

  const settle = (finish: (entry: (typeof waiting)[number]) => void): void => {
    stopTimer();
    const entries = waiting;
    waiting = [];
    entries.forEach(finish);
  };
  const attempt = (): void => {
    stopTimer();
    port.send();
    // A 200 that does not name our contact is neither a success nor a failure to the stack.
    stopTimer = clock.after(silence, attempt);
  };
  const register = (): Promise<void> => {
    wanted = true;
    isRefused = false;
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      attempts = 0;
      attempt();
    });
  };
  const stop = (reason: PhoneError): void => {
    settle(({ reject }) => {
      reject(reason);
    });
  };
  return {
    register,
    stop,
    reset: () => {
      wanted = port.isWanted;
      isRefused = false;
    },
    giveUp: (reason) => {
      wanted = false;
      stop(reason);
    },
    onConnected: () => {
      if (wanted && !isRefused) register().catch(() => undefined);
    },
    onRegistered: () => {
      attempts = 0;
      settle(({ resolve }) => {
        resolve();
      });
      // The answer to a request that was on its way when the user changed his mind.
      if (!wanted) port.undo();
    },
    onFailed: (failure) => {
      const error = registrationError(failure);
      settle(({ reject }) => {
        reject(error);
      });
      // An application that could not give the credentials this time may do so the next.
      const isTrouble = failure.error?.code === 'userAgent.credentialsFailed';
      isRefused ||= refusals.has(failure.statusCode) && !isTrouble;
      if (isRefused || !wanted) return { error, retryIn: null };
      attempts += 1;
      const retryIn = pause(failure.retryAfter, attempts, random);
      stopTimer = clock.after(retryIn, attempt);
      return { error, retryIn };
    },
  };
}

const refusals: ReadonlySet<number | null> = new Set([401, 403, 407]);

function pause(retryAfter: number | null, attempts: number, random: () => number): number {
  const ceiling = Math.min(longestPause, firstPause * 2 ** (attempts - 1));
  const ours = Math.round(ceiling / 2 + (random() * ceiling) / 2);
  // A server that asks for no pause at all is in trouble; one that asks for days is not believed.
  return retryAfter ? Math.min(retryAfter * 1000, longestAsked) : ours;
}

function registrationError({ statusCode, error }: RegistrationFailure): PhoneError {
  if (error) return error;
  if (statusCode === null) return new PhoneError('userAgent.registrationUnanswered');
  // A server in trouble has not looked at the log-in at all.
  const trouble = statusCode >= 500 ? { responseKey: responseFor(statusCode).key } : {};
  return new PhoneError('userAgent.registrationFailed', { statusCode, ...trouble });
}
