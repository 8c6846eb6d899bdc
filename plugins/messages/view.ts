import { errorSentence, isolated, responseFor } from '../../src/core/index.ts';
import { bytesOf } from './context.ts';
import { shortPeer } from './peers.ts';
import type { Screen } from './screen.ts';
import type { Message, MessageStatus, Thread } from './types.ts';

/** One thread as `_messagesThread.mustache` draws it. */
export interface ThreadRow {
  readonly peer: string;
  readonly name: string;
  /** The first letter of the name. */
  readonly initial: string;
  /** The beginning of the last message, or that the other side types. */
  readonly last: string;
  readonly time: string;
  /** How many messages are unread, '' when none is. */
  readonly unread: string;
  /** What a screen reader says of the row. */
  readonly label: string;
}

/** One message as `_messagesMessage.mustache` draws it. */
export interface MessageRow {
  readonly id: string;
  readonly direction: Message['direction'];
  readonly status: MessageStatus;
  /** Who wrote it, for a screen reader. */
  readonly author: string;
  readonly text: string;
  readonly time: string;
  /** How the delivery stands, in words; '' for what came in. */
  readonly state: string;
  readonly canRetry: boolean;
  readonly retryLabel: string;
}

/** The model of `messages.mustache`. */
export interface MessagesModel extends Readonly<Record<string, unknown>> {
  /** Whether a thread is shown, not the list. */
  readonly isOpen: boolean;
  readonly threads: readonly ThreadRow[];
  /** Those of the open thread. */
  readonly messages: readonly MessageRow[];
  /** Of the other side of the open thread. */
  readonly name: string;
  /** What a screen reader says of the open thread. */
  readonly label: string;
  readonly draft: string;
  /** What stands in the field for a number or address. */
  readonly to: string;
  /** Whether the draft has so many bytes that it may not arrive. */
  readonly isLong: boolean;
  readonly isOffline: boolean;
  /** That the other side types, in words, or ''. */
  readonly composing: string;
  readonly error: string;
  readonly announcement: string;
}

type Translate = (key: string, variables?: Readonly<Record<string, unknown>>) => string;

/** What the view is made of. */
export interface MessagesFacts {
  readonly threads: readonly Thread[];
  readonly screen: Screen;
  /** The account, as `1001@example.com`. */
  readonly own: string;
  readonly isThere: boolean;
  readonly warnBytes: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly t: Translate;
  /** As `Intl` takes it. */
  readonly language: string;
}

/** The model of `messages.mustache`. */
export function toModel(facts: MessagesFacts): MessagesModel {
  const { threads, screen, own, t } = facts;
  const { selected } = screen;
  const thread = threads.find(({ peer }) => peer === selected);
  const name = selected === null ? '' : nameOf(thread ?? { peer: selected, name: '' }, own);
  const spoken = { name: isolated(name) };
  return {
    ...{ isOpen: selected !== null, name, to: screen.to, ...draftOf(facts) },
    threads: selected === null ? threads.map((one) => threadRow(one, facts)) : [],
    messages: (thread?.messages ?? []).map((message) => messageRow(message, name, facts)),
    label: t('conversation', spoken),
    isOffline: !facts.isThere,
    composing: thread?.isComposing ? t('composing', spoken) : '',
    error: screen.error === null ? '' : errorSentence(screen.error, t),
    announcement: screen.announcement,
  };
}

function draftOf({
  screen: { selected, drafts },
  warnBytes,
}: MessagesFacts): Pick<MessagesModel, 'draft' | 'isLong'> {
  const draft = drafts[selected ?? ''] ?? '';
  return { draft, isLong: bytesOf(draft) > warnBytes };
}

/** What a person knows the other side by. */
export function nameOf({ peer, name }: Pick<Thread, 'peer' | 'name'>, own: string): string {
  return name.trim() || shortPeer(peer, own);
}

function threadRow(thread: Thread, { own, t, ...when }: MessagesFacts): ThreadRow {
  const { peer, unread, messages, isComposing } = thread;
  const name = nameOf(thread, own);
  const spoken = { name: isolated(name), count: unread };
  const last = messages.at(-1);
  return {
    ...{ peer, name },
    initial: Array.from(name)[0]?.toUpperCase() ?? '',
    last: isComposing ? t('composing', spoken) : shortened(last?.text ?? ''),
    time: last ? timeOf(last.at, when) : '',
    unread: unread > 0 ? String(unread) : '',
    label: t(unread > 0 ? 'threadUnread' : 'conversation', spoken),
  };
}

function messageRow(message: Message, name: string, { t, ...when }: MessagesFacts): MessageRow {
  const { id, direction, status, text, at } = message;
  return {
    ...{ id, direction, status, text },
    author: direction === 'incoming' ? name : t('you'),
    time: timeOf(at, when),
    state: stateOf(message, t),
    canRetry: status === 'failed',
    retryLabel: t('retryNamed', { text: isolated(shortened(text)) }),
  };
}

function stateOf({ status, statusCode }: Message, t: Translate): string {
  if (status === 'received') return '';
  if (status === 'failed') return `${t('failed')} ${reasonOf(statusCode, t)}`.trim();
  return t(status === 'sent' && statusCode === 202 ? 'accepted' : status);
}

/** Why a message was not delivered: the sentence of the response, or its code. */
export function reasonOf(statusCode: number | null, t: Translate): string {
  if (statusCode === null) return '';
  const key = `response.${responseFor(statusCode).key}`;
  const sentence = t(key);
  return sentence === key ? `(${String(statusCode)})` : sentence;
}

// The hour says enough of today, and little of last week.
function timeOf(at: number, { now, language }: Pick<MessagesFacts, 'now' | 'language'>): string {
  const date = new Date(at);
  const hour = { hour: '2-digit', minute: '2-digit' } as const;
  const isToday = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString(
    language,
    isToday ? hour : { ...hour, day: 'numeric', month: 'short' },
  );
}

/** The beginning of a text, in one line. */
export function shortened(text: string): string {
  const letters = Array.from(text.slice(0, 400).replace(/\s+/g, ' ').trim());
  return letters.length > 100 ? `${letters.slice(0, 100).join('')}…` : letters.join('');
}
