import type { CallSnapshot } from '../../src/core/index.ts';

/**
 * Where an image is: in the middle or a corner; `relative` puts its centre at a share of the canvas from
 * 0 to 1; `absolute` its left upper corner at a place in pixels. It never leaves the canvas.
 */
export type PositionMode =
  'center' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right' | 'relative' | 'absolute';

/** The place of an image; `x` and `y` are for `relative` and `absolute`, 0 by default. */
export interface ImagePosition {
  /** Taken as `center` where a configuration leaves it out. */
  readonly mode: PositionMode;
  readonly x?: number;
  readonly y?: number;
}

/** What images can be chosen by. */
export interface CanvasFacts {
  /** The call in focus, if there is one. */
  readonly call: CallSnapshot | undefined;
  /** Registered, or there is nothing to register. */
  readonly isReady: boolean;
}

/** One of the two pictures of a call. */
export interface PictureOptions {
  /** Default true. */
  readonly enabled: boolean;
  /** Whether the button for this side's picture is drawn; the far end's has none. Default true. */
  readonly show: boolean;
  /** The size as a share of the canvas, both ways. Default 1 for the far end, 0.25 for this side. */
  readonly rescale: number;
  /** Default `center` for the far end, `bottom-right` for this side. */
  readonly position: ImagePosition;
  /** A picture whose average brightness (0 to 255) is not above this counts as none. Default 1. */
  readonly averageRGB: { readonly threshold: number };
}

/** An image that stands where the far end shows no picture. */
export interface ImageOptions {
  /** One of the built-in ones is changed by its name, any other is added before them. */
  readonly name: string;
  /** Default true. */
  readonly enabled?: boolean;
  /** The size as a share of the canvas, both ways. Default 0.5. */
  readonly rescale?: number;
  /** Default `center`. */
  readonly position?: ImagePosition;
  /** A disc behind the image. Default false. */
  readonly arc?: boolean;
  /** The address of a picture. A built-in one is drawn without. */
  readonly source?: string;
  /**
   * The first enabled image whose predicate is true is drawn. Default for an own one: always true. One
   * that throws is told of in the log, once, and counts as false.
   */
  readonly predicate?: (facts: CanvasFacts) => boolean;
}

/** A line of text on the canvas. */
export interface StringOptions {
  readonly name: 'dialpadTarget' | 'remoteIdentity' | 'callTimer';
}

/** The canvas, more closely. */
export interface CanvasOptions {
  readonly root?: {
    /** The id of the canvas, looked for until it is there, and again when it has left the page. */
    readonly elementId?: string | null;
    readonly element?: Element | null;
    /** Pixels, for a canvas without a `width` of its own. Default 640. */
    readonly defaultWidth?: number;
    /** Pixels, for a canvas without a `height` of its own. Default 480. */
    readonly defaultHeight?: number;
  };
  readonly data?: {
    readonly fills?: {
      /** Default `#2e2e32`. */
      readonly background?: string;
      /** The disc behind an image with `arc`. Default `#909099`. */
      readonly avatar?: string;
    };
    /** `debug`: the colour of the guide lines. Default `white`. */
    readonly strokes?: { readonly debug?: string };
  };
  /** Draws guide lines. Default false. */
  readonly debug?: boolean;
}

/** `videoCanvas` in the configuration. */
export interface VideoCanvasOptions {
  /** The canvas to compose pictures, images and texts on, or its id. Default: none, plain elements. */
  readonly canvas: string | CanvasOptions;
  /** Whether the button is drawn where a browser can fill the screen. Default true. */
  readonly fullscreen: { readonly show: boolean };
  readonly localVideo: PictureOptions;
  readonly remoteVideo: PictureOptions;
  readonly canvasLoop: {
    /** The most frames a second that are drawn. Default 15. */
    readonly framesPerSecond: number;
  };
  /** Changes to the built-in images, and your own. */
  readonly images: readonly ImageOptions[];
  /** The lines on the canvas, from top to bottom. Default: all three. */
  readonly strings: readonly StringOptions[];
}

/** A picture or an image as it is now. */
export interface CanvasImage extends ImageOptions {
  readonly enabled: boolean;
  readonly rescale: number;
  readonly position: ImagePosition;
  readonly averageRGB?: { readonly threshold: number };
}

/** What the plugin remembers. */
export interface VideoCanvasState {
  /** The two pictures, own images, and the built-in ones, in the order in which they are asked. */
  readonly images: readonly CanvasImage[];
  readonly framesPerSecond: number;
}

/** The arguments of `positionImage` after the name. */
export type Place = readonly [
  mode?: PositionMode | 'delta' | null,
  x?: number | null,
  y?: number | null,
];

/**
 * The public API of the plugin: `phone.videoCanvas`. Images are named `localVideo`, `remoteVideo`,
 * `disconnected`, `idle`, `ringing`, `muted`, `held`, `defaultAvatar`, or as you named yours; what
 * concerns an unknown one does nothing and gives undefined.
 */
export interface VideoCanvasApi {
  readonly enableImage: (name: string) => CanvasImage | undefined;
  readonly disableImage: (name: string) => CanvasImage | undefined;
  readonly toggleImage: (name: string) => CanvasImage | undefined;
  readonly isImageEnabled: (name: string) => boolean;
  /** Sets the size as a share of the canvas. */
  readonly rescaleImage: (name: string, scale?: number | null) => CanvasImage | undefined;
  /** Puts an image elsewhere. `delta` moves it by pixels. What is null stays as it is. */
  readonly positionImage: (name: string, ...place: Place) => CanvasImage | undefined;
  /** The most frames a second, 1 to 60. */
  readonly changeFramesPerSecond: (framesPerSecond: number) => void;
  /** Fills the screen with the canvas, else with the pictures. Rejects with what the browser says. */
  readonly startFullscreen: () => Promise<void>;
  readonly stopFullscreen: () => Promise<void>;
  /** Draws all render targets and the canvas again. */
  readonly updateRenders: () => void;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    videoCanvas: VideoCanvasApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'videoCanvas.created': Readonly<Record<string, never>>;
    /** An image was switched on or off, resized or moved. */
    'videoCanvas.image.changed': { readonly image: CanvasImage };
    /** Another number of frames a second is drawn at most. */
    'videoCanvas.framesPerSecond.changed': { readonly framesPerSecond: number };
  }
}
