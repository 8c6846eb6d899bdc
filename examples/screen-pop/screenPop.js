import { createStore, definePlugin, schema } from 'cordboard/core';

const locale = {
  failed: 'The caller could not be looked up: {{reason}}',
  late: 'the directory did not answer in time',
  looking: 'Looking up {{number}}…',
  open: 'Open the customer',
  stranger: 'Nobody is known under {{number}}',
  title: 'Caller',
};

const template = `<section class="cb-panel" part="panel" aria-label="{{t.title}}">
  <h2 class="cb-title" part="title">{{t.title}}</h2>
  {{#pops}}
  <article part="pop" data-status="{{status}}">
    <p part="caller" role="status">{{#name}}<strong part="name"><bdi>{{name}}</bdi></strong>{{/name}}
      {{#company}}<bdi class="cb-muted" part="company">{{company}}</bdi>{{/company}}{{note}}</p>
    {{#link}}<a part="open" href="{{link}}" target="_blank" rel="noopener noreferrer">{{t.open}}</a>{{/link}}
    <p class="cb-notice" part="error" data-kind="error" role="alert"{{^error}} hidden{{/error}}>{{error}}</p>
  </article>
  {{/pops}}
</section>`;

/** Only these may become a link: what a directory says may be anybody's text. */
function safeLink(link) {
  return typeof link === 'string' && /^https?:\/\//i.test(link) ? link : '';
}

/** What a directory knows, as texts; undefined when it knows nobody. */
function customerOf(found) {
  if (typeof found !== 'object' || found === null) return undefined;
  const text = (value) => (typeof value === 'string' ? value : '');
  return { name: text(found.name), company: text(found.company), link: safeLink(found.link) };
}

/** Who hides the number calls without one, or as `anonymous` (RFC 3323); no directory knows them. */
const isHidden = (number) => number === '' || number.toLowerCase() === 'anonymous';

/** Asks a URL in which `{number}` stands for the number; 404 means that nobody is known. */
async function ask(url, number, signal) {
  const address = url.replaceAll('{number}', encodeURIComponent(number));
  const response = await fetch(address, { signal, headers: { accept: 'application/json' } });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

/** Questions to the directory, by the id of the call that they are asked for. */
function createQuestions(ctx) {
  const { options } = ctx;
  const questions = new Map();

  function lookUp(number, signal) {
    if (options.lookup) return options.lookup(number, signal);
    return options.url === '' ? undefined : ask(options.url, number, signal);
  }

  function inTime(id, number) {
    const abort = new AbortController();
    return new Promise((resolve, reject) => {
      const stop = ctx.clock.after(options.timeout, () => abort.abort(new Error(ctx.t('late'))));
      questions.set(id, () => abort.abort(new Error('over')));
      // A lookup may ignore the signal: nobody waits for it longer all the same.
      abort.signal.addEventListener('abort', () => reject(abort.signal.reason));
      new Promise((answer) => answer(lookUp(number, abort.signal)))
        .then(resolve, reject)
        .finally(stop);
    }).finally(() => questions.delete(id));
  }

  ctx.onDestroy(() => {
    for (const end of questions.values()) end();
  });
  return { inTime, end: (id) => questions.get(id)?.() };
}

/**
 * Shows who calls while it rings, looked up in a directory: `lookup`, a function of the application
 * (number, signal), or `url`, which gives JSON with `name`, `company` and `link`. The last outcomes
 * are remembered in memory only, so that a second call needs no question: they are customers' data.
 */
export const screenPop = definePlugin({
  name: 'screenPop',
  defaults: { url: '', timeout: 3000, remembers: 50 },
  schema: schema.object({
    url: schema.text(),
    lookup: schema.callable(),
    timeout: schema.integer(100, 60_000),
    remembers: schema.integer(0, 1000),
  }),
  template,
  locale,
  setup: (ctx) => {
    const { options } = ctx;
    /** By number, the last asked for at the end. */
    const known = new Map();
    /** By the id of the call that rings. */
    const store = createStore({ pops: {} });
    const { inTime, end } = createQuestions(ctx);

    const view = ctx.view({
      watch: ['language.changed'],
      model: () => ({ pops: Object.values(store.get().pops).map(toModel) }),
    });
    ctx.onDestroy(store.subscribe(view.invalidate));

    function toModel({ status, number, name = '', company = '', link = '', reason }) {
      const isNamed = status === 'looking' || status === 'stranger';
      return {
        ...{ status, name, company, link },
        note: isNamed ? ctx.t(status, { number }) : '',
        error: status === 'failed' ? ctx.t('failed', { reason }) : '',
      };
    }

    function put(id, pop) {
      store.set({ pops: { ...store.get().pops, [id]: pop } });
    }

    function remember(number, customer) {
      known.delete(number);
      known.set(number, customer);
      if (known.size > options.remembers) known.delete(known.keys().next().value);
    }

    /** The answer, or an error when it comes too late or nobody waits for it any more. */
    async function pop(id, number) {
      if (known.has(number)) return finish(id, number, known.get(number));
      put(id, { status: 'looking', number });
      try {
        const customer = customerOf(await inTime(id, number));
        remember(number, customer);
        finish(id, number, customer);
      } catch (error) {
        if (!(id in store.get().pops)) return;
        const reason = error instanceof Error ? error.message : String(error);
        put(id, { status: 'failed', number, reason });
        ctx.emit('screenPop.lookup.failed', { callId: id, number, reason });
      }
    }

    function finish(id, number, customer) {
      put(id, { status: customer ? 'found' : 'stranger', number, ...customer });
      ctx.emit('screenPop.lookup.finished', { callId: id, number, customer: customer ?? null });
    }

    function close({ callId }) {
      const { [callId]: _, ...pops } = store.get().pops;
      store.set({ pops });
      end(callId);
    }

    ctx.on('call.created', ({ callId, call }) => {
      const { user } = call.remote;
      if (call.direction === 'incoming' && !isHidden(user)) void pop(callId, user);
    });
    // While it rings; whoever wants it longer hears the event and keeps it.
    ctx.on('call.established', close);
    ctx.on('call.terminated', close);
    return {
      /** What was found for a number before: undefined when it was not asked for, null for a stranger. */
      remembered: (number) => (known.has(number) ? (known.get(number) ?? null) : undefined),
      forget: () => known.clear(),
    };
  },
});
