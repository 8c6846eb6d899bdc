import { schema } from '../../src/core/index.ts';
import type { Schema } from '../../src/core/index.ts';
import type {
  CameraOptions,
  InputOptions,
  KindOptions,
  MediaDevicesOptions,
  RingOptions,
} from './types.ts';

const kind: KindOptions = { enabled: true, show: true, preferedDeviceIds: [], mediaElement: {} };
const input: InputOptions = { ...kind, constraints: {} };

/** The options where nothing is configured. */
export const defaults: MediaDevicesOptions = {
  ringoutput: { ...kind, additional: [] },
  audiooutput: kind,
  audioinput: input,
  videoinput: { ...input, show: false, screenCapture: false },
  detectDeviceChanges: true,
};

const { anyObject, callable, flag, list, object, text } = schema;

const kindShape = {
  enabled: flag(),
  show: flag(),
  preferedDeviceIds: list(text()),
  mediaElement: anyObject<object>(),
};

const inputShape = {
  ...kindShape,
  constraints: anyObject<MediaTrackConstraints>(),
  create: callable<NonNullable<InputOptions['create']>>(),
};

/** What the configuration may hold. */
export const optionsSchema: Schema<MediaDevicesOptions> = object<MediaDevicesOptions>({
  ringoutput: object<RingOptions>({ ...kindShape, additional: list(text()) }),
  audiooutput: object<KindOptions>(kindShape),
  audioinput: object<InputOptions>(inputShape),
  videoinput: object<CameraOptions>({ ...inputShape, screenCapture: flag() }),
  detectDeviceChanges: flag(),
});
