import en from '../../locales/en.json' with { type: 'json' };
import { createStore, definePlugin, isolated, schema } from '../../src/core/index.ts';
import type { PluginFactory, Store } from '../../src/core/index.ts';
import messageTemplate from '../../templates/_messagesMessage.mustache';
import threadTemplate from '../../templates/_messagesThread.mustache';
import template from '../../templates/messages.mustache';
import { createActions } from './actions.ts';
import { accountOf, isServerThere } from './context.ts';
import type { Context } from './context.ts';
import { createInbox } from './inbox.ts';
import type { Inbox } from './inbox.ts';
import { firstScreen } from './screen.ts';
import type { Screen } from './screen.ts';
import type { MessageStore, MessagesApi, MessagesOptions } from './types.ts';
import { nameOf, reasonOf, shortened, toModel } from './view.ts';

export type * from './types.ts';
export type { MessageRow, MessagesModel, ThreadRow } from './view.ts';

const { anyObject, either, flag, integer, object, oneOf, text } = schema;

/** Text messages (RFC 3428): threads, delivery, who types, and what waits for the connection. */
export const messages: PluginFactory<'messages', MessagesOptions> = definePlugin({
  name: 'messages',
  requires: ['userAgent'],
  defaults: {
    ...{ account: '', after: 'registration', composing: true, storage: true },
    ...{ warn_bytes: 1300, max_bytes: 65_536, messages_kept: 500, threads_kept: 100 },
  },
  schema: object<MessagesOptions>({
    ...{ account: text(), after: oneOf('registration', 'connection'), composing: flag() },
    storage: either(flag(), anyObject<MessageStore>()),
    ...{ warn_bytes: integer(1), max_bytes: integer(1, 1_048_576) },
    ...{ messages_kept: integer(1, 10_000), threads_kept: integer(1, 1_000) },
  }),
  template,
  locale: en.messages,
  sharedTexts: { response: en.response },
  setup: (ctx) => {
    const screen = createStore<Screen>(firstScreen);
    const inbox: Inbox = createInbox(ctx, {
      changed: () => {
        view.invalidate();
      },
      isOpen: (peer) => screen.get().selected === peer,
      isSeen: (peer) => screen.get().selected === peer && isPageSeen(),
      left: () => {
        screen.set(firstScreen);
      },
    });
    const select = selector(inbox, screen);
    const view = ctx.view({
      watch: [
        ...(['language.changed', 'userAgent.connected', 'userAgent.disconnected'] as const),
        ...(['userAgent.registration.registered', 'userAgent.stopped'] as const),
        'userAgent.registration.unregistered',
      ],
      model: () =>
        toModel({
          threads: inbox.book.threads(),
          screen: screen.get(),
          own: accountOf(ctx).address,
          isThere: isServerThere(ctx),
          warnBytes: ctx.options.warn_bytes,
          now: ctx.clock.now(),
          ...{ t: ctx.t, language: ctx.i18n.languageTag() },
        }),
      rows: {
        threads: { template: threadTemplate, key: 'peer' },
        messages: { template: messageTemplate, key: 'id' },
      },
      actions: createActions({ inbox, screen, select }),
    });
    ctx.onDestroy(screen.subscribe(view.invalidate));
    announce(ctx, screen);
    readWhenSeen(ctx, inbox, screen);
    ctx.emit('messages.created', {});
    inbox.start();
    return { ...apiOf(inbox, screen, select), updateRenders: view.invalidate };
  },
});

type Select = MessagesApi['select'];

function selector(inbox: Inbox, screen: Store<Screen>): Select {
  return (target) => {
    const peer = target === null ? null : inbox.peerOf(target);
    const { selected } = screen.get();
    if (selected !== null && selected !== peer) inbox.typing.typed(selected, '');
    screen.set({ selected: peer, to: '', error: null });
    if (peer !== null) inbox.read(peer);
  };
}

function apiOf(
  inbox: Inbox,
  screen: Store<Screen>,
  select: Select,
): Omit<MessagesApi, 'updateRenders'> {
  const { book, typing } = inbox;
  return {
    select,
    getSelected: () => screen.get().selected,
    getThreads: book.threads,
    getThread: (peer) => book.thread(inbox.peerOf(peer)),
    getUnread: () => book.threads().reduce((sum, { unread }) => sum + unread, 0),
    send: async (peer, text) => await inbox.settled(inbox.post(peer, text)),
    retry: async (id) => {
      const message = inbox.retry(id);
      return message && (await inbox.settled(message));
    },
    markRead: (peer) => {
      inbox.read(inbox.peerOf(peer));
    },
    removeThread: (peer) => {
      book.remove(inbox.peerOf(peer));
    },
    typing: (peer, text) => {
      typing.typed(inbox.peerOf(peer), text);
    },
  };
}

// One place that speaks, politely: what came in, and what did not go out.
function announce(ctx: Context, screen: Store<Screen>): void {
  const own = (): string => accountOf(ctx).address;
  // A screen reader says what has changed: the same words again are others by a space.
  const say = (words: string): void => {
    const isAgain = screen.get().announcement === words;
    screen.set({ announcement: isAgain ? `${words}\u00a0` : words });
  };
  ctx.on('messages.received', ({ message, thread }) => {
    const name = isolated(nameOf(thread, own()));
    const text = isolated(shortened(message.text));
    say(ctx.t('announceReceived', { name, text }));
  });
  ctx.on('messages.failed', ({ message }) => {
    const name = isolated(nameOf(message, own()));
    const reason = reasonOf(message.statusCode, ctx.t);
    say(ctx.t('announceFailed', { name, reason }));
  });
}

const isPageSeen = (): boolean =>
  typeof document === 'undefined' || document.visibilityState !== 'hidden';

// What came in while the page was in the background is read when its user is back.
function readWhenSeen(ctx: Context, inbox: Inbox, screen: Store<Screen>): void {
  if (typeof document === 'undefined') return;
  document.addEventListener(
    'visibilitychange',
    () => {
      const { selected } = screen.get();
      if (selected !== null && isPageSeen()) inbox.read(selected);
    },
    { signal: ctx.signal },
  );
}
