import type { MessageCount, MessageKind, VoicemailState } from './types.ts';

const kinds: Readonly<Record<string, MessageKind>> = {
  'voice-message': 'voice',
  'fax-message': 'fax',
  'pager-message': 'pager',
  'multimedia-message': 'multimedia',
  'text-message': 'text',
  none: 'none',
};

// A summary is a few lines; the rest of a longer body would be headers of single messages.
const longest = 10_000;
const count = /^(\d{1,9})\s*\/\s*(\d{1,9})(?:\s*\(\s*(\d{1,9})\s*\/\s*(\d{1,9})\s*\))?$/;
const address = /^(?:sips?|tel):[^\s<>"]{1,200}$/i;

/** Reads a body of RFC 3842; null when it does not say whether messages wait. */
export function parseSummary(body: string): VoicemailState | null {
  if (body.length > longest) return null;
  const lines = body.split(/\r?\n/).map((line) => {
    const [name = '', ...value] = line.split(':');
    return [name.trim().toLowerCase(), value.join(':').trim()] as const;
  });
  const fields = new Map(lines.reverse());
  const waiting = fields.get('messages-waiting')?.toLowerCase();
  if (waiting !== 'yes' && waiting !== 'no') return null;
  const account = fields.get('message-account') ?? '';
  const counts = Object.entries(kinds).flatMap(([name, kind]) => {
    const found = countOf(fields.get(name));
    return found ? [[kind, found] as const] : [];
  });
  return {
    isKnown: true,
    isWaiting: waiting === 'yes',
    account: address.test(account) ? account : '',
    counts: Object.fromEntries(counts),
  };
}

function countOf(text = ''): MessageCount | null {
  const [, fresh, old, urgentFresh = '0', urgentOld = '0'] = count.exec(text) ?? [];
  if (fresh === undefined) return null;
  const [one, two, three, four] = [fresh, old, urgentFresh, urgentOld].map(Number);
  return { fresh: one ?? 0, old: two ?? 0, urgentFresh: three ?? 0, urgentOld: four ?? 0 };
}

/** All new messages, of whatever kind. */
export function freshIn({ counts }: VoicemailState): number {
  return Object.values(counts).reduce((sum, { fresh }) => sum + fresh, 0);
}
