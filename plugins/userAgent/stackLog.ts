import type { UA } from 'jssip';
import type { DressServices } from './dressing.ts';
import { redact } from './redact.ts';
import type { RawTransaction } from './stackTypes.ts';
import type { SipLogLevel, SipLogOptions } from './types.ts';

/** The log of one agent, as SIP.js has it. */
export interface SipLog {
  /** A message that passed the wire; `isWritten` when the debug trace has it already. */
  readonly trace: (content: string, isWritten: boolean) => void;
  readonly followTransactions: (ua: UA) => void;
}

interface Line {
  readonly level: SipLogLevel;
  readonly category: string;
  readonly label?: string;
  readonly content: string;
}

const words: readonly SipLogLevel[] = ['error', 'warn', 'log', 'debug'];
// A phone that is started again goes on with the log that it has.
const running = new WeakMap<DressServices['ctx'], SipLog>();

/** A log that writes what is configured, and nothing without a configuration. */
export function createSipLog(services: DressServices): SipLog {
  const known = running.get(services.ctx);
  if (known) return known;
  const made = createLog(services);
  running.set(services.ctx, made);
  return made;
}

function createLog({ ctx, options }: DressServices): SipLog {
  const { log } = options.user_agent;
  const isTraced = options.transport.trace_sip === true;
  const write = log && writer(ctx.log, log);
  if (write) {
    ctx.onPattern('**', (name, payload) => {
      const fields = payload as Readonly<Record<string, unknown>>;
      const line = isOfAnother(ctx, fields) ? undefined : lineOf(name, fields);
      if (line) write(line);
    });
  }
  return {
    trace: (content, isWritten) => {
      if (!isTraced) return;
      if (write) write({ level: 'log', category: 'transport', content });
      else if (!isWritten) ctx.log.print(content);
    },
    followTransactions: (ua) => {
      if (!write) return;
      const on = ua.on.bind(ua) as unknown as (name: string, run: (event: unknown) => void) => void;
      for (const name of ['newTransaction', 'transactionDestroyed']) {
        on(name, (event) => {
          const { id, request } = (event as { readonly transaction: RawTransaction }).transaction;
          const content = `${request.method ?? ''} ${name === 'newTransaction' ? 'begins' : 'is over'}`;
          write({ level: 'debug', category: 'transaction', label: id, content });
        });
      }
    },
  };
}

function writer(
  builtin: DressServices['ctx']['log'],
  { level = 'log', builtin_enabled: isBuiltin = true, connector }: SipLogOptions,
): (line: Line) => void {
  const most = typeof level === 'number' ? level : words.indexOf(level);
  return (line) => {
    if (words.indexOf(line.level) > most) return;
    const { category, label = '', content } = line;
    if (isBuiltin) {
      const text = [category, label, content].filter(Boolean).join(' ');
      // The level of this log is its own, whatever the one of the phone says.
      if (line.level === 'error' || line.level === 'warn') builtin[line.level](text);
      else builtin.print(text);
    }
    try {
      connector?.(line.level, `cordboard.${category}`, label, content);
    } catch (error) {
      builtin.error('The connector of the log failed.', error);
    }
  };
}

// Of several accounts each has a log of its own.
function isOfAnother(ctx: object, { account, call }: Readonly<Record<string, unknown>>): boolean {
  const { account: own } = ctx as { readonly account?: string };
  const its = account ?? (call as { readonly account?: string } | undefined)?.account;
  return own !== undefined && its !== undefined && its !== own;
}

// The same facts again for the call in focus, and what passes all the time.
const left = /^call\.(?:primary\.|changed$|timeupdate$)/;
const graveness: readonly (readonly [RegExp, SipLogLevel])[] = [
  [/^userAgent\.configuration\.error$|^userAgent\.reconnection\.ended$/, 'error'],
  [/\.failed$/, 'warn'],
  [/^userAgent\.(?!debug|redial|received)|^call\.(?:created|established|ended|terminated)$/, 'log'],
];

function lineOf(name: string, payload: Readonly<Record<string, unknown>>): Line | undefined {
  const [category = ''] = name.split('.');
  if ((category !== 'userAgent' && category !== 'call') || left.test(name)) return undefined;
  const isLoss = name === 'userAgent.disconnected' && payload['isError'] === true;
  const level = isLoss ? 'warn' : (graveness.find(([fits]) => fits.test(name))?.[1] ?? 'debug');
  const { callId } = payload;
  const label = typeof callId === 'string' ? { label: callId } : {};
  return { level, category, ...label, content: redact(`${name}${detailsOf(payload)}`) };
}

// What somebody wrote or dialled within a call is not for a log.
const untold = new Set(['account', 'callId', 'body', 'signal', 'tone']);

function detailsOf(payload: Readonly<Record<string, unknown>>): string {
  return Object.entries(payload)
    .map(([key, value]) => {
      // Where there is one account only, it goes without saying.
      if (untold.has(key) || (key === 'account' && value === 'default')) return '';
      if (key === 'error') return ` error=${(value as { readonly code?: string }).code ?? ''}`;
      return ['string', 'number', 'boolean'].includes(typeof value)
        ? ` ${key}=${String(value)}`
        : '';
    })
    .join('');
}
