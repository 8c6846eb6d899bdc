import type { PluginRegistry } from '../../core/index.ts';
import type { PositionMode } from '../../../plugins/videoCanvas/types.ts';
import template from './templates/videoCanvas.mustache';
import type { Kit } from './kit.ts';
import { Renderer } from './renderer.ts';
import { texts } from './texts.ts';
import { quiet, section } from './values.ts';
import type { Plain } from './values.ts';

type Native = PluginRegistry['videoCanvas'];
type Image = ReturnType<Native['rescaleImage']>;
type Mode = PositionMode | 'delta' | null;

const local = 'localVideo';
const valueOf = (event: Event): string => (event.target as HTMLInputElement).value;

/** libwebphone's `lwpVideoCanvas`. */
export class VideoCanvas extends Renderer {
  readonly #native: Native;
  #image: Image;
  #framesPerSecond: unknown;

  constructor(kit: Kit, { native, config }: CanvasSetup) {
    const place = (mode: Mode, axis: 'x' | 'y', unit: number) => ({
      onchange: (event: Event) => {
        const at = Number(valueOf(event)) / unit;
        this.positionImage(
          local,
          mode,
          ...(axis === 'x' ? ([at] as const) : ([null, at] as const)),
        );
      },
    });
    super(kit, {
      name: 'videoCanvas',
      template,
      config,
      texts: Object.keys(texts['videoCanvas'] ?? {}),
      by_id: {
        localVideoEnabled: { onclick: () => this.toggleImage(local) },
        localVideoRescale: {
          onchange: (event: Event) => this.rescaleImage(local, Number(valueOf(event)) / 100),
        },
        localVideoPosition: {
          onchange: (event: Event) => this.positionImage(local, valueOf(event) as PositionMode),
        },
        localVideoRelativeX: place('relative', 'x', 100),
        localVideoRelativeY: place('relative', 'y', 100),
        localVideoAbsoluteX: place('absolute', 'x', 1),
        localVideoAbsoluteY: place('absolute', 'y', 1),
        canvasframesPerSecond: {
          onchange: (event: Event) => {
            this.changeFramesPerSecond(Number(valueOf(event)));
          },
        },
        fullscreen: { onclick: () => this.#toggleFullscreen() },
      },
    });
    this.#native = native;
    this.#image = section(config, local) as unknown as Image;
    this.#framesPerSecond = section(config, 'canvasLoop')['framesPerSecond'];
  }

  override _heard(_name: string, payload: Plain): void {
    const image = payload['image'] as Image;
    if (image?.name === local) this.#image = image;
    this.#framesPerSecond = payload['framesPerSecond'] ?? this.#framesPerSecond;
  }

  protected override live(): Plain {
    const { mode = 'bottom-right', x = 0, y = 0 } = this.#image?.position ?? {};
    const { width: maximumX, height: maximumY } = this.#size();
    const at = (name: PositionMode, unit: number): Plain => {
      const isIt = mode === name;
      return { [name]: isIt, [`${name}X`]: isIt ? x * unit : 0, [`${name}Y`]: isIt ? y * unit : 0 };
    };
    return {
      isFullScreen: document.fullscreenElement !== null,
      localVideo: {
        enabled: this.isImageEnabled(local),
        rescale: (this.#image?.rescale ?? 0.25) * 100,
        position: {
          ...{ mode, maximumX, maximumY, center: mode === 'center' },
          ...{ topleft: mode === 'top-left', topright: mode === 'top-right' },
          ...{ bottomleft: mode === 'bottom-left', bottomright: mode === 'bottom-right' },
          ...at('relative', 100),
          ...at('absolute', 1),
        },
      },
      canvasLoop: { framesPerSecond: this.#framesPerSecond },
    };
  }

  enableImage(name: string): Image {
    return this.#native.enableImage(name);
  }
  disableImage(name: string): Image {
    return this.#native.disableImage(name);
  }
  toggleImage(name: string): Image {
    return this.#native.toggleImage(name);
  }
  isImageEnabled(name: string): boolean {
    return this.#native.isImageEnabled(name);
  }
  rescaleImage(name: string, scale: number | null = null): Image {
    return this.#native.rescaleImage(name, scale);
  }
  positionImage(
    name: string,
    ...place: Parameters<Native['positionImage']> extends [unknown, ...infer Place] ? Place : never
  ): Image {
    return this.#native.positionImage(name, ...place);
  }
  changeFramesPerSecond(framesPerSecond: number): void {
    this.#native.changeFramesPerSecond(framesPerSecond);
  }
  override updateRenders(): void {
    this.#native.updateRenders();
    this._updateAll();
  }

  #toggleFullscreen(): Promise<void> {
    const { startFullscreen, stopFullscreen } = this.#native;
    return quiet(document.fullscreenElement ? stopFullscreen() : startFullscreen());
  }

  #size(): { readonly width: number; readonly height: number } {
    const { canvas } = this._config;
    const { elementId = canvas, element } = section(section({ canvas }, 'canvas'), 'root');
    const found = element ?? (typeof elementId === 'string' && document.getElementById(elementId));
    return found instanceof HTMLCanvasElement ? found : { width: 640, height: 480 };
  }
}

/** What the canvas is made of. */
export interface CanvasSetup {
  readonly native: Native;
  readonly config: Plain;
}
