// @ts-check

/** @type {AudioContext | undefined} */
let context;

/** The page's Web Audio. */
export function sound() {
  context ??= new AudioContext();
  return context;
}

// Browsers let a page make sounds only after a gesture; this is earlier than the phones hear of it.
for (const gesture of ['click', 'keydown']) {
  addEventListener(gesture, () => void sound().resume(), { capture: true });
}
