import { PhoneError } from '../../core/index.ts';
import type { PluginRegistry } from '../../core/index.ts';
import type { Device } from '../../../plugins/mediaDevices/types.ts';

type Choice = Pick<Device, 'id' | 'name' | 'selected' | 'connected'>;

/** What the second device that rings is made of. */
export interface SecondRingServices {
  readonly native: PluginRegistry['mediaDevices'];
  /** The native `ringoutput`, whose `additional` is read at each ring. */
  readonly ringoutput: Record<string, unknown>;
  readonly tell: (type: string, ...more: readonly unknown[]) => void;
  /** The ids of those that it may begin with, the best one first. */
  readonly wished: unknown;
  /** The name of the choice that is none. */
  readonly nobody: () => string;
}

/** The fork's `ringoutput2`: a device that rings besides `ringoutput`, never the same one. */
export class SecondRing {
  readonly #services: SecondRingServices;
  /** What rings besides by the native option. */
  readonly #others: readonly unknown[];
  /** The ids of those that may ring, the best one first: what was chosen, then what is configured. */
  #wished: readonly string[];
  #id = 'none';

  constructor(services: SecondRingServices) {
    this.#services = services;
    const { ringoutput, wished } = services;
    this.#others = listOf(ringoutput['additional']);
    this.#wished = listOf(wished) as readonly string[];
  }

  /** What can be chosen: none, and what rings not already. */
  devices(): readonly Choice[] {
    const { native, nobody } = this.#services;
    const first = native.getPreferredDevice('ringoutput')?.id;
    const others = native.getDevices().ringoutput.filter(({ id }) => id !== first);
    const none = { id: 'none', name: nobody(), connected: true };
    return [none, ...others].map((each) => ({ ...each, selected: each.id === this.#id }));
  }

  chosen(): Choice | undefined {
    return this.devices().find(({ selected }) => selected);
  }

  /** Uses another one. Rejects with `media.unknownDevice` for one that is not there, or rings already. */
  async change(id: string): Promise<void> {
    const { native, tell } = this.#services;
    if (!this.#isThere(id)) {
      const error = new PhoneError('media.unknownDevice');
      tell('ring.output.secondary.error', error);
      throw error;
    }
    // Who says none before there is any has chosen, too.
    this.#wished = [id, ...this.#wished.filter((each) => each !== id)];
    if (id === this.#id) return;
    this.#use(id);
    // The native plugin looks at what rings whenever it lists the devices.
    await native.refreshAvailableDevices();
  }

  /**
   * The devices are listed, or another one rings first: gives way to the next best where its own is gone, or is that
   * one, and comes back. A browser may tell of them only when the microphone has been open.
   */
  settle(): void {
    const id = this.#wished.find((each) => this.#isThere(each)) ?? 'none';
    if (id !== this.#id) this.#use(id);
  }

  #isThere(id: string): boolean {
    return this.devices().some((each) => each.id === id && each.connected);
  }

  #use(id: string): void {
    const { ringoutput, tell } = this.#services;
    this.#id = id;
    ringoutput['additional'] = [...this.#others, ...(id === 'none' ? [] : [id])];
    tell('ring.output.secondary.changed', this.chosen());
  }
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [];
