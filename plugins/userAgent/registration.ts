import { PhoneError } from '../../src/core/index.ts';
import type { Clock, Off } from '../../src/core/index.ts';
import type { RegistrationFailure } from './stackListener.ts';

/** Milliseconds of the first and of the longest pause between two attempts. */
const firstPause = 2000;
const longestPause = 120_000;
// A REGISTER that finds no answer ends after 32 s (RFC 3261 timer F); some answers say nothing to us.
const silence = 35_000;

/** What the registration needs of the agent. */
export interface RegistrationPort {
  readonly clock: Clock;
  readonly send: () => void;
  /** Whether a connection is to be followed by a registration, until somebody says otherwise. */
  readonly isWanted: boolean;
  /** A random number from 0 to 1, so that phones do not come back all at once. */
  readonly random: () => number;
}

/** Keeps a phone registered: tries again with growing pauses, unless the credentials are wrong. */
export interface Registration {
  /** Registers now; resolves or rejects with what the server says. */
  readonly register: () => Promise<void>;
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
  const { clock, send, random, isWanted } = port;
  let attempts = 0;
  let wanted = isWanted;
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
    send();
    // A 200 that does not name our contact is neither a success nor a failure to the stack.
    stopTimer = clock.after(silence, attempt);
  };
  const register = (): Promise<void> => {
    wanted = true;
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
    giveUp: (reason) => {
      wanted = false;
      stop(reason);
    },
    onConnected: () => {
      if (wanted) register().catch(() => undefined);
    },
    onRegistered: () => {
      attempts = 0;
      settle(({ resolve }) => {
        resolve();
      });
    },
    onFailed: (failure) => {
      const error = registrationError(failure);
      settle(({ reject }) => {
        reject(error);
      });
      // RFC 3261 section 22.1: the same credentials are not to be tried again.
      const isFinal = failure.statusCode === 401 || failure.statusCode === 403;
      if (isFinal) return { error, retryIn: null };
      attempts += 1;
      const retryIn = pause(failure.retryAfter, attempts, random);
      stopTimer = clock.after(retryIn, attempt);
      return { error, retryIn };
    },
  };
}

function pause(retryAfter: number | null, attempts: number, random: () => number): number {
  if (retryAfter !== null) return retryAfter * 1000;
  const ceiling = Math.min(longestPause, firstPause * 2 ** (attempts - 1));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}

function registrationError({ statusCode }: RegistrationFailure): PhoneError {
  return new PhoneError('userAgent.registrationFailed', statusCode === null ? {} : { statusCode });
}
