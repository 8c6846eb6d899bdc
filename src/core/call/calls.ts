import type { Bus } from '../bus.ts';
import type { Clock } from '../clock.ts';
import { PhoneError } from '../errors.ts';
import { newId } from '../newId.ts';
import type { Off } from '../scope.ts';
import type { Call, CallOptions, FocusPolicy, MediaSource, SoundPath } from './call.ts';
import type { CallEnvironment } from './callCore.ts';
import { emitter } from './emitter.ts';
import { createFocus } from './focus.ts';
import { createLiveCall } from './liveCall.ts';
import type { LiveCall } from './liveCall.ts';
import { createDirectMedia } from './directMedia.ts';
import { takeOver } from './takeOver.ts';
import { firstSnapshot } from './snapshot.ts';
import type { ByKind, CallSnapshot } from './snapshot.ts';
import type { RenderElements, SipSession } from './session.ts';

/** The calls of a phone, and the ports that plugins fill. */
export interface Calls {
  /** All calls that have not ended, oldest first. */
  readonly list: () => readonly Call[];
  readonly get: (callId: string) => Call | undefined;
  /** The call in focus: the microphone, dialpad and controls belong to it. */
  readonly primary: () => Call | undefined;
  /** Moves the focus to a call, or to none with null, and lets the policy hold and resume. */
  readonly focus: (callId: string | null) => Promise<void>;
  /**
   * Makes a conference of these calls: while one of them is in focus the microphone is for all, and the
   * focus moves among them without the policy. An empty list ends it.
   */
  readonly join: (callIds: readonly string[]) => void;
  /** Makes a call of a session, emits `call.created`, and gives it the focus if it is due to it. */
  readonly add: (session: SipSession, options?: AddOptions) => Call;
  /** Where calls get microphone and camera from. */
  readonly media: () => MediaSource;
  /** Replaces the source of media; the browser itself is asked when nobody does. */
  readonly useMedia: (source: MediaSource) => Off;
  /** Leads the sound of all calls another way, through processors for example. */
  readonly useSoundPath: (path: SoundPath) => Off;
  /** The way of sound has changed: all calls take it anew. Resolves when they have. */
  readonly reroute: () => Promise<void>;
  /** Replaces what happens to the other calls when the focus moves. */
  readonly usePolicy: (policy: FocusPolicy) => Off;
  /** What makes a call when a call itself needs another one, such as a consultation. */
  readonly useOutgoing: (place: PlaceCall) => Off;
  /** Mutes the devices for all calls, whatever the calls' own mute says. */
  readonly setDeviceMuted: (muted: ByKind) => void;
}

/** Calls somebody, by an account if it is known; resolves when the call is on its way. */
export type PlaceCall = (target: string, account?: string) => Promise<Call>;

/** How a call joins the others. */
export interface AddOptions {
  /** The phone's id for the call; a new one when it is left out. */
  readonly id?: string;
  /** The account that it is made or received by; of a plugin that has several. */
  readonly account?: string;
  /** How that account is told from the others; left out where there is one only. */
  readonly accountName?: string;
  /** Take the focus from the present call. Default: true for outgoing calls. */
  readonly takeFocus?: boolean;
  /** The session whose place it takes (RFC 3891): it is answered at once, and is as that one was. */
  readonly replaces?: SipSession | undefined;
  /** Where it is played and shown. */
  readonly render?: RenderElements | undefined;
}

/** What the list of calls needs of the phone. */
export interface CallsServices {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly options: CallOptions;
  readonly report: (error: unknown) => void;
}

// Without a call list there is one call at a time: the others end when the focus moves, but for the
// one that waits while a transfer is talked over.
const oneCallOnly: FocusPolicy = {
  leaving: (call) => (call.isAttendedTransferPending() ? call.hold() : call.terminate()),
  entering: () => Promise.resolve(),
};

/** The calls of one phone. `dispose` drops them without a word to the far ends. */
export function createCalls(services: CallsServices): Calls & { readonly dispose: Off } {
  const { bus, clock, options, report } = services;
  const ports = createPorts();
  const live = new Map<string, LiveCall>();
  const focus = createFocus({ live, bus, report, policy: () => ports.policy });
  const environment: CallEnvironment = {
    clock,
    options,
    report,
    media: () => ports.media,
    soundPath: () => ports.path,
    emitter: (now) => emitter(bus, now),
    takeFocus: focus.move,
    place: (target, account) => ports.place(target, account),
    sessionOf: (callId) => live.get(callId)?.session,
    callOf: (callId) => live.get(callId)?.call,
    newest: () => [...live.values()].at(-1)?.call,
    isBusy: (callId) =>
      [...live.values()].some(({ call }) => call.id !== callId && call.isEstablished()),
    over: (callId) => {
      live.delete(callId);
      focus.lost(callId);
    },
  };
  const add: Calls['add'] = (session, given = {}) => {
    const id = given.id ?? newId();
    const present = { startedAt: clock.now(), options, deviceMuted: ports.deviceMuted };
    const first = snapshotOf(session, { ...given, id, ...present });
    const entry = createLiveCall(first, session, { ...environment, render: given.render });
    const replaced = [...live.values()].find((other) => other.session === given.replaces);
    live.set(id, entry);
    session.setSending(first.sending);
    const emit = emitter(bus, () => entry.call.snapshot);
    emit('created', {});
    if (replaced) {
      takeOver(entry, replaced, { bus, focus }).catch(report);
      return entry.call;
    }
    if (session.direction === 'incoming') emit('ringing.started', {});
    if (focus.holder() === null) focus.set(id);
    else if (given.takeFocus ?? session.direction === 'outgoing') focus.move(id).catch(report);
    return entry.call;
  };
  return {
    add,
    list: () => [...live.values()].map(({ call }) => call),
    get: (callId) => live.get(callId)?.call,
    primary: () => live.get(focus.holder() ?? '')?.call,
    focus: focus.move,
    join: focus.join,
    media: () => mediaOf(ports.media, live),
    useMedia: ports.useMedia,
    useSoundPath: ports.useSoundPath,
    reroute: () => rerouteAll(live),
    usePolicy: ports.usePolicy,
    useOutgoing: ports.useOutgoing,
    setDeviceMuted: (muted) => {
      ports.deviceMuted = muted;
      for (const entry of live.values()) entry.change({ type: 'deviceMuted', muted });
    },
    dispose: () => {
      for (const [id, entry] of live) {
        entry.dispose();
        ports.media.close(id);
      }
      live.clear();
      focus.forget();
    },
  };
}

async function rerouteAll(live: ReadonlyMap<string, LiveCall>): Promise<void> {
  await Promise.all([...live.values()].map((entry) => entry.reroute()));
}

// What a call opens takes the way of its sound at once: no unprocessed word gets out.
function mediaOf(source: MediaSource, live: ReadonlyMap<string, LiveCall>): MediaSource {
  return {
    ...source,
    open: (callId, ...wanted) => (live.get(callId) ?? source).open(callId, ...wanted),
  };
}

interface Ports {
  media: MediaSource;
  path: SoundPath | undefined;
  policy: FocusPolicy;
  place: PlaceCall;
  deviceMuted: ByKind;
  readonly useMedia: Calls['useMedia'];
  readonly useSoundPath: Calls['useSoundPath'];
  readonly usePolicy: Calls['usePolicy'];
  readonly useOutgoing: Calls['useOutgoing'];
}

const placeNothing: PlaceCall = () => Promise.reject(new PhoneError('plugin.missing'));

function createPorts(): Ports {
  const direct = createDirectMedia();
  const ports: Ports = {
    media: direct,
    path: undefined,
    policy: oneCallOnly,
    place: placeNothing,
    deviceMuted: { audio: false, video: false },
    useMedia: (source) => {
      ports.media = source;
      return () => {
        if (ports.media === source) ports.media = direct;
      };
    },
    useSoundPath: (path) => {
      ports.path = path;
      return () => {
        if (ports.path === path) ports.path = undefined;
      };
    },
    usePolicy: (policy) => {
      ports.policy = policy;
      return () => {
        if (ports.policy === policy) ports.policy = oneCallOnly;
      };
    },
    useOutgoing: (place) => {
      ports.place = place;
      return () => {
        if (ports.place === place) ports.place = placeNothing;
      };
    },
  };
  return ports;
}

interface FirstOptions extends Pick<AddOptions, 'account' | 'accountName'> {
  readonly id: string;
  readonly startedAt: number;
  readonly options: CallOptions;
  readonly deviceMuted: ByKind;
}

function snapshotOf(session: SipSession, { options, ...first }: FirstOptions): CallSnapshot {
  const { direction, remote, local, offered, alertInfo } = session;
  const { startWithAudioMuted: audio = false, startWithVideoMuted: video = false } = options;
  return firstSnapshot({
    ...first,
    direction,
    remote,
    local,
    offered,
    alertInfo,
    muted: { audio, video },
  });
}
