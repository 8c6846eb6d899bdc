import { utils } from './utils.ts';

type Side = 'local' | 'remote';
type Kind = 'audio' | 'video';

/** What an element of a call is told with: the type of the event, and its additional parameters. */
export type TellCall = (type: string, ...more: readonly unknown[]) => void;

/** The four media elements of a call and the two streams in them. */
export interface CallMedia {
  /** An element; it is made when somebody asks for it first. */
  readonly element: <Of extends Kind>(
    side: Side,
    kind: Of,
  ) => Of extends 'audio' ? HTMLAudioElement : HTMLVideoElement;
  /** Makes those that somebody waits for. */
  readonly makeHeard: () => void;
  /** Takes an element that the call has made by itself. */
  readonly adopt: (side: Side, kind: Kind, element: HTMLMediaElement) => void;
  readonly stream: (side: Side) => MediaStream;
  /** Tells that the media come to the user, or are put aside. */
  readonly tellConnected: (isConnected: boolean) => void;
  /** Gives this side's stream to its element, if somebody asked for that one. */
  readonly showLocalAudio: () => void;
}

const sides: readonly Side[] = ['remote', 'local'];
const kinds: readonly Kind[] = ['audio', 'video'];

/** What the elements of a call report with. */
export interface CallMediaServices {
  readonly tell: TellCall;
  readonly isHeard: (type: string) => boolean;
  /** Ends the hearing of the elements' events. */
  readonly signal: AbortSignal;
}

/** An element that makes no sound by itself, unless it is for the far end's. */
export function createElement(side: Side, kind: Kind): HTMLAudioElement | HTMLVideoElement {
  const made = document.createElement(kind);
  made.preload = 'none';
  made.muted = side === 'local' || kind === 'video';
  if (made instanceof HTMLVideoElement) made.playsInline = true;
  return made;
}

/** Elements and streams of one call. */
export function createCallMedia({ tell, isHeard, signal }: CallMediaServices): CallMedia {
  const elements = new Map<string, HTMLMediaElement>();
  const streams: Partial<Record<Side, MediaStream>> = {};
  const stream = (side: Side): MediaStream => (streams[side] ??= new MediaStream());

  const adopt = (side: Side, kind: Kind, element: HTMLMediaElement): void => {
    const name = `${side}.${kind}`;
    if (elements.get(name) === element) return;
    elements.set(name, element);
    for (const type of utils.mediaElementEvents()) {
      const hear = (event: Event): void => {
        if (elements.get(name) === element) tell(`${name}.${type}`, element, event);
      };
      element.addEventListener(type, hear, { signal });
    }
    tell(`${name}.element`, element);
  };
  const element: CallMedia['element'] = (side, kind) => {
    const name = `${side}.${kind}`;
    if (!elements.has(name)) adopt(side, kind, createElement(side, kind));
    return elements.get(name) as never;
  };
  const each = (work: (side: Side, kind: Kind) => void): void => {
    for (const side of sides) for (const kind of kinds) work(side, kind);
  };
  return {
    element,
    adopt,
    stream,
    makeHeard: () => {
      each((side, kind) => {
        if (isHeard(`${side}.${kind}.element`)) element(side, kind);
      });
    },
    tellConnected: (isConnected) => {
      const word = isConnected ? 'connect' : 'disconnect';
      for (const side of sides) tell(`${side}.mediaStream.${word}`, stream(side));
      each((side, kind) => {
        const type = `${side}.${kind}.${word}`;
        if (isHeard(type)) tell(type, element(side, kind));
      });
    },
    showLocalAudio: () => {
      const audio = elements.get('local.audio');
      if (audio) audio.srcObject = stream('local');
    },
  };
}
