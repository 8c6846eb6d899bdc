import type { Call, PluginRegistry } from '../../core/index.ts';
import template from './templates/userAgent.mustache';
import { loginOf, settingsLeft } from './agentSettings.ts';
import type { Book, Expected } from './book.ts';
import { createElement } from './callMedia.ts';
import type { Kit } from './kit.ts';
import { Renderer } from './renderer.ts';
import { texts } from './texts.ts';
import { copyOf, isPlain, over, quiet, section } from './values.ts';
import type { Plain } from './values.ts';

type Native = PluginRegistry['userAgent'];
type Text = string | null;

/** libwebphone's `lwpUserAgent`. */
export class UserAgent extends Renderer {
  /**
   * Gets what the agent is about to start with, by JsSIP's names and with no secret in it; replace it to
   * change any of it at the last moment, or to give what is to be changed.
   */
  initAgent: (config: Record<string, unknown>) => unknown = () => undefined;
  readonly #native: Native;
  readonly #book: Book;
  readonly #camera: Camera;
  readonly #warned = new Set<string>();
  #typed: Plain = {};

  constructor(kit: Kit, book: Book, { native, config, camera }: AgentSetup) {
    const typed = (name: string) => ({
      onchange(this: UserAgent, event: Event) {
        this.#typed = { ...this.#typed, [name]: (event.target as HTMLInputElement).value };
      },
    });
    super(kit, {
      name: 'userAgent',
      template,
      config,
      texts: Object.keys(texts['userAgent'] ?? {}),
      by_id: {
        debug: {
          onclick: () => {
            this.toggleDebug();
          },
        },
        registrar: { onclick: () => this.toggleRegistration() },
        username: typed('username'),
        password: typed('password'),
        realm: typed('realm'),
        agentstart: { onclick: () => this.start() },
        agentstop: { onclick: () => this.stop() },
      },
    });
    this.#native = native;
    this.#book = book;
    this.#camera = camera;
    // The dialpad asks the native agent: its calls, too, are made as libwebphone makes them.
    const { call } = native;
    const place: Native['call'] = (target, headers, options) =>
      isPlain(options) && options['render']
        ? call(target, headers, options)
        : this.call(target, headers ?? [], options as Plain);
    Object.assign(native, { call: place, redial: () => this.redial() });
  }

  protected override live(): Plain {
    const { username, realm } = over(section(this._config, 'authentication'), this.#typed);
    return {
      authentication: { username, realm },
      isStarted: this.isStarted(),
      isConnected: this.isConnected(),
      isRegistered: this.isRegistered(),
      isReady: this.isReady(),
      isDebugging: this.isDebugging(),
    };
  }

  start(username: Text = null, password: Text = null, realm: Text = null): Promise<void> {
    if (this.isStarted()) return quiet(this.#native.start());
    const given = Object.entries({ username, password, realm }).filter(([, value]) => value);
    // They stay for the next start, as they do in libwebphone.
    this.#typed = { ...this.#typed, ...Object.fromEntries(given) };
    try {
      const last = this.#agree(this.#typed);
      return quiet(this.#native.start(last['username'], last['password'], last['realm']));
    } catch (error) {
      // As the page has thrown it, which is what libwebphone tells.
      this.tell('configuration.error', error);
      return quiet(Promise.reject(error as Error));
    }
  }
  /** The start that the configuration asks for by `autostart`. */
  _startWithPhone(): void {
    const { agent, ctx } = this.kit.engine;
    // A failure is told by its event.
    if (agent?.startsWithPhone && !ctx.signal.aborted) void this.start();
  }
  // What is typed goes before what is configured, and what `initAgent` leaves before both.
  #agree({ password, ...typed }: Plain): ReturnType<typeof loginOf> {
    const { agent } = this.kit.engine;
    if (!agent) return {};
    const told = agent.told({ ...agent.login(), ...typed });
    // It may change what is in it, which is seen by what it was.
    const settings = copyOf(told) as typeof told;
    const result = this.initAgent.call(this, settings);
    const left = settingsLeft(settings, result);
    if (typeof result === 'object' && result !== null && !isPlain(result))
      this.#warn('an agent of its own');
    for (const name of agent.take(told, left)) this.#warn(name);
    // Always one: the native agent would keep the one that it was started with before.
    return loginOf(told, { ...left, password: agent.password(left, password) });
  }
  // Each name once.
  #warn(name: string): void {
    if (this.#warned.has(name)) return;
    this.#warned.add(name);
    this.kit.engine.ctx.log.warn(`initAgent: ${name} is not used; the agent is the phone's own.`);
  }
  stop(): Promise<void> {
    return quiet(this.#native.stop());
  }
  isStarted(): boolean {
    return this.#native.isStarted();
  }
  isConnected(): boolean {
    return this.#native.isConnected();
  }
  isRegistered(): boolean {
    return this.#native.isRegistered();
  }
  isReady(): boolean {
    return this.#native.isReady();
  }
  startDebug(): void {
    this.#native.startDebug();
  }
  stopDebug(): void {
    this.#native.stopDebug();
  }
  toggleDebug(): void {
    this.#native.toggleDebug();
  }
  isDebugging(): boolean {
    return this.#native.isDebugging();
  }
  register(): Promise<void> {
    return quiet(this.#native.register());
  }
  unregister(): Promise<void> {
    return quiet(this.#native.unregister());
  }
  toggleRegistration(): Promise<void> {
    return quiet(this.#native.toggleRegistration());
  }
  redial(): Promise<unknown> {
    this.tell('redial.started', this.getRedial());
    return this.call();
  }
  getRedial(): string {
    return this.#native.getRedial();
  }
  setRedial(target: string): void {
    this.#native.setRedial(target);
  }
  hangupAll(): Promise<void> {
    return quiet(this.#native.hangupAll());
  }

  /** Calls; `options` is true for an anonymous call, or has libwebphone's and the fork's options. */
  call(
    target: Text = null,
    headers: readonly string[] = [],
    options: boolean | Plain | null = false,
  ): Promise<Call> {
    return quiet(
      this.#call(target, headers, isPlain(options) ? options : { anonymous: options === true }),
    );
  }

  async #call(target: Text, headers: readonly string[], options: Plain): Promise<Call> {
    // As in libwebphone, also of a call that cannot be made now: the redial button makes it later.
    if (target?.trim()) this.setRedial(target);
    const video = options['video'] ?? (await this.#camera.open());
    const { custom_data: customData, secondary_call: isSecondary, ...rest } = options;
    const render = elements();
    this.#book.expect({ customData, render });
    this.kit.engine.focusNext(isSecondary !== true);
    const { localAudio: _audio, ...given } = render;
    try {
      return await this.#native.call(target, headers, {
        ...rest,
        video: video === true,
        render: given,
      });
    } finally {
      this.#book.expect(undefined);
      this.kit.engine.focusNext(true);
      this.#camera.close();
    }
  }
}

/** The camera for calls that send it. */
export interface Camera {
  /** Opens it; false where a call goes without. */
  readonly open: () => Promise<boolean>;
  /** Lets go of what was opened, once the call has it. */
  readonly close: () => void;
}

/** What the agent is made of. */
export interface AgentSetup {
  readonly native: Native;
  readonly config: Plain;
  readonly camera: Camera;
}

function elements(): Expected['render'] {
  return {
    sound: createElement('remote', 'audio'),
    remote: createElement('remote', 'video'),
    localAudio: createElement('local', 'audio'),
    local: createElement('local', 'video') as HTMLVideoElement,
  };
}
