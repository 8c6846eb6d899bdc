/**
 * What the bus and JsSIP ask of EventEmitter2, and no more: patterns are matched by the bus. A list of
 * listeners is never changed, only replaced, so that one that is being told stays as it was. It goes
 * into the script-tag file as it is written here.
 */
export class EventEmitter2 {
  #named = new Map();
  #all;

  on(name, listener) {
    this.#named.set(name, [...this.listeners(name), listener]);
    return this;
  }

  once(name, listener) {
    const once = (...values) => {
      this.off(name, once);
      listener.apply(this, values);
    };
    once.origin = listener;
    return this.on(name, once);
  }

  off(name, listener) {
    const before = this.listeners(name);
    const first = before.findIndex((each) => each === listener || each.origin === listener);
    const left = before.filter((_, place) => place !== first);
    if (left.length > 0) this.#named.set(name, left);
    else this.#named.delete(name);
    return this;
  }

  addListener(name, listener) {
    return this.on(name, listener);
  }

  removeListener(name, listener) {
    return this.off(name, listener);
  }

  removeAllListeners(name) {
    if (name === undefined) this.#named.clear();
    else this.#named.delete(name);
    return this;
  }

  onAny(listener) {
    this.#all = [...this.listenersAny(), listener];
    return this;
  }

  offAny(listener) {
    this.#all = this.listenersAny().filter((each) => each !== listener);
    return this;
  }

  emit(name, ...values) {
    for (const listener of this.listenersAny()) listener.call(this, name, ...values);
    const listeners = this.listeners(name);
    for (const listener of listeners) listener.apply(this, values);
    // The published one says so too, once somebody has listened to all.
    return listeners.length > 0 || this.#all !== undefined;
  }

  listeners(name) {
    return this.#named.get(name) ?? [];
  }

  listenersAny() {
    return this.#all ?? [];
  }

  eventNames() {
    return [...this.#named.keys()];
  }
}
