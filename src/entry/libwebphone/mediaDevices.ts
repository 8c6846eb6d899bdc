import type { PluginRegistry } from '../../core/index.ts';
import type { DeviceKind } from '../../../plugins/mediaDevices/types.ts';
import template from './templates/mediaDevices.mustache';
import { deviceElements, kinds } from './deviceElements.ts';
import type { Kit } from './kit.ts';
import { Renderer } from './renderer.ts';
import { SecondRing } from './secondRing.ts';
import { texts } from './texts.ts';
import { quiet, section } from './values.ts';
import type { Plain } from './values.ts';

type Native = PluginRegistry['mediaDevices'];
type Kind = DeviceKind | null;
/** The kinds of which one can be chosen; the fork's second one that rings included. */
type Chosen = DeviceKind | 'ringoutput2';

const previewId = 'libwebphone.call';

/** libwebphone's `lwpMediaDevices`. */
export class MediaDevices extends Renderer {
  readonly #native: Native;
  readonly #second: SecondRing;
  #elements: ReturnType<typeof deviceElements> = {};
  #isLoaded = false;

  constructor(kit: Kit, { native, config }: DevicesSetup) {
    const choose = (kind: Chosen) => ({
      onchange: (event: Event) =>
        this.changeDevice(kind, (event.target as HTMLSelectElement).value),
    });
    const chosen = [...(Object.keys(kinds) as DeviceKind[]), 'ringoutput2'] as const;
    super(kit, {
      name: 'mediaDevices',
      template,
      config,
      texts: Object.keys(texts['mediaDevices'] ?? {}),
      by_id: Object.fromEntries(chosen.map((kind) => [kind, choose(kind)])),
    });
    this.#native = native;
    this.#second = new SecondRing({
      native,
      ringoutput: kit.engine.rings.ringoutput,
      wished: section(config, 'ringoutput2')['preferedDeviceIds'],
      tell: (type, ...more) => {
        this.tell(type, ...more);
      },
      nobody: () => kit.translate('libwebphone:mediaDevices.none'),
    });
  }

  override _begin(): void {
    this.#elements = deviceElements(this._config, {
      tell: (type, ...more) => {
        this.tell(type, ...more);
      },
      signal: this.kit.engine.ctx.signal,
    });
    super._begin();
  }

  protected override live(): Plain {
    const devices = this.#native.getDevices();
    return {
      loaded: this.#isLoaded,
      ringoutput2: { devices: this.#second.devices() },
      ...Object.fromEntries(
        Object.entries(devices).map(([kind, list]) => [kind, { devices: list }]),
      ),
    };
  }

  // The list is there, or a managed element has something to show.
  override _heard(name: string, payload: Plain): void {
    if (name === 'mediaDevices.devices.loaded') this.#isLoaded = true;
    if (/devices\.(loaded|refreshed)|ring\.output\.changed/.test(name)) this.#second.settle();
    const kind = name.includes('.video.input.') ? 'videoinput' : 'audioinput';
    const element = name.includes('.input.') ? this.#elements[kind] : undefined;
    if (!element) return;
    const { track } = section(payload, 'parameters') as { track?: MediaStreamTrack };
    const isGone = name.endsWith('.stopped') || !track;
    element.srcObject = isGone ? null : new MediaStream([track]);
  }

  /** Opens the camera for a call that sends it; false where there is none, or it cannot be had. */
  async _openCamera(): Promise<boolean> {
    if (!this._wantsVideo()) return false;
    try {
      await this.#native.startStreams(previewId, { audio: true, video: true });
      return true;
    } catch {
      return false;
    }
  }
  /** Lets go of what was opened for a call, which has it by now. */
  _closeCamera(): void {
    this.#native.stopStreams(previewId);
  }
  _wantsVideo(): boolean {
    const camera = this.#native.getPreferredDevice('videoinput');
    const isEnabled = section(this._config, 'videoinput')['enabled'] !== false;
    return isEnabled && camera !== undefined && camera.id !== 'none';
  }

  /** Opens what is enabled; the same id gets the same stream. */
  startStreams(requestId: string | null = null): Promise<MediaStream> {
    return quiet(this.#native.startStreams(requestId, { audio: true, video: this._wantsVideo() }));
  }
  stopStreams(requestId: string | null = null): void {
    this.#native.stopStreams(requestId);
  }
  stopAllStreams(): Promise<void> {
    return quiet(this.#native.stopAllStreams());
  }
  mute(deviceKind: Kind = null): Promise<void> {
    return quiet(this.#native.mute(deviceKind));
  }
  unmute(deviceKind: Kind = null): Promise<void> {
    return quiet(this.#native.unmute(deviceKind));
  }
  toggleMute(deviceKind: Kind = null): Promise<void> {
    return quiet(this.#native.toggleMute(deviceKind));
  }
  startScreenCapture(options: Plain = {}, useDisplayMedia = true): Promise<void> {
    return quiet(this.#native.startScreenCapture(options, useDisplayMedia));
  }
  stopScreenCapture(): Promise<void> {
    return quiet(this.#native.stopScreenCapture());
  }
  getMediaElement(deviceKind: DeviceKind): HTMLMediaElement | undefined {
    return this.#elements[deviceKind] ?? this.#native.getMediaElement(deviceKind);
  }
  getPreferedDevice(deviceKind: Chosen): unknown {
    return deviceKind === 'ringoutput2'
      ? this.#second.chosen()
      : this.#native.getPreferredDevice(deviceKind);
  }
  changeDevice(deviceKind: Chosen, deviceId: string): Promise<void> {
    return quiet(
      deviceKind === 'ringoutput2'
        ? this.#second.change(deviceId)
        : this.#native.changeDevice(deviceKind, deviceId),
    );
  }
  refreshAvailableDevices(): Promise<void> {
    return quiet(this.#native.refreshAvailableDevices());
  }
}

/** What the devices are made of. */
export interface DevicesSetup {
  readonly native: Native;
  readonly config: Plain;
}
