/** Lets everything happen that waits for no timer: promises, and drawing, which is a microtask. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
