// window.rec: what a phone said, in order, kept in a form that survives the way to the test.
(() => {
  const startedAt = performance.now();

  function plain(value, depth = 0) {
    if (typeof value === 'function') return '[function]';
    if (value === null || typeof value !== 'object') return value;
    return depth > 5 ? '[deep]' : plainObject(value, depth);
  }

  function plainObject(value, depth) {
    if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
    if (value instanceof Error) {
      return { ...plain({ ...value }, depth + 1), name: value.name, message: value.message };
    }
    const proto = Object.getPrototypeOf(value);
    if (proto !== Object.prototype && proto !== null) return `[${value.constructor?.name}]`;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, plain(item, depth + 1)]),
    );
  }

  const rec = {
    events: [],
    add(name, payload) {
      rec.events.push({ at: performance.now() - startedAt, name, payload: plain(payload) });
    },
    /** Records the named events of anything with `on(name, listener)`; its other arguments too. */
    watch(source, names) {
      for (const name of names) {
        source.on(name, (...args) => rec.add(name, args.length > 1 ? args : args[0]));
      }
    },
    names: () => rec.events.map((event) => event.name),
    named: (name) => rec.events.filter((event) => event.name === name),
    clear() {
      rec.events.length = 0;
    },
    plain,
    /** How a promise ended: { value } or { error }. */
    settle: (promise) =>
      Promise.resolve(promise).then(
        (value) => ({ value: plain(value) }),
        (error) => ({ error: plain(error) }),
      ),
  };
  window.rec = rec;
})();
