import { PhoneError, asPhoneError, newId } from '../../src/core/index.ts';
import type { Call, Off } from '../../src/core/index.ts';
import { legEvent } from './context.ts';
import type { ConferenceCore, Strategy } from './context.ts';
import { createMixer } from './mixer.ts';
import type { Mixer } from './mixer.ts';

/** What the local conference has of its mixer, for what happens to its calls. */
export interface LocalStrategy extends Strategy {
  /** A call has another track, here or there. */
  readonly refresh: (call: Call) => void;
}

interface Sound {
  /** Sends each of these calls its mix; gives those that are still there. */
  readonly enter: (calls: readonly Call[]) => Promise<readonly Call[]>;
  readonly silence: Strategy['silence'];
  readonly refresh: LocalStrategy['refresh'];
  /** The call sends its microphone alone again. */
  readonly letGo: (call: Call) => Promise<void>;
  readonly close: Off;
}

// That of Opus: nothing is resampled.
const rate = 48_000;

// Some browsers take no sound of another rate than that of the AudioContext.
function isOfRates(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'NotSupportedError';
}

// The mixer is there as long as the conference.
function createSound({ store, legs }: ConferenceCore): Sound {
  let mixer: Mixer | undefined;
  const silence: Sound['silence'] = (call, isSilent) => {
    mixer?.silence(call, isSilent);
    const element = call.getRemoteAudio();
    if (element) element.muted = isSilent;
  };
  return {
    enter: async (calls) => {
      try {
        return await enter((mixer ??= createMixer(rate)), calls);
      } catch (error) {
        if (legs().length > 0 || !isOfRates(error)) throw error;
        mixer?.close();
        mixer = createMixer();
        return await enter(mixer, calls);
      }
    },
    silence,
    refresh: (call) => mixer?.refresh(call),
    letGo: (call) => {
      if (store.get().silenced.includes(call.id)) silence(call, false);
      mixer?.remove(call.id);
      // One that has ended meanwhile has nothing to send.
      return call.sendMix(null).catch(() => undefined);
    },
    close: () => {
      for (const call of legs()) silence(call, false);
      mixer?.close();
      mixer = undefined;
    },
  };
}

/** A conference that this browser mixes: no leg of it is renegotiated. */
export function createLocal(core: ConferenceCore): LocalStrategy {
  const { ctx, store, legs } = core;
  const sound = createSound(core);
  const { letGo, silence, refresh } = sound;
  const setLegs = (calls: readonly Call[]): void => {
    const ids = calls.map(({ id }) => id);
    const silenced = store.get().silenced.filter((id) => ids.includes(id));
    store.set({ legs: ids, silenced, ...(ids.length === 0 && { id: null }) });
    ctx.calls.join(ids);
  };
  const close = (): void => {
    sound.close();
    setLegs([]);
  };
  const dissolve: Strategy['dissolve'] = async (reason) => {
    const parted = legs();
    const released = parted.map(letGo);
    close();
    core.tell('over');
    ctx.emit('conference.split', { reason });
    await Promise.all(released);
    await Promise.all(parted.map(holdUnlessPrimary));
  };
  const leave = async (call: Call): Promise<void> => {
    const others = legs().filter(({ id }) => id !== call.id);
    // The focus stays in the conference, without a call to hold for it.
    if (call.isPrimary() && others[0]) await ctx.calls.focus(others[0].id);
    const released = letGo(call);
    setLegs(legs().filter(({ id }) => id !== call.id));
    ctx.emit('conference.leg.removed', legEvent(call));
    if (legs().length < 2) await dissolve('leg-ended');
    else core.tell('left', call.remoteIdentity());
    await released;
  };
  const join = async (calls: readonly Call[]): Promise<void> => {
    const isNew = legs().length === 0;
    const joined = await sound.enter(calls);
    const all = [...legs(), ...joined];
    if (all.length < 2) {
      await Promise.all(joined.map(letGo));
      throw new PhoneError('call.ended');
    }
    shareMute(all);
    if (isNew) store.set({ id: newId() });
    setLegs(all);
    tell(core, { isNew, joined });
    await gather(core, joined);
  };
  return {
    least: 2,
    join: async (calls) => {
      try {
        await join(calls);
      } catch (error) {
        throw asPhoneError(error, 'media.failed');
      } finally {
        if (legs().length === 0) close();
      }
    },
    part: async (call) => {
      await leave(call);
      await holdUnlessPrimary(call);
    },
    left: leave,
    ...{ dissolve, silence, refresh, close },
  };
}

// Sends each its mix. Those that end meanwhile are not in it; what one of them rejects with undoes all.
async function enter(mixer: Mixer, calls: readonly Call[]): Promise<readonly Call[]> {
  const mixes = mixesOf(mixer, calls);
  try {
    await Promise.all(mixes.map(({ call, mix }) => call.sendMix(mix)));
  } catch (error) {
    for (const call of calls) {
      mixer.remove(call.id);
      call.sendMix(null).catch(() => undefined);
    }
    throw error;
  }
  const ended = calls.filter((call) => call.isEnded());
  for (const { id } of ended) mixer.remove(id);
  return calls.filter((call) => !ended.includes(call));
}

// All of them before any is sent: where the browser refuses one, no call has changed.
function mixesOf(
  mixer: Mixer,
  calls: readonly Call[],
): readonly { readonly call: Call; readonly mix: MediaStreamTrack }[] {
  try {
    return calls.map((call) => ({ call, mix: mixer.add(call) }));
  } catch (error) {
    for (const { id } of calls) mixer.remove(id);
    throw error;
  }
}

// There is one user: muted to one is muted to all.
function shareMute(calls: readonly Call[]): void {
  if (!calls.some(({ snapshot }) => snapshot.muted.audio)) return;
  for (const call of calls) call.mute({ audio: true }).catch(() => undefined);
}

function tell(
  core: ConferenceCore,
  { isNew, joined }: { readonly isNew: boolean; readonly joined: readonly Call[] },
): void {
  const { ctx, store, legs } = core;
  const { id, legs: callIds } = store.get();
  if (isNew && id !== null) ctx.emit('conference.started', { conferenceId: id, callIds });
  for (const call of isNew ? [] : joined) ctx.emit('conference.leg.added', legEvent(call));
  const names = (isNew ? legs() : joined).map((call) => call.remoteIdentity());
  core.tell('joined', ...names);
}

// Resumes those that were held for one another. A refusal leaves a call held; its row tells why.
async function gather({ ctx, legs }: ConferenceCore, held: readonly Call[]): Promise<void> {
  const [first] = legs();
  if (first && !legs().some((call) => call.isPrimary())) await ctx.calls.focus(first.id);
  await Promise.all(
    held
      .filter(({ snapshot }) => snapshot.hold.local)
      .map((call) => call.unhold().catch(() => undefined)),
  );
}

// Two talks at once without a mix: all but the one in focus wait.
async function holdUnlessPrimary(call: Call): Promise<void> {
  if (call.isEstablished() && !call.isPrimary()) await call.hold().catch(() => undefined);
}
