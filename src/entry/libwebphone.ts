/**
 * The drop-in: the global class `libwebphone`, for pages that were written for 2600hz's libwebphone
 * 2.0.0. The native phone is behind it; what is here turns one face into the other.
 */
import { announceCalls } from './libwebphone/announcing.ts';
import { Book } from './libwebphone/book.ts';
import { isEnabled, shownConfig, wholeConfig } from './libwebphone/config.ts';
import { Emitter } from './libwebphone/emitter.ts';
import { createEngine } from './libwebphone/engine.ts';
import { toldPlugin } from './libwebphone/events.ts';
import type { Told } from './libwebphone/events.ts';
import { createFaces } from './libwebphone/faces.ts';
import type { Faces } from './libwebphone/faces.ts';
import type { Engine, Kit } from './libwebphone/kit.ts';
import type { Renderer } from './libwebphone/renderer.ts';
import { utils } from './libwebphone/utils.ts';
import { followLanguage } from './libwebphone/language.ts';
import type { Spoken } from './libwebphone/language.ts';
import { frozen } from './libwebphone/values.ts';
import type { Plain } from './libwebphone/values.ts';
import { isSeen } from './libwebphone/watching.ts';
import { createWords } from './libwebphone/words.ts';
import type { Words } from './libwebphone/words.ts';

type Strings = Readonly<Record<string, string>>;

/** libwebphone: every event has the phone first, then who tells it, then the documented parameters. */
// eslint-disable-next-line import-x/no-default-export -- the global of the script is the class itself
export default class Libwebphone extends Emitter {
  /** The whole configuration; frozen, and no secret is in it. */
  readonly _config: Plain;
  readonly #engine: Engine;
  readonly #words: Words;
  readonly #book: Book;
  readonly #faces: Faces;
  readonly #announce: (() => void) | undefined;

  constructor(config: object = {}) {
    super();
    const whole = wholeConfig(config);
    const early: [string, Plain][] = [];
    let hear = (name: string, payload: Plain): void => {
      early.push([name, payload]);
    };
    this.#engine = createEngine(
      whole,
      (name, payload) => {
        hear(name, payload);
      },
      (name) => (name === 'call' ? this.#book.primary() : this.#faces[name as keyof Faces]),
    );
    this.#words = createWords(this.#engine, whole);
    // What the classes hold is in reach of everyone who hears an event.
    this._config = frozen({ ...whole, userAgent: shownConfig(whole, 'userAgent') });
    const spoken = followLanguage(this.#engine, this.#words, whole);
    const kit = this.#kit(this._config, spoken);
    this.#book = new Book(kit);
    this.#faces = createFaces(kit, this.#book, whole);
    if (isEnabled(whole, 'announcer')) {
      const roots = (): Element[] => this.#all().flatMap((face) => face._roots());
      this.#announce = announceCalls({ engine: this.#engine, words: this.#words, roots });
    }
    this.#begin(spoken, () => {
      hear = this.#hear;
      for (const told of early) hear(...told);
    });
  }

  getCallControl(): Faces['callControl'] | undefined {
    return this.#faces.callControl;
  }
  getCallList(): Faces['callList'] | undefined {
    return this.#faces.callList;
  }
  getDialpad(): Faces['dialpad'] | undefined {
    return this.#faces.dialpad;
  }
  getUserAgent(): Faces['userAgent'] | undefined {
    return this.#faces.userAgent;
  }
  getMediaDevices(): Faces['mediaDevices'] | undefined {
    return this.#faces.mediaDevices;
  }
  getVideoCanvas(): Faces['videoCanvas'] | undefined {
    return this.#faces.videoCanvas;
  }
  getAudioContext(): Faces['audioContext'] | undefined {
    return this.#faces.audioContext;
  }
  /** The fork's conference, where the configuration has `conference`. */
  getConference(): Faces['conference'] | undefined {
    return this.#faces.conference;
  }
  /** The fork's busy lamps, where the configuration has `blf`. */
  getBlf(): Faces['blf'] | undefined {
    return this.#faces.blf;
  }
  /** The same, as the fork writes it. */
  getBLF(): Faces['blf'] | undefined {
    return this.#faces.blf;
  }
  getUtils(): typeof utils {
    return utils;
  }
  /** The i18next instance of this phone. */
  geti18n(): Engine['i18next'] {
    return this.#engine.i18next;
  }
  i18nAddResourceBundles(className: string, resources: Readonly<Record<string, Strings>>): void {
    for (const [language, resource] of Object.entries(resources)) {
      this.i18nAddResourceBundle(className, language, resource);
    }
  }
  /** Adds texts; they take the place of those that are there. */
  i18nAddResourceBundle(className: string, language: string, resource: Strings): void {
    this.#words.add(className, language, resource);
    this.emit('language.bundle.added', this, language, { [className]: resource });
  }
  i18nTranslator(): Words['translate'] {
    return this.#words.translate;
  }
  /** Takes the phone down and empties its targets; libwebphone has no way to. */
  destroy(): void {
    this.#engine.destroy();
    for (const face of this.#all()) face._end();
    this.removeAllListeners();
  }

  #all(): Renderer[] {
    return Object.values(this.#faces) as Renderer[];
  }

  #kit(config: Plain, { first, locale }: Spoken): Kit {
    return {
      phone: this,
      engine: this.#engine,
      config,
      tell: (name, from, ...more) => {
        this.emit(name, this, from, ...more);
      },
      isHeard: (name) => this.isHeard(name),
      translate: (key) => this.#words.translate(key),
      painted: () => {
        this.#announce?.();
      },
      wantsVideo: () => this.#faces.mediaDevices?._wantsVideo() ?? false,
      ready: Promise.all([documentReady(), first]),
      locale,
    };
  }

  // In a turn of its own, so that a page that listens after `new` hears how the phone came to be.
  #begin({ first }: Spoken, listen: () => void): void {
    queueMicrotask(() => {
      for (const face of this.#all()) face._begin();
      this.emit('created', this);
      // Another language tells it when its texts are there.
      if (!first) this.emit('language.changed', this, this.#words.translate);
      listen();
      this.#faces.userAgent?._startWithPhone();
    });
    const { i18next } = this.#engine;
    let isTold = false;
    const tell = (): void => {
      isTold = true;
      this.emit('language.changed', this, this.#words.translate);
    };
    // A file that is not there in time: the first paint is in English, and so is the first event.
    void first?.then(() => {
      if (!isTold && !this.#engine.ctx.signal.aborted) tell();
    });
    const repaint = (): void => {
      for (const face of this.#all()) face.updateRenders();
    };
    i18next.on('languageChanged', () => {
      tell();
      repaint();
    });
    i18next.store.on('added', repaint);
  }

  readonly #hear = (name: string, payload: Plain): void => {
    if (name.startsWith('call.primary.')) return;
    const [owner = ''] = name.split('.');
    const from = this.#faces[owner as keyof Faces];
    from?._heard(name, payload);
    for (const [plugin, face] of Object.entries(this.#faces)) {
      if (isSeen(plugin, name)) (face as Renderer).updateRenders();
    }
    if (owner === 'call') this.#book.hear(name.slice('call.'.length), payload);
    else this.#pass(toldPlugin(name, payload), from ?? this);
  };

  #pass(told: Told | undefined, from: object): void {
    if (!told) return;
    for (const name of told.names) this.emit(name, this, from, ...told.more);
  }
}

function documentReady(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      // After the events of the start.
      setTimeout(resolve);
    };
    if (document.readyState === 'loading') {
      document.addEventListener('DOMContentLoaded', done, { once: true });
    } else done();
  });
}
