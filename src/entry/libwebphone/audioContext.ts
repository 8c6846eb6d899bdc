import type { PluginRegistry } from '../../core/index.ts';
import type { Channel } from '../../../plugins/audioContext/types.ts';
import template from './templates/audioContext.mustache';
import type { Kit } from './kit.ts';
import { Renderer } from './renderer.ts';
import { ringtonesOf, selectedOf } from './ringChoices.ts';
import type { Ringtone } from './ringChoices.ts';
import { SoundSources } from './soundSources.ts';
import { texts } from './texts.ts';
import { quiet } from './values.ts';
import type { Plain } from './values.ts';

type Native = PluginRegistry['audioContext'];

const channels: readonly Channel[] = ['master', 'ringer', 'tones', 'preview', 'remote'];

/** libwebphone's `lwpAudioContext`. */
export class AudioContextPlugin extends Renderer {
  readonly #native: Native;
  readonly #sources: SoundSources;
  #ringtone: string | undefined;

  constructor(kit: Kit, { native, config }: AudioSetup) {
    const slide = (channel: Channel) => ({
      onchange: (event: Event) => {
        this.changeVolume(channel, (event.target as HTMLInputElement).value, { scale: true });
      },
    });
    super(kit, {
      name: 'audioContext',
      template,
      config,
      texts: Object.keys(texts['audioContext'] ?? {}),
      by_id: {
        ...Object.fromEntries(channels.map((channel) => [`${channel}volume`, slide(channel)])),
        ringtone: {
          onchange: (event: Event) => {
            this.selectRingtone((event.target as HTMLSelectElement).value);
          },
        },
      },
    });
    this.#native = native;
    this.#ringtone = selectedOf(config)?.id;
    this.#sources = new SoundSources({
      kit,
      tell: (type, ...more) => {
        this.tell(type, ...more);
      },
    });
  }

  protected override live(): Plain {
    const { volumeMax: max = 100, volumeMin: min = 0 } = this._config;
    const volumes = channels.map((channel) => [channel, this.#native.getVolume(channel)]);
    const ringtones = this.getRingtones().map((each) => ({
      ...each,
      selected: each.id === this.#ringtone,
    }));
    return { volumes: Object.fromEntries(volumes) as object, volume: { max, min }, ringtones };
  }

  startAudioContext(): Promise<void> {
    this.#sources.start();
    return quiet(this.#native.startAudioContext());
  }
  startPreviewTone(): Promise<void> {
    return quiet(this.#native.startPreviewTone());
  }
  stopPreviewTone(): void {
    this.#native.stopPreviewTone();
  }
  togglePreviewTone(): Promise<void> {
    return quiet(this.#native.togglePreviewTone());
  }
  isPreviewToneActive(): boolean {
    return this.#native.isPreviewToneActive();
  }
  startPreviewLoopback(): Promise<void> {
    return quiet(this.#native.startPreviewLoopback());
  }
  stopPreviewLoopback(): void {
    this.#native.stopPreviewLoopback();
  }
  togglePreviewLoopback(): Promise<void> {
    return quiet(this.#native.togglePreviewLoopback());
  }
  isPreviewLoopbackActive(): boolean {
    return this.#native.isPreviewLoopbackActive();
  }
  stopPreviews(): void {
    this.#native.stopPreviews();
  }
  getVolume(channel: Channel, options: VolumeQuestion = { scale: true }): number {
    const { scale = false, relativeToMaster = false } = options;
    return this.#native.getVolume(channel, { scale, relativeToMaster });
  }
  /** Sets a volume; without `scale` a number above 1 is taken for one of a slider. */
  changeVolume(channel: Channel, volume: number | string, options: VolumeQuestion = {}): void {
    const { volumeMax = 100, volumeMin = 0 } = this._config;
    const scale = options.scale ?? Number(volume) > 1;
    const [least, most] = scale ? [Number(volumeMin), Number(volumeMax)] : [0, 1];
    const within = Math.min(most, Math.max(least, Number(volume)));
    if (channels.includes(channel) && !Number.isNaN(within)) {
      this.#native.changeVolume(channel, within, { scale });
    }
  }
  /** The fork's: what can be chosen of `channels.ringer.files`. */
  getRingtones(): Pick<Ringtone, 'id' | 'name'>[] {
    return ringtonesOf(this._config).map(({ id, name }) => ({ id, name }));
  }
  /** The id of the one that rings; undefined for the generated ring. */
  getSelectedRingtone(): string | undefined {
    return this.#ringtone;
  }
  /** Rings with another one from the next ring on. */
  selectRingtone(id: string): void {
    const file = ringtonesOf(this._config).find((each) => each.id === id);
    if (!file || id === this.#ringtone) return;
    this.#ringtone = id;
    this.kit.engine.rings.ringtones['default'] = file.dataUri;
    this.tell('channel.ringer.selected', id);
    this.updateRenders();
  }
  playTones(...tones: readonly number[]): void {
    this.#native.playTones(...tones);
  }
  startRinging(requestId: string | null = null): void {
    this.#native.startRinging(requestId);
  }
  stopRinging(requestId: string | null = null): void {
    this.#native.stopRinging(requestId);
  }
  stopAllRinging(): void {
    this.#native.stopAllRinging();
  }
  getDestinationStream(): MediaStream | undefined {
    return this.#native.getDestinationStream();
  }
}

/** How a volume is asked for or given. */
export interface VolumeQuestion {
  readonly scale?: boolean;
  readonly relativeToMaster?: boolean;
}

/** What the audio is made of. */
export interface AudioSetup {
  readonly native: Native;
  readonly config: Plain;
}
