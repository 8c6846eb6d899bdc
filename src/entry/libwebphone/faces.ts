import { AudioContextPlugin } from './audioContext.ts';
import type { Book } from './book.ts';
import { CallControl } from './callControl.ts';
import { CallList } from './callList.ts';
import { isAskedFor, isEnabled, shownConfig } from './config.ts';
import { Dialpad } from './dialpad.ts';
import type { Kit } from './kit.ts';
import { LatePlugin } from './latePlugin.ts';
import { MediaDevices } from './mediaDevices.ts';
import { UserAgent } from './userAgent.ts';
import type { Plain } from './values.ts';
import { VideoCanvas } from './videoCanvas.ts';

/** libwebphone's classes, by the keys of the configuration; one that is switched off is missing. */
export interface Faces {
  userAgent?: UserAgent;
  callList?: CallList;
  mediaDevices?: MediaDevices;
  audioContext?: AudioContextPlugin;
  callControl?: CallControl;
  dialpad?: Dialpad;
  videoCanvas?: VideoCanvas;
  conference?: LatePlugin;
  blf?: LatePlugin;
}

/** Makes the classes in libwebphone's own order. */
export function createFaces(kit: Kit, book: Book, whole: Plain): Faces {
  const faces: Faces = {};
  const of = (name: string): Plain => shownConfig(whole, name);
  const { userAgent, mediaDevices, audioContext, dialpad, videoCanvas } = kit.engine.plugins;
  if (userAgent) {
    const camera = {
      open: () => faces.mediaDevices?._openCamera() ?? Promise.resolve(false),
      close: () => faces.mediaDevices?._closeCamera(),
    };
    const setup = { native: userAgent, config: of('userAgent'), camera };
    faces.userAgent = new UserAgent(kit, book, setup);
  }
  if (isEnabled(whole, 'callList')) faces.callList = new CallList(kit, book, of('callList'));
  if (mediaDevices) {
    const setup = { native: mediaDevices, config: of('mediaDevices') };
    faces.mediaDevices = new MediaDevices(kit, setup);
  }
  if (audioContext) {
    const setup = { native: audioContext, config: of('audioContext') };
    faces.audioContext = new AudioContextPlugin(kit, setup);
  }
  if (isEnabled(whole, 'callControl')) {
    const setup = { agent: faces.userAgent, config: of('callControl') };
    faces.callControl = new CallControl(kit, book, setup);
  }
  if (dialpad) faces.dialpad = new Dialpad(kit, book, { native: dialpad, config: of('dialpad') });
  if (videoCanvas) {
    faces.videoCanvas = new VideoCanvas(kit, { native: videoCanvas, config: of('videoCanvas') });
  }
  for (const name of ['conference', 'blf'] as const) {
    if (isAskedFor(whole, name)) faces[name] = new LatePlugin(kit, name, of(name));
  }
  return faces;
}
