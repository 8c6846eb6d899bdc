import { sound } from './sound.js';

const { definePlugin, schema } = window.Cordboard;

const isBusyHere = 486;
const cannotTalkNow = 480;
const patience = 1000;

/**
 * A plugin that makes a phone an echo: it takes every call and sends the caller's own sound back.
 * Calls get their sound from a `MediaSource`, which usually asks for a microphone; this one gives
 * each call a line that is silent until the caller's sound comes.
 *
 * Every open page has an echo under the same number, so all of them ring: that of the caller's own
 * page, who is one of the `neighbours`, answers at once and the others only when there is none.
 */
export const echo = definePlugin({
  name: 'echo',
  defaults: { neighbours: [] },
  schema: schema.object({ neighbours: schema.list(schema.text()) }),
  setup: (ctx) => {
    const lines = new Map();
    const media = {
      open: async (callId) => {
        const line = sound().createMediaStreamDestination();
        lines.set(callId, line);
        return line.stream;
      },
      close: (callId) => {
        for (const track of lines.get(callId)?.stream.getTracks() ?? []) track.stop();
        lines.delete(callId);
      },
    };
    const take = async (callId, isNeighbour) => {
      const call = ctx.calls.get(callId);
      // Somebody else may have taken it, or the caller may have given up.
      if (!call?.isRinging()) return;
      // In a page that nobody has touched yet the browser keeps Web Audio silent.
      const canSound = isNeighbour || navigator.userActivation?.hasBeenActive;
      if (lines.size > 0) await call.reject({ statusCode: isBusyHere });
      else if (!canSound) await call.reject({ statusCode: cannotTalkNow });
      else await call.answer();
    };
    ctx.onDestroy(ctx.calls.useMedia(media));
    ctx.on('call.ringing.started', ({ callId, call }) => {
      const isNeighbour = ctx.options.neighbours.includes(call.remote.user);
      ctx.clock.after(isNeighbour ? 0 : patience, () => {
        take(callId, isNeighbour).catch((error) => ctx.log.warn('No echo.', error));
      });
    });
    ctx.on('call.peerconnection.add.track', ({ callId, track }) => {
      const line = lines.get(callId);
      if (!line || track.kind !== 'audio') return;
      sound()
        .createMediaStreamSource(new MediaStream([track]))
        .connect(line);
    });
    // The caller is to hear the echo, not everybody in this room.
    ctx.on('call.remote.audio.element', ({ element }) => {
      element.muted = true;
    });
    return {};
  },
});
