import type { UserAgentApi } from '../../plugins/userAgent/types.ts';
import { definePlugin, newId, schema } from '../core/index.ts';
import type { Call, ConfiguredPlugin, PhoneError } from '../core/index.ts';
import { outgoing } from './fakeSession.ts';
import type { FakeSession } from './fakeSession.ts';

/** A user agent without SIP: it opens the microphone, makes calls of fake sessions, and remembers. */
export interface FakeAgent {
  readonly plugin: ConfiguredPlugin;
  /** What was called, oldest first. */
  readonly called: readonly string[];
  /** The sessions of these calls. */
  readonly sessions: readonly FakeSession[];
  /** The next call is refused with this error. */
  readonly refuseNext: (error: PhoneError) => void;
  /** Makes `isStarted()` false. */
  readonly stop: () => void;
}

/** A fake for the plugin `userAgent`, for tests of those that call by it. */
export function fakeAgent(): FakeAgent {
  const called: string[] = [];
  const sessions: FakeSession[] = [];
  let refusal: PhoneError | undefined;
  let isStarted = true;
  const plugin = definePlugin({
    name: 'userAgent',
    defaults: {},
    schema: schema.anyObject<object>(),
    setup: ({ calls, onDestroy }) => {
      const call = async (target?: string | null): Promise<Call> => {
        const address = target === undefined || target === null || target === '' ? '*97' : target;
        called.push(address);
        const error = refusal;
        refusal = undefined;
        if (error) throw error;
        const id = newId();
        const stream = await calls.media().open(id, { audio: true, video: false });
        const session = outgoing({ remote: { user: address, name: '' } });
        sessions.push(session);
        const made = calls.add(session, { id });
        void session.start(stream);
        return made;
      };
      onDestroy(calls.useOutgoing((target) => call(target)));
      const api: Partial<UserAgentApi> = {
        call,
        redial: () => call('*97'),
        getRedial: () => '*97',
        isStarted: () => isStarted,
        start: () => {
          isStarted = true;
          return Promise.resolve();
        },
      };
      // A fake holds what the tests use; what else they call fails loudly by itself.
      return api as UserAgentApi;
    },
  });
  return {
    plugin: plugin(),
    called,
    sessions,
    refuseNext: (error) => {
      refusal = error;
    },
    stop: () => {
      isStarted = false;
    },
  };
}
