import type { EventMap, EventName } from '../core/index.ts';
import { domReady } from '../entry/readConfig.ts';

/** Tells the page by an event of the element. */
export type Tell = <Name extends EventName>(name: Name, detail: EventMap[Name]) => void;

/** While the page is being parsed all that is told waits: what wants to hear it stands further down, or waits for that. */
export function createTelling(host: Element): Tell {
  let waiting: Event[] | undefined;
  if (document.readyState === 'loading') {
    const held: Event[] = (waiting = []);
    void domReady().then(() => {
      // After all others that wait for the page.
      setTimeout(() => {
        for (const event of held) host.dispatchEvent(event);
        waiting = undefined;
      });
    });
  }
  return (name, detail) => {
    const event = new CustomEvent(name, { detail });
    if (waiting) waiting.push(event);
    else host.dispatchEvent(event);
  };
}
