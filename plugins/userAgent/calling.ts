import { PhoneError, asPhoneError, checkHeaders } from '../../src/core/index.ts';
import type {
  Call,
  ErrorCode,
  LocalFailure,
  MediaOptions,
  SipSession,
  Store,
} from '../../src/core/index.ts';
import type { AgentContext, Shared } from './context.ts';
import type { Stack } from './stack.ts';
import { outgoingOptions } from './state.ts';
import { cleanTarget } from './target.ts';
import type { AgentOptions, UserAgentApi, UserAgentState } from './types.ts';

/** Outgoing calls. */
export interface Calling extends Pick<UserAgentApi, 'call'> {
  /** What becomes of a REFER that comes in now. */
  readonly referPolicy: () => AgentOptions['refer_policy'];
  /** Follows a request of the far end to call somebody. */
  readonly follow: (session: SipSession, video: boolean) => Promise<void>;
}

/** What outgoing calls need. */
export interface CallingServices {
  readonly ctx: AgentContext;
  readonly store: Store<UserAgentState>;
  readonly shared: Shared;
  readonly connected: () => Stack;
}

/** A call to be placed. */
interface Placement extends MediaOptions {
  readonly session: SipSession;
  readonly target: string;
  readonly video: boolean;
  /** False leaves the focus where it is until the target has answered. */
  readonly takeFocus: boolean;
}

// How a call ends that never got its microphone.
const endings: Partial<Readonly<Record<ErrorCode, LocalFailure>>> = {
  'media.denied': 'mediaDenied',
  'media.dismissed': 'mediaDenied',
  'media.insecure': 'mediaDenied',
  'media.noDevice': 'noMicrophone',
};

const questions = ['call.refer.requested', 'call.primary.refer.requested'] as const;

/** Makes calls; the call is in the list from the first moment, so that it can be given up. */
export function createCalling({ ctx, store, shared, connected }: CallingServices): Calling {
  const focusOnAnswer = createFocusOnAnswer(ctx);
  const place = async (placement: Placement): Promise<Call> => {
    const { session, target, video, takeFocus, mediaStream, render } = placement;
    const call = ctx.calls.add(session, { takeFocus, render });
    if (!takeFocus) focusOnAnswer(call.id);
    try {
      const stream = await ctx.calls.media().open(call.id, { audio: true, video }, mediaStream);
      if (call.isEnded()) throw new PhoneError('call.ended');
      await session.start(stream);
    } catch (error) {
      ctx.calls.media().close(call.id);
      const failure = asPhoneError(error, 'media.failed');
      session.terminate({ failure: endings[failure.code] ?? 'mediaFailed' });
      throw failure;
    }
    ctx.emit('userAgent.call.started', { target, callId: call.id });
    return call;
  };
  const call: UserAgentApi['call'] = async (target, customHeaders, given) => {
    const wanted = target?.trim() ? target : shared.lastTarget();
    try {
      const { video, mediaStream, render, ...outgoing } = outgoingOptions(
        ctx.options,
        customHeaders ?? [],
        given,
      );
      checkHeaders(outgoing.headers);
      const address = cleanTarget(wanted);
      const session = connected().createOutgoing(address, outgoing);
      shared.remember(wanted, ctx.account);
      store.set({ error: null });
      const media = { video, ...(mediaStream && { mediaStream }), ...(render && { render }) };
      return await place({ session, target: address, ...media, takeFocus: true });
    } catch (error) {
      const failure = asPhoneError(error, 'call.failed');
      // A call that the user gave up is no failure to tell about.
      if (failure.code !== 'call.ended') store.set({ error: failure });
      ctx.emit('userAgent.call.failed', { error: failure, target: wanted });
      throw failure;
    }
  };
  return {
    call,
    referPolicy: () => {
      const { refer_policy: policy } = ctx.options.user_agent;
      return policy === 'ask' && !questions.some(ctx.isHeard) ? 'deny' : policy;
    },
    follow: async (session, video) => {
      try {
        await place({ session, target: session.remote.uri, video, takeFocus: false });
      } catch (error) {
        ctx.log.warn('A transfer to another party could not be followed.', error);
        throw error;
      }
    },
  };
}

// A call that is transferred goes on as it was when the target does not answer: until then it keeps
// the focus, so that nothing holds it and nothing has to be undone.
function createFocusOnAnswer(ctx: AgentContext): (callId: string) => void {
  const waiting = new Set<string>();
  ctx.on('call.established', ({ callId }) => {
    if (waiting.delete(callId)) void ctx.calls.focus(callId);
  });
  ctx.on('call.terminated', ({ callId }) => {
    waiting.delete(callId);
  });
  return (callId) => {
    waiting.add(callId);
  };
}
