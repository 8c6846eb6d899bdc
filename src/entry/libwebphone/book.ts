import type { Call, RenderElements } from '../../core/index.ts';
import { newId } from '../../core/newId.ts';
import { LwpCall } from './call.ts';
import { toldCall } from './callEvents.ts';
import type { Kit } from './kit.ts';
import { utils } from './utils.ts';
import type { Plain } from './values.ts';

/** What an outgoing call begins with. */
export interface Expected {
  readonly render: RenderElements & { readonly localAudio: HTMLAudioElement };
  readonly customData: unknown;
}

/** The calls of the drop-in: one object for each native call, and the placeholder. */
export class Book {
  readonly placeholder: LwpCall;
  /** Who tells `callList.*`, where there is one. */
  callList: object | undefined;
  readonly #kit: Kit;
  readonly #calls = new Map<string, LwpCall>();
  #isIdle = true;
  #expected: Expected | undefined;
  #previous: LwpCall | undefined;
  #fresh: LwpCall | undefined;

  constructor(kit: Kit) {
    this.#kit = kit;
    this.placeholder = new LwpCall(newId(), { kit, hasFocus: () => this.#isIdle });
  }

  /** The placeholder first, then the calls that have not ended, oldest first. */
  list(): LwpCall[] {
    return [this.placeholder, ...[...this.#calls.values()].filter((call) => !call.isEnded())];
  }

  of(callId: string): LwpCall | undefined {
    return callId === this.placeholder.getId() ? this.placeholder : this.#calls.get(callId);
  }

  /** The call in focus, if it is a real one. */
  primary(): LwpCall | undefined {
    const call = this.#kit.engine.calls.primary();
    return call && !call.isEnded() ? this.of(call.id) : undefined;
  }

  /** What the call that is made next, in this turn, begins with. */
  expect(expected: Expected | undefined): void {
    this.#expected = expected;
  }

  /** Takes a native event `call.<type>`. */
  hear(type: string, payload: Plain): void {
    const callId = String(payload['callId']);
    if (type === 'created') this.#create(callId);
    const call = this.#calls.get(callId);
    if (!call || type === 'created') return;
    const isRinging = type === 'ringing.started' && this.#fresh === call;
    if (isRinging) call._tell(type);
    this.#announce();
    if (!isRinging) this.#tell(call, type, payload);
  }

  #create(callId: string): void {
    const native = this.#kit.engine.calls.get(callId);
    if (!native) return;
    const expected = this.#expected;
    this.#expected = undefined;
    const call = new LwpCall(callId, {
      ...{ kit: this.#kit, native, hasFocus: () => false },
      customData: expected?.customData,
    });
    this.#calls.set(callId, call);
    if (expected) adoptAll(call, expected);
    else call._media.makeHeard();
    this.#fresh = call;
    // An incoming call rings first, in this very turn; one that takes over another's place does not.
    if (native.getDirection() === 'originating') this.#announce();
    else queueMicrotask(this.#announce);
  }

  readonly #announce = (): void => {
    const call = this.#fresh;
    this.#fresh = undefined;
    if (!call) return;
    call._tell('created');
    if (this.#isIdle && !this.#kit.engine.calls.primary()) {
      this.#isIdle = false;
      this.placeholder._tell('demoted');
      this.#previous = this.placeholder;
    }
    this.#tellList('added', call);
  };

  #tell(call: LwpCall, type: string, payload: Plain): void {
    const special = this.#special[type];
    if (special) special(call, payload);
    else if (/\.(added|removed)$/.test(type)) this.#tellTrack(call, type, payload);
    else {
      const { types, more } = toldCall(type, payload);
      for (const each of types) call._tell(each, ...more);
    }
  }

  readonly #special: Readonly<Record<string, (call: LwpCall, payload: Plain) => void>> = {
    promoted: (call) => {
      this.#promote(call);
    },
    demoted: (call) => {
      call._media.tellConnected(false);
      call._tell('demoted');
      this.#previous = call;
      if (!this.#kit.engine.calls.primary()) this.#promote(this.placeholder);
    },
    terminated: (call) => {
      call._tell('terminated');
      this.#tellList('removed', call);
    },
    ended: (call, payload) => {
      this.#end(call, 'ended', payload);
    },
    failed: (call, payload) => {
      this.#end(call, 'failed', payload);
    },
    peerconnection: (call, { peerConnection }) => {
      call._tell('peerconnection', peerConnection);
      followTracks(call, peerConnection as RTCPeerConnection);
    },
    'send.dtmf': (call, { signal, options }) => {
      const isOurs = call._sent?.signal === signal;
      call._tell('send.dtmf', signal, isOurs ? call._sent?.options : options);
    },
    'remote.audio.element': (call, { element }) => {
      call._media.adopt('remote', 'audio', element as HTMLAudioElement);
    },
    'remote.video.element': (call, { element }) => {
      call._media.adopt('remote', 'video', element as HTMLVideoElement);
    },
    'local.video.element': (call, { element }) => {
      call._media.adopt('local', 'video', element as HTMLVideoElement);
    },
  };

  #promote(call: LwpCall): void {
    const isReal = call !== this.placeholder;
    this.#isIdle = !isReal;
    call._tell('promoted');
    if (isReal) call._media.tellConnected(true);
    this.#tellList('changed', isReal ? call : null, this.#previous);
    this.#previous = undefined;
  }

  #end(call: LwpCall, type: string, payload: Plain): void {
    const wasPrimary = call.isPrimary();
    call._tell(type, payload['event']);
    if (wasPrimary) call._media.tellConnected(false);
    // From here on it has the focus no more.
    call._over.abort();
    if (wasPrimary) {
      call._tell('demoted');
      this.#previous = call;
      const { calls } = this.#kit.engine;
      const isLast = calls.list().every((other: Call) => other.isEnded());
      if (isLast) this.#promote(this.placeholder);
    }
    this.#calls.delete(call.getId());
  }

  #tellTrack(call: LwpCall, type: string, payload: Plain): void {
    const [side] = type.split('.');
    const stream = call._media.stream(side === 'local' ? 'local' : 'remote');
    const track = payload['track'] as MediaStreamTrack;
    if (type.endsWith('added')) stream.addTrack(track);
    else stream.removeTrack(track);
    if (side === 'local') call._media.showLocalAudio();
    call._tell(type, utils.trackParameters(stream, track));
  }

  #tellList(type: string, ...more: readonly unknown[]): void {
    if (this.callList) this.#kit.tell(`callList.calls.${type}`, this.callList, ...more);
  }
}

function adoptAll({ _media: media }: LwpCall, { render }: Expected): void {
  const { sound, remote, local, localAudio } = render;
  if (sound) media.adopt('remote', 'audio', sound);
  if (remote) media.adopt('remote', 'video', remote);
  media.adopt('local', 'audio', localAudio);
  if (local) media.adopt('local', 'video', local);
}

function followTracks(call: LwpCall, connection: RTCPeerConnection): void {
  const { signal } = call._over;
  const onTrack = (event: RTCTrackEvent): void => {
    call._tell('peerconnection.add.track', event);
    for (const stream of event.streams) {
      const onRemove = (removed: Event): void => {
        call._tell('peerconnection.remove.track', removed);
      };
      stream.addEventListener('removetrack', onRemove, { signal });
    }
  };
  connection.addEventListener('track', onTrack, { signal });
}
