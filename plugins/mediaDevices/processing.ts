import { loadPart } from '../../src/core/index.ts';
import type { PluginContext } from '../../src/core/index.ts';
import type { Choice } from './choice.ts';
import { constraintsOf } from './inputs.ts';
import type { Inputs, MediaCore } from './inputs.ts';
import { browserDevices } from './open.ts';
import type { Streams } from './streams.ts';
import type { MediaDevicesOptions, Processing, ProcessingName } from './types.ts';

const names: readonly ProcessingName[] = [
  'echoCancellation',
  'noiseSuppression',
  'autoGainControl',
];

/** What this browser can switch, in the order in which it is drawn. */
export function switchable(): readonly ProcessingName[] {
  const supported: MediaTrackSupportedConstraints =
    browserDevices()?.getSupportedConstraints() ?? {};
  return names.filter((name) => supported[name]);
}

const memoryName = 'processing';

/** What the user has switched before. */
export function rememberedProcessing(
  ctx: PluginContext<'mediaDevices', MediaDevicesOptions>,
): Partial<Processing> {
  const kept = (ctx.memory.get(memoryName) ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    names.filter((name) => typeof kept[name] === 'boolean').map((name) => [name, kept[name]]),
  );
}

/** What is on: as switched, else as configured, else everything, as browsers do. */
export function effectiveProcessing(core: MediaCore): Processing {
  const constraints = constraintsOf(core, 'audioinput');
  const isOn = (name: ProcessingName): boolean => {
    const given: unknown = constraints[name] ?? true;
    const { exact, ideal } = given as { readonly exact?: unknown; readonly ideal?: unknown };
    return (exact ?? ideal ?? given) !== false;
  };
  return {
    autoGainControl: isOn('autoGainControl'),
    echoCancellation: isOn('echoCancellation'),
    noiseSuppression: isOn('noiseSuppression'),
  };
}

/** Switches one of them, in what is captured now too; how is loaded with the first switch. */
export async function setProcessing(
  { core, inputs, streams, choice }: ProcessingParts,
  name: ProcessingName,
  isOn: boolean,
): Promise<void> {
  const { switchProcessing } = await loadPart(() => import('./processing.part.ts'));
  await choice.serial(() =>
    switchProcessing({
      core,
      name,
      isOn,
      memoryName,
      capture: inputs.capture.audioinput,
      move: streams.move,
      constraints: () => constraintsOf(core, 'audioinput'),
      effective: () => effectiveProcessing(core),
    }),
  );
}

/** What a switch needs. */
export interface ProcessingParts {
  readonly core: MediaCore;
  readonly inputs: Inputs;
  readonly streams: Streams;
  readonly choice: Choice;
}
