import { PhoneError } from '../core/errors.ts';
import type { EventMap, EventName, Off } from '../core/index.ts';
import { isOurs } from './protocol.ts';
import type { FrameCommand, FrameCommands, FrameFailure, ToFrame, ToHost } from './protocol.ts';

/** How a frame is put into a page. */
export interface FrameOptions {
  /** The address of `frame/index.html`, relative to the page. */
  readonly src: string | URL;
  /** The element, or its id, that the frame is appended to. Default: the end of the body. */
  readonly target?: string | Element;
  /** What a screen reader calls the frame. Default `Phone`. */
  readonly title?: string;
}

/** What an event carries over the border: its plain data. Tracks, elements and raw SIP stay behind. */
export type FramePayload<Name extends EventName> = Partial<EventMap[Name]>;

/** A phone in a frame, as the page around it has it. */
export interface PhoneFrame {
  readonly element: HTMLIFrameElement;
  /**
   * Resolves when the frame has taken this page for one that may command it, and has its phone. Rejects
   * with `phone.destroyed` when it is destroyed before, and with what the frame tells, such as
   * `configuration.invalid`, when its phone cannot be made.
   */
  readonly ready: Promise<void>;
  /** Has the phone do something. Rejects with a `PhoneError`, with `phone.destroyed` after `destroy()`. */
  readonly command: <Name extends FrameCommand>(
    name: Name,
    ...given: Parameters<FrameCommands[Name]>
  ) => Promise<ReturnType<FrameCommands[Name]>>;
  /** Hears an event of the phone. Nothing is sent that nobody listens to. */
  readonly on: <Name extends EventName>(
    name: Name,
    listener: (payload: FramePayload<Name>) => void,
  ) => Off;
  /** Takes the frame out of the page, and the phone with it. */
  readonly destroy: Off;
}

/** What a phone needs from the page; a frame has none of it by itself. */
const permissions = 'microphone; camera; autoplay; display-capture; speaker-selection; fullscreen';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: PhoneError) => void;
}

/**
 * Puts a phone into the page, in a frame of its own, and speaks with it. The frame answers only when
 * this page's origin is in `frame.origins` of its configuration; only the frame itself, from the origin
 * of `src`, is listened to.
 */
export function openFrame({ src, target, title = 'Phone' }: FrameOptions): PhoneFrame {
  const address = new URL(src, document.baseURI);
  const element = document.createElement('iframe');
  element.allow = permissions;
  element.title = title;
  element.src = address.href;
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  let count = 0;
  const { ready, resolve: isReady, reject: isBroken } = readiness(signal);
  // Before that an empty page of this origin is in it.
  let isLoaded = false;
  const say = (message: ToFrame): void => {
    if (isLoaded && !signal.aborted) element.contentWindow?.postMessage(message, address.origin);
  };
  const greet = (): void => {
    isLoaded = true;
    // A frame that has been loaded anew, such as one that was moved in the page, knows of nothing before that.
    giveUp(waiting, new PhoneError('phone.destroyed'));
    // Before the greeting: what is listened to by then is told from the making of the phone on.
    for (const name of listeners.keys()) say({ cordboard: 'listen', name, isOn: true });
    say({ cordboard: 'hello' });
  };
  const take = (message: ToHost): void => {
    if (message.cordboard === 'ready') isReady(undefined);
    else if (message.cordboard === 'broken') isBroken(errorOf(message));
    else if (message.cordboard === 'event') {
      for (const listener of listeners.get(message.name) ?? []) listener(message.payload);
    } else settle(message, waiting);
  };
  const hear = ({ source, origin, data }: MessageEvent<unknown>): void => {
    if (source !== element.contentWindow || origin !== address.origin) return;
    if (isOurs(data)) take(data as ToHost);
  };
  window.addEventListener('message', hear, { signal });
  element.addEventListener('load', greet, { signal });
  placeOf(target).append(element);

  return {
    element,
    ready,
    command: async (name, ...given) => {
      signal.throwIfAborted();
      await ready;
      // It may have been destroyed in between.
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        count += 1;
        waiting.set(count, { resolve: resolve as Waiting['resolve'], reject });
        say({ cordboard: 'command', id: count, name, given });
      });
    },
    on: (name, listener) => {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(listener as (payload: unknown) => void));
      if (known.size === 1) say({ cordboard: 'listen', name, isOn: true });
      return () => {
        known.delete(listener as (payload: unknown) => void);
        if (known.size > 0 || !listeners.delete(name)) return;
        say({ cordboard: 'listen', name, isOn: false });
      };
    },
    destroy: () => {
      const error = new PhoneError('phone.destroyed');
      controller.abort(error);
      element.remove();
      giveUp(waiting, error);
    },
  };
}

function giveUp(waiting: Map<number, Waiting>, error: PhoneError): void {
  for (const { reject } of waiting.values()) reject(error);
  waiting.clear();
}

function settle(
  message: Extract<ToHost, { readonly id: number }>,
  waiting: Map<number, Waiting>,
): void {
  const one = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.cordboard === 'result') one?.resolve(message.value);
  else one?.reject(errorOf(message));
}

function errorOf({ error: { code, message } }: { readonly error: FrameFailure }): PhoneError {
  return new PhoneError(code, { message });
}

function readiness(signal: AbortSignal): Waiting & { readonly ready: Promise<void> } {
  let settlers!: Waiting;
  const ready = new Promise<unknown>((resolve, reject) => {
    settlers = { resolve, reject };
    signal.addEventListener('abort', () => {
      reject(signal.reason as PhoneError);
    });
  }) as Promise<void>;
  // Whoever awaits it is told.
  ready.catch(() => undefined);
  return { ...settlers, ready };
}

function placeOf(target: string | Element | undefined): Element {
  if (target === undefined) return document.body;
  if (typeof target !== 'string') return target;
  const place = document.getElementById(target);
  if (place !== null) return place;
  throw new PhoneError('configuration.invalid', { message: `#${target}: not found` });
}
