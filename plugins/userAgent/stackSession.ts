import { PhoneError } from '../../src/core/index.ts';
import type {
  ByKind,
  CallDirection,
  DtmfOptions,
  EndOptions,
  LocalFailure,
  Off,
  Party,
  ReferReport,
  RenegotiateOptions,
  SessionAnswer,
  SessionFact,
  SipSession,
} from '../../src/core/index.ts';
import { digitQueue } from './dtmf.ts';
import { dtmfPath } from './stackDtmf.ts';
import { sessionEnd } from './stackEnd.ts';
import type { EndKnowledge } from './stackEnd.ts';
import { boundIce, followProgress, guard } from './stackFacts.ts';
import { answered, end, launched, letGo, mediaOptions } from './stackLaunch.ts';
import { isTaken, mediaFact, replaceTrack } from './stackMedia.ts';
import { reoffer } from './stackOffer.ts';
import { followRefers } from './stackReferIn.ts';
import { refer, remember, replacing } from './stackRefer.ts';
import type { Launch, LiveSession, SessionServices, SessionStart } from './stackStart.ts';
import { cleanTarget } from './target.ts';
import type { RawEnd, RawSession } from './stackTypes.ts';

const nothing: Off = () => undefined;

/** A `SipSession` on a session of JsSIP, which an outgoing one gets when it is started. */
export class StackSession implements LiveSession {
  readonly direction: CallDirection;
  readonly remote: Party;
  readonly local: Party;
  readonly offered: ByKind;
  readonly alertInfo: readonly string[];
  readonly #services: SessionServices;
  readonly #launch: Launch | undefined;
  readonly #listeners = new Set<(fact: SessionFact) => void>();
  readonly #sendDigits = digitQueue();
  readonly #known: EndKnowledge = { byUser: false, statusCode: null, isUp: false };
  #raw: RawSession | undefined;
  #isOver = false;
  #sending: ByKind = { audio: false, video: false };
  #stopGathering: Off = nothing;

  constructor(start: SessionStart, services: SessionServices) {
    this.direction = start.direction;
    this.remote = start.remote;
    this.local = start.local;
    this.offered = start.offered;
    this.alertInfo = start.alertInfo ?? [];
    this.#services = services;
    this.#launch = start.launch;
    if (start.raw) this.#adopt(start.raw);
  }

  get connection(): RTCPeerConnection | undefined {
    return this.#raw?.connection ?? undefined;
  }

  readonly observe = (listener: (fact: SessionFact) => void): Off => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly start = async (stream: MediaStream): Promise<void> => {
    await this.#services.ready?.();
    if (this.#isOver || !this.#launch) throw new PhoneError('call.ended');
    this.#prepare(stream.getTracks());
    const raw = this.#launch(mediaOptions(stream, this.#services.config()));
    this.#adopt(raw);
    await launched(raw);
  };

  readonly answer = async (answer: SessionAnswer): Promise<void> => {
    await this.#services.ready?.();
    this.#prepare(answer.stream.getTracks());
    await answered(this.#up(), answer, this.#services.config());
  };

  readonly terminate = ({ failure, ...options }: EndOptions & { failure?: LocalFailure }): void => {
    if (this.#isOver) return;
    this.#known.byUser = failure === undefined;
    if (failure !== undefined) this.#known.failure = failure;
    if (this.#raw) end(this.#raw, options, this.#known);
    // Given up before there was anything to cancel.
    else this.#over({ originator: 'local', message: null, cause: 'Canceled' });
  };

  readonly hold = (): Promise<void> => this.#holdTo(true);

  readonly unhold = (): Promise<void> => this.#holdTo(false);

  readonly renegotiate = async (options: RenegotiateOptions): Promise<void> => {
    await this.#offer(this.#up()._localHold, options);
    this.#tell({ type: 'renegotiated' });
  };

  readonly refer = (
    target: string | SipSession,
    headers: readonly string[],
    report: ReferReport,
  ): Promise<void> =>
    refer(this.#up(), {
      target: typeof target === 'string' ? cleanTarget(target) : replacing(target),
      headers,
      report,
      clock: this.#services.clock,
      listeners: this.#listeners,
    });

  readonly sendDTMF = (tones: string, options: DtmfOptions): Promise<void> =>
    this.#sendDigits(tones, options, dtmfPath(this.#up(), options, this.#services.clock));

  readonly setSending = (sending: ByKind): void => {
    this.#sending = sending;
    this.#applySending();
  };

  readonly takes = (kind: 'audio' | 'video'): boolean => isTaken(this.connection, kind);

  readonly replaceTrack = async (
    kind: 'audio' | 'video',
    track: MediaStreamTrack | null,
  ): Promise<boolean> => {
    const { connection } = this;
    // Before there is a connection, the stream that the call is made with has the track already.
    if (!connection) return false;
    if (track) this.#prepare([track]);
    const asksForOffer = await replaceTrack(connection, kind, track);
    this.#applySending();
    return asksForOffer;
  };

  /** The connection to the server is gone: what still rings cannot be answered any more. */
  readonly connectionLost = (): void => {
    if (!this.#raw || this.direction !== 'incoming' || this.#known.isUp) return;
    this.#known.localOffline = true;
    end(this.#raw, {}, this.#known);
  };

  #up(): RawSession {
    if (this.#isOver || !this.#raw) throw new PhoneError('call.ended');
    return this.#raw;
  }

  readonly #tell = (fact: SessionFact): void => {
    for (const listener of [...this.#listeners]) listener(fact);
  };

  #over(end: RawEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopGathering();
    // JsSIP keeps its sessions for 32 seconds more, and they would keep the connection by this.
    this.#stopGathering = nothing;
    this.#services.onEnd(this);
    this.#tell({ type: 'ended', end: sessionEnd(end, this.#known), event: end });
    this.#listeners.clear();
    if (this.#raw) letGo(this.#raw);
  }

  // JsSIP switches tracks on and off by itself on hold; this has the last word.
  readonly #applySending = (): void => {
    const senders = this.connection?.getSenders() ?? [];
    this.#prepare(senders.map(({ track }) => track).filter((track) => track !== null));
  };

  // A track that comes to the session must not sound for a moment when it may not.
  #prepare(tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) {
      track.enabled = track.kind === 'audio' ? this.#sending.audio : this.#sending.video;
    }
  }

  async #holdTo(on: boolean): Promise<void> {
    await this.#offer(on, {});
    this.#tell({ type: 'held', side: 'local', on, event: null });
  }

  async #offer(
    hold: boolean,
    { iceRestart = false, headers = [] }: RenegotiateOptions,
  ): Promise<void> {
    const raw = this.#up();
    const gone = (statusCode: number): void => {
      this.#known.statusCode = statusCode;
    };
    try {
      await reoffer(raw, { hold, iceRestart, headers, gone }, this.#services.clock);
    } finally {
      // A refused offer was rolled back by switching tracks on again.
      this.#applySending();
    }
    this.#tell(mediaFact(raw.connection));
  }

  #adopt(raw: RawSession): void {
    this.#raw = raw;
    remember(this, raw);
    const services = {
      ...{ ...this.#services, session: this, tell: this.#tell, applySending: this.#applySending },
      offer: () => this.#offer(raw._localHold, {}),
    };
    guard(raw, this.#known, services);
    for (const name of ['ended', 'failed']) {
      raw.on(name, (end) => {
        this.#over(end as RawEnd);
      });
    }
    raw.on('peerconnection', (event) => {
      this.#followConnection((event as { peerconnection: RTCPeerConnection }).peerconnection);
    });
    followRefers(raw, { tell: this.#tell, onRefer: this.#services.onRefer });
    followProgress(raw, services);
    if (raw.connection) this.#followConnection(raw.connection);
  }

  #followConnection(connection: RTCPeerConnection): void {
    this.#stopGathering();
    this.#stopGathering = boundIce(connection, this.#services);
    this.#tell({ type: 'connection', connection });
    connection.addEventListener('signalingstatechange', () => {
      // The far end may bring a picture or take it away in an offer of its own.
      if (connection.signalingState === 'stable') this.#tell(mediaFact(connection));
    });
  }
}
