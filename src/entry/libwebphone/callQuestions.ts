import type { Call, Party } from '../../core/index.ts';
import { createCallMedia } from './callMedia.ts';
import type { CallMedia, TellCall } from './callMedia.ts';
import type { Kit } from './kit.ts';

/** What a call begins with. */
export interface CallSetup {
  readonly kit: Kit;
  /** Missing for the placeholder, the "new call" of the call list. */
  readonly native?: Call | undefined;
  readonly customData?: unknown;
  /** True for the placeholder while no other call is in focus. */
  readonly hasFocus: () => boolean;
}

/** What libwebphone's call can be asked. */
export class CallQuestions {
  readonly _libwebphone: object;
  readonly _native: Call | undefined;
  readonly _media: CallMedia;
  readonly _over: AbortController = new AbortController();
  _customData: unknown;
  _sent: { readonly signal: string; readonly options: unknown } | undefined;
  readonly #id: string;
  protected readonly kit: Kit;
  readonly #hasFocus: () => boolean;

  constructor(id: string, { kit, native, customData, hasFocus }: CallSetup) {
    this.#id = id;
    this.kit = kit;
    this.#hasFocus = hasFocus;
    this._native = native;
    this._customData = customData;
    this._libwebphone = kit.phone;
    this._media = createCallMedia({
      tell: this._tell,
      isHeard: (type) => kit.isHeard(`call.${type}`) || kit.isHeard(`call.primary.${type}`),
      signal: this._over.signal,
    });
  }

  /** Emits `call.<type>`, and for the call in focus its mirrors. */
  readonly _tell: TellCall = (type, ...more) => {
    const { tell } = this.kit;
    tell(`call.${type}`, this, ...more);
    if (!this.isPrimary()) return;
    tell(`call.primary.${type}`, this, ...more);
    tell('call.primary.update', this, ...more, type);
  };

  getId(): string {
    return this.#id;
  }
  hasSession(): boolean {
    return this._native?.hasSession() ?? false;
  }
  hasPeerConnection(): boolean {
    return this._native?.hasPeerConnection() ?? false;
  }
  getPeerConnection(): RTCPeerConnection | undefined {
    return this._native?.getPeerConnection();
  }
  isPrimary(): boolean {
    return !this._over.signal.aborted && (this._native?.isPrimary() ?? this.#hasFocus());
  }
  getRemoteAudio(): HTMLAudioElement {
    return this._media.element('remote', 'audio');
  }
  getRemoteVideo(): HTMLVideoElement {
    return this._media.element('remote', 'video');
  }
  getLocalAudio(): HTMLAudioElement {
    return this._media.element('local', 'audio');
  }
  getLocalVideo(): HTMLVideoElement {
    return this._media.element('local', 'video');
  }
  isInProgress(): boolean {
    return this._native?.isInProgress() ?? false;
  }
  isEstablished(): boolean {
    return this._native?.isEstablished() ?? false;
  }
  isEnded(): boolean {
    return this._native?.isEnded() ?? false;
  }
  isRinging(): boolean {
    return this._native?.isRinging() ?? false;
  }
  isInTransfer(): boolean {
    return this._native?.isInTransfer() ?? false;
  }
  isAttendedTransferPending(): boolean {
    return this._native?.isAttendedTransferPending() ?? false;
  }
  getDirection(): 'terminating' | 'originating' {
    return this._native?.getDirection() ?? 'originating';
  }
  localIdentity(details = false): unknown {
    return this._native && identity(this._native.snapshot.local, details && this._native);
  }
  remoteIdentity(details = false): unknown {
    return this._native && identity(this._native.snapshot.remote, details && this._native);
  }
  remoteURIUser(): string | undefined {
    return this._native?.remoteURIUser();
  }
  getCustomData(): unknown {
    return this._customData;
  }
  isInConference(): boolean {
    return this.kit.engine.plugins.conference?.isLeg(this.#id) ?? false;
  }
  getConferenceId(): string | null {
    return this.isInConference()
      ? (this.kit.engine.plugins.conference?.getConferenceId() ?? null)
      : null;
  }

  isOnHold(details = false): unknown {
    const { local, remote } = this._native?.snapshot.hold ?? { local: false, remote: false };
    return details ? { local, remote } : local || remote;
  }
  isMuted(details = false): unknown {
    const { audio, video } = this._native?.snapshot.muted ?? { audio: false, video: false };
    return details ? { audio, video } : audio || video;
  }
  /** libwebphone's 15 keys, and `muted`, which its templates use. */
  summary(): object {
    const empty = {
      ...{ callId: this.#id, hasSession: false, progress: false, established: false },
      ...{ ended: false, held: false, muted: false, isAudioMuted: false, isVideoMuted: false },
      ...{ inTransfer: false, direction: 'originating', terminating: false, originating: true },
      ...{ localIdentity: undefined, remoteIdentity: undefined },
    };
    return { ...(this._native?.summary() ?? empty), primary: this.isPrimary() };
  }
}

/** `Display (user)`, or what JsSIP's `NameAddrHeader` has when a call is given along. */
function identity(party: Party, call: Call | false): unknown {
  if (!call)
    return party.name && party.name !== party.user ? `${party.name} (${party.user})` : party.user;
  const [, host = ''] = party.uri.replace(/^sips?:/, '').split(/@/);
  const [scheme = 'sip'] = party.uri.split(':');
  return {
    display_name: party.name,
    uri: { scheme, user: party.user, host, toString: () => party.uri },
    toString: () => (party.name ? `"${party.name}" <${party.uri}>` : `<${party.uri}>`),
  };
}
