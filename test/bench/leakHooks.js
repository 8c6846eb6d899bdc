// window.leaks, put into a page before its scripts: counts what a phone may leave behind.
(() => {
  const timers = new Set();
  const elements = [];

  for (const kind of ['Timeout', 'Interval']) {
    const set = window[`set${kind}`].bind(window);
    const clear = window[`clear${kind}`].bind(window);
    window[`set${kind}`] = (task, time, ...args) => {
      const timer = set(() => {
        if (kind === 'Timeout') timers.delete(timer);
        task(...args);
      }, time);
      timers.add(timer);
      return timer;
    };
    window[`clear${kind}`] = (timer) => {
      timers.delete(timer);
      clear(timer);
    };
  }

  const remember = (element) => {
    if (element instanceof HTMLMediaElement) elements.push(new WeakRef(element));
    return element;
  };
  const create = Document.prototype.createElement;
  Document.prototype.createElement = function createElement(...args) {
    return remember(create.apply(this, args));
  };
  window.Audio = new Proxy(window.Audio, {
    construct: (target, args, newTarget) => remember(Reflect.construct(target, args, newTarget)),
  });

  // The tests' own list of connections would keep the closed ones alive, listeners included.
  const openConnections = () => {
    const { connections } = window.harness;
    const open = connections.filter((one) => one.connectionState !== 'closed');
    connections.splice(0, connections.length, ...open);
    return open.length;
  };

  window.leaks = () => ({
    timers: timers.size,
    tracks: window.harness.liveTracks().length,
    'peer connections': openConnections(),
    'detached media elements': elements.filter((ref) => ref.deref()?.isConnected === false).length,
  });
})();
