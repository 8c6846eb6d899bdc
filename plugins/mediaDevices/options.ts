import { schema } from '../../src/core/index.ts';
import type { Schema } from '../../src/core/index.ts';
import type { InputOptions, MediaDevicesOptions } from './types.ts';

const input: InputOptions = { enabled: true, show: true, preferedDeviceIds: [], constraints: {} };

/** The options where nothing is configured. */
export const defaults: MediaDevicesOptions = {
  audioinput: input,
  videoinput: { ...input, show: false },
  detectDeviceChanges: true,
};

const { anyObject, callable, flag, list, object, text } = schema;

const inputSchema = object<InputOptions>({
  enabled: flag(),
  show: flag(),
  preferedDeviceIds: list(text()),
  constraints: anyObject<MediaTrackConstraints>(),
  create: callable(),
});

/** What the configuration may hold. */
export const optionsSchema: Schema<MediaDevicesOptions> = object<MediaDevicesOptions>({
  audioinput: inputSchema,
  videoinput: inputSchema,
  detectDeviceChanges: flag(),
});
