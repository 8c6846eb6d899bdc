import EventEmitter2 from 'eventemitter2';
import { matcher } from '../../core/pattern.ts';

type Heard = (this: object, ...values: readonly unknown[]) => void;

/**
 * EventEmitter2 as libwebphone's users know it, with two of its faults away: a listener that throws
 * stops no other and no call, and `call.**` matches names, as libwebphone's README promises.
 */
export class Emitter extends EventEmitter2 {
  constructor() {
    super({ maxListeners: 0 });
  }

  /** Calls everyone who hears this event; true when somebody does. */
  override emit(name: string, ...values: readonly unknown[]): boolean {
    Reflect.set(this, 'event', name);
    const anys = [...this.listenersAny()] as readonly Heard[];
    const listeners = this.eventNames().flatMap((known) =>
      isMatching(String(known), name) ? (this.listeners(known as string) as Heard[]) : [],
    );
    for (const listener of anys) this.#tell(listener, [name, ...values]);
    for (const listener of listeners) this.#tell(listener, values);
    return anys.length + listeners.length > 0;
  }

  /** Whether anybody hears an event of this name. */
  isHeard(name: string): boolean {
    return (
      this.listenersAny().length > 0 ||
      this.eventNames().some((known) => isMatching(String(known), name))
    );
  }

  #tell(listener: Heard, values: readonly unknown[]): void {
    try {
      listener.apply(this, [...values]);
    } catch (error) {
      reportError(error);
    }
  }
}

function isMatching(known: string, name: string): boolean {
  return known === name || (known.includes('*') && matcher(known)(name));
}
