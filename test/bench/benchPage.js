// window.bench: the page's side of the measurements, the same code for ours and for the reference.
(() => {
  const plugins = [
    ...['userAgent', 'callList', 'callControl', 'dialpad', 'mediaDevices', 'audioContext'],
    'videoCanvas',
  ];
  // There is no picture without a call: its template is drawn, and is empty.
  const isEmpty = (name) => name === 'videoCanvas';

  /** Runs a script as a tag does; a new comment keeps it out of the browser's cache of parsed code. */
  function run(code) {
    const element = document.createElement('script');
    element.textContent = `//${Math.random()}\n${code}`;
    const begun = performance.now();
    document.head.append(element);
    return performance.now() - begun;
  }

  function places() {
    return plugins.map((name) => {
      const place = document.createElement('div');
      place.id = `place-${name}`;
      document.body.append(place);
      return place;
    });
  }

  /** From `createWebphone` until every target is drawn and laid out. */
  async function create(library) {
    const targets = places();
    const sections = plugins.map((name, at) => [name, { renderTargets: [targets[at]] }]);
    const filled = targets.filter((_, at) => !isEmpty(plugins[at]));
    const begun = performance.now();
    const phone = library.createWebphone(Object.fromEntries(sections));
    while (filled.some((target) => target.firstChild === null)) await undefined;
    void document.body.offsetHeight;
    return { ms: performance.now() - begun, phone };
  }

  /** The same templates, drawn by hand with the bare libraries. */
  async function drawBare({ i18next, Mustache }, { texts, drawn }) {
    const targets = places();
    const begun = performance.now();
    const words = i18next.createInstance();
    await words.init({
      lng: 'en',
      fallbackLng: 'en',
      resources: { en: { translation: texts } },
      interpolation: { escapeValue: false },
    });
    drawn.forEach(({ section, template, partials, view }, at) => {
      const t = Object.fromEntries(
        Object.keys(view.t).map((key) => [key, words.t(`${section}.${key}`)]),
      );
      targets[at].innerHTML = Mustache.render(template, { ...view, t }, partials);
    });
    void document.body.offsetHeight;
    return performance.now() - begun;
  }

  /** A session without a far end; `report` says what one would. */
  function fakeSession(number, direction = 'incoming') {
    const observers = new Set();
    const nothing = () => Promise.resolve();
    const report = (fact) => [...observers].forEach((observer) => observer(fact));
    const end = { by: 'remote', statusCode: null, reasons: [] };
    return {
      direction,
      remote: { name: `Caller ${number}`, user: String(number), uri: `sip:${number}@example.com` },
      local: { name: '', user: '1001', uri: 'sip:1001@example.com' },
      offered: { audio: true, video: false },
      alertInfo: [],
      connection: undefined,
      observe: (listener) => {
        observers.add(listener);
        return () => observers.delete(listener);
      },
      ...{ start: nothing, answer: nothing, hold: nothing, unhold: nothing, renegotiate: nothing },
      ...{ refer: nothing, sendDTMF: nothing, replaceTrack: nothing, setSending: () => undefined },
      takes: () => true,
      terminate: () => report({ type: 'ended', end: { ...end, by: 'local' }, event: {} }),
      report,
      establish: () => report({ type: 'established', event: {} }),
      end: () => report({ type: 'ended', end, event: {} }),
    };
  }

  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

  /** Calls that come and go, some answered, some not. */
  async function fakeCalls(phone, count) {
    for (let at = 0; at < count; at += 1) {
      const session = fakeSession(3000 + at, at % 2 ? 'incoming' : 'outgoing');
      phone.calls.add(session);
      session.report({ type: 'progress', statusCode: 180, hasMedia: false, event: {} });
      if (at % 3) session.establish();
      await settled();
      session.end();
      await settled();
    }
  }

  async function listCalls(phone, count) {
    const sessions = Array.from({ length: count }, (_, at) => fakeSession(2000 + at));
    const calls = sessions.map((session) => phone.calls.add(session));
    for (const session of sessions) session.establish();
    await settled();
    return calls;
  }

  const rowOf = (root, place) => root.querySelectorAll('li[part~=call]')[place];
  const marksOf = (row) => row.querySelector('[part~=marks]');

  async function toggle(call, isMuted, root) {
    await (isMuted ? call.mute() : call.unmute());
    void root.offsetHeight;
  }

  /** What a person would write for this one list: the row's attribute and its badge. */
  function toggleByHand(row, isMuted, badge) {
    if (isMuted) {
      row.dataset.muted = 'true';
      marksOf(row).append(badge);
    } else {
      delete row.dataset.muted;
      badge.remove();
    }
    void row.parentElement.offsetHeight;
  }

  /** Nodes outside of the call's own row that mutes of one call after the other touch. */
  async function touchedElsewhere(calls, root) {
    const observer = new MutationObserver(() => undefined);
    const everything = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(root, everything);
    let count = 0;
    for (const [place, call] of calls.entries()) {
      const row = rowOf(root, place);
      for (const isMuted of [true, false]) {
        await toggle(call, isMuted, root);
        const own = (node) => row.contains(node) || node === marksOf(row);
        const foreign = ({ target, addedNodes, removedNodes }) =>
          !own(target) && ![...addedNodes, ...removedNodes].some(own);
        count += observer.takeRecords().filter(foreign).length;
      }
    }
    observer.disconnect();
    return count;
  }

  /** Milliseconds for a mute of each of the calls, ours and by hand, in turn. */
  async function muteRounds(phone, root, { calls: count, rounds }) {
    const calls = await listCalls(phone, count);
    const copy = root.cloneNode(true);
    copy.removeAttribute('id');
    root.after(copy);
    await toggle(calls[1], true, root);
    await settled();
    const badge = marksOf(rowOf(root, 1)).querySelector('[part~=muted]').cloneNode(true);
    await toggle(calls[1], false, root);
    const [ours, byHand] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      const isMuted = round % 2 === 0;
      const begun = performance.now();
      for (const call of calls) await toggle(call, isMuted, root);
      const between = performance.now();
      for (let at = 0; at < count; at += 1) {
        const row = rowOf(copy, at);
        toggleByHand(row, isMuted, isMuted ? badge.cloneNode(true) : marksOf(row).lastElementChild);
      }
      ours.push(between - begun);
      byHand.push(performance.now() - between);
    }
    const isDrawn = rounds % 2 === 0 || root.querySelectorAll('[part~=muted]').length === count;
    // The clocks of the rows tick once a second; where one did meanwhile, the next try has none.
    const elsewhere = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      elsewhere.push(await touchedElsewhere(calls.slice(0, 5), root));
    }
    copy.remove();
    return { ours, byHand, isDrawn, elsewhere: Math.min(...elsewhere) };
  }

  const repeat = (times, task) => {
    const begun = performance.now();
    for (let turn = 0; turn < times; turn += 1) task(turn);
    return times / (performance.now() - begun);
  };

  /** Events per millisecond with ten listeners, in turn. */
  function emitRounds(library, { EventEmitter2 }, rounds) {
    const plugin = library.definePlugin({
      name: 'bench',
      defaults: {},
      schema: library.schema.object({}),
      setup: (ctx) => ({ tick: (payload) => ctx.emit('bench.tick', payload) }),
    });
    const phone = library.createPhone({ plugins: [plugin()] });
    const raw = new EventEmitter2();
    let heard = 0;
    for (let at = 0; at < 10; at += 1) {
      const listener = ({ turn }) => {
        heard += turn & 1;
      };
      phone.on('bench.tick', listener);
      raw.on('bench.tick', listener);
    }
    const [ours, theirs] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(repeat(50_000, (turn) => phone.plugins.bench.tick({ turn })));
      theirs.push(repeat(50_000, (turn) => raw.emit('bench.tick', { turn })));
    }
    phone.destroy();
    return { ours, theirs, heard };
  }

  /** Counts what one phone draws from now on: all draws, and those of each of its roots. */
  function watchDraws(phone, roots) {
    const counts = { html: 0, batches: roots.map(() => 0), changes: 0 };
    const { get, set } = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
    Object.defineProperty(Element.prototype, 'innerHTML', {
      configurable: true,
      get,
      set(html) {
        if (this instanceof HTMLTemplateElement) counts.html += 1;
        set.call(this, html);
      },
    });
    roots.forEach((root, at) => {
      new MutationObserver((records) => {
        // A level meter is fed by hand, ten times a second: that is no draw.
        if (records.some(({ target }) => target.localName !== 'meter')) counts.batches[at] += 1;
      }).observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    const seen = new Set();
    phone.onPattern('call.**', (name, { call }) => {
      if (name.endsWith('timeupdate') || name.startsWith('call.primary.') || seen.has(call)) return;
      seen.add(call);
      counts.changes += 1;
    });
    return counts;
  }

  /** Records in `rec` each INVITE that a socket sends. */
  function watchInvites() {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function watchedSend(data) {
      if (typeof data === 'string' && data.startsWith('INVITE ')) window.rec.add('invite');
      send.call(this, data);
    };
  }

  window.bench = {
    ...{
      run,
      create,
      drawBare,
      fakeCalls,
      muteRounds,
      emitRounds,
      watchDraws,
      watchInvites,
      settled,
    },
  };
})();
