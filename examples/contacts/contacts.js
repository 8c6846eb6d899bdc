import { createStore, definePlugin, errorSentence, schema } from 'cordboard/core';

const locale = {
  call: 'Call',
  callNamed: 'Call {{name}}, {{number}}',
  connecting: 'Calling…',
  empty: 'Nobody is found',
  established: 'Talking',
  favourite: 'Favourite: {{name}}',
  failed: 'The contacts could not be loaded: {{reason}}',
  ringing: 'Ringing',
  search: 'Search',
  title: 'Contacts',
};

const template = `<section class="cb-panel" part="panel" aria-label="{{t.title}}" data-action="keydown->move">
  <h2 class="cb-title" part="title">{{t.title}}</h2>
  <label class="cb-field"><span>{{t.search}}</span>
    <input type="search" part="search" value="{{text}}" data-action="search" autocomplete="off" /></label>
  <p class="cb-notice" part="error" data-kind="error" role="alert"{{^error}} hidden{{/error}}>{{error}}</p>
  <ul class="cb-list" part="contacts" data-rows="contacts" aria-label="{{t.title}}"></ul>
  {{^contacts}}<p class="cb-muted" part="empty" role="status">{{t.empty}}</p>{{/contacts}}
</section>`;

const row = `<li part="contact" data-status="{{status}}">
  <button type="button" class="cb-button cb-quiet" part="favourite" data-action="favour" data-value="{{number}}" aria-pressed="{{isFavourite}}" aria-label="{{favouriteLabel}}">{{star}}</button>
  <span part="identity"><bdi part="name">{{name}}</bdi> <bdi class="cb-muted" part="number" dir="ltr">{{number}}</bdi></span>
  {{#state}}<span class="cb-badge" part="state" role="status">{{state}}</span>{{/state}}
  <button type="button" class="cb-button cb-primary" part="call" data-action="call" data-value="{{number}}" aria-label="{{callLabel}}"{{#isBusy}} disabled{{/isBusy}}>{{t.call}}</button>
</li>`;

const plain = (text) =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase();
/** A number without what people write between its digits; of a SIP address every sign counts. */
function dialled(number) {
  const digits = number.replace(/[\s()./-]/g, '');
  return /^\+?[\d*#]+$/.test(digits) ? digits : number.trim();
}

/** The part before the host, by which a call names who is at the other end. */
const userOf = (number) =>
  dialled(number)
    .replace(/^sips?:/i, '')
    .replace(/[@;].*/, '');

/** Favourites first, then by name; of these the ones that fit. */
function select({ contacts, favourites, text }) {
  const wanted = plain(text.trim());
  const { compare } = new Intl.Collator();
  return contacts
    .filter(
      ({ name, number }) =>
        plain(name).includes(wanted) || plain(dialled(number)).includes(dialled(wanted)),
    )
    .sort(
      (a, b) =>
        favourites.includes(b.number) - favourites.includes(a.number) || compare(a.name, b.name),
    );
}

/** From one button to the next of its kind; from the field into the list and back. */
function move({ event }) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const from = event.target;
  const panel = from.closest('[part="panel"]');
  if (!step || !panel) return;
  const kind = from.matches('[part="favourite"]') ? 'favourite' : 'call';
  const stops = [
    panel.querySelector('[part="search"]'),
    ...panel.querySelectorAll(`[part="${kind}"]:not(:disabled)`),
  ];
  const next = stops[stops.indexOf(from) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** What the buttons do, and the application. */
function createCommands(ctx, store) {
  function stateOf(number) {
    if (store.get().calling === number) return 'connecting';
    const call = ctx.calls
      .list()
      .find(({ snapshot }) => !snapshot.end && snapshot.remote.user === userOf(number));
    return call?.snapshot.status ?? '';
  }

  async function call(number) {
    // A double click is one wish.
    if (store.get().calling !== '' || stateOf(number) !== '') return;
    store.set({ calling: number, error: '' });
    try {
      await ctx.require('userAgent').call(dialled(number));
    } catch (error) {
      store.set({ error: errorSentence(error, ctx.t) });
    } finally {
      store.set({ calling: '' });
    }
  }

  function favour(number) {
    const { favourites } = store.get();
    const next = favourites.includes(number)
      ? favourites.filter((other) => other !== number)
      : [...favourites, number];
    store.set({ favourites: next });
    ctx.memory.set('favourites', next);
    ctx.emit('contacts.favourites.changed', { favourites: next });
  }

  async function load() {
    if (!ctx.options.load) return;
    try {
      const loaded = await ctx.options.load(ctx.signal);
      if (!ctx.signal.aborted) store.set({ contacts: loaded, error: '' });
    } catch (error) {
      if (ctx.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      store.set({ error: ctx.t('failed', { reason }) });
    }
  }

  return { stateOf, call, favour, load };
}

/**
 * People to call by a click. They come from `contacts`, or from `load`, a function of the application
 * that is given a signal. Favourites are kept where the phone keeps its choices (`storage`).
 */
export const contacts = definePlugin({
  name: 'contacts',
  requires: ['userAgent'],
  defaults: { contacts: [] },
  schema: schema.object({
    contacts: schema.list(
      schema.objectWith(['name', 'number'], {
        name: schema.filledText(),
        number: schema.filledText(),
      }),
    ),
    load: schema.callable(),
  }),
  template,
  locale,
  setup: (ctx) => {
    const kept = ctx.memory.get('favourites');
    const store = createStore({
      contacts: ctx.options.contacts,
      favourites: Array.isArray(kept) ? kept.filter((number) => typeof number === 'string') : [],
      text: '',
      /** A sentence, or ''. */
      error: '',
      /** The number that is being called, before there is a call. */
      calling: '',
    });

    const { stateOf, call, favour, load } = createCommands(ctx, store);

    function toModel() {
      const state = store.get();
      const isCalling = state.calling !== '';
      return {
        text: state.text,
        error: state.error,
        contacts: select(state).map(({ name, number }) => {
          const status = stateOf(number);
          const isFavourite = state.favourites.includes(number);
          return {
            ...{ name, number, status, isFavourite },
            isBusy: isCalling || status !== '',
            state: status === '' ? '' : ctx.t(status),
            star: isFavourite ? '★' : '☆',
            callLabel: ctx.t('callNamed', { name, number }),
            favouriteLabel: ctx.t('favourite', { name }),
          };
        }),
      };
    }

    const view = ctx.view({
      watch: [
        ...['call.created', 'call.progress', 'call.established', 'call.terminated'],
        'language.changed',
      ],
      model: toModel,
      rows: { contacts: { template: row, key: 'number' } },
      actions: {
        move,
        call: ({ value = '' }) => call(value),
        favour: ({ value = '' }) => favour(value),
        search: ({ value = '' }) => store.set({ text: value }),
      },
    });
    ctx.onDestroy(store.subscribe(view.invalidate));
    void load();
    return { call, favour, favourites: () => store.get().favourites, reload: load };
  },
});
