import { announcerMark } from '../../core/view/announcer.ts';
import { parseHtml } from '../../core/view/html.ts';
import { morphChildren } from '../../core/view/morph.ts';
import { compile } from '../../core/view/template.ts';
import type { Template } from '../../core/view/template.ts';
import { holdFocus } from './holdFocus.ts';
import type { Kit } from './kit.ts';
import { targetFrom } from './target.ts';
import type { Face, RenderTarget, TargetConfig } from './target.ts';
import { frozen, over } from './values.ts';
import type { Plain } from './values.ts';

/** Changes a target before or after it is painted, or gives another one in its place. */
export type Modifier = (target: RenderTarget) => unknown;

const compiled = new Map<string, Template>();

/** libwebphone's `lwpRenderer`: paints a plugin into its targets and binds what is in them. */
export abstract class Renderer {
  /** The plugin's part of the configuration; frozen, and no secret is in it. */
  readonly _config: Plain;
  readonly _libwebphone: object;
  protected readonly kit: Kit;
  readonly #face: Face;
  readonly #targets: RenderTarget[] = [];
  readonly #marked = new Set<Element>();
  readonly #spoken = new Set<Attr>();
  #isReady = false;
  #isAsked = false;

  constructor(kit: Kit, face: Face) {
    this.kit = kit;
    this.#face = face;
    this._libwebphone = kit.phone;
    this._config = frozen(face.config);
    void kit.ready.then(() => {
      if (kit.engine.ctx.signal.aborted) return;
      this.#isReady = true;
      void this.render(this.#refresh);
      this.tell('render.ready');
    });
  }

  /** Emits an event of this plugin. */
  protected tell(type: string, ...more: readonly unknown[]): void {
    this.kit.tell(`${this.#face.name}.${type}`, this, ...more);
  }

  /** The data that is refreshed at each `updateRenders`. */
  protected abstract live(): Plain;

  /** Tells that the plugin is there, and adds the targets of the configuration. */
  _begin(): void {
    const { renderTargets } = this._config;
    for (const target of Array.isArray(renderTargets) ? (renderTargets as TargetConfig[]) : []) {
      this.renderAddTarget(target);
    }
    this.tell('created');
  }

  /** Follows what the native plugin tells. */
  _heard(_name: string, _payload: Plain): void {
    // Most classes ask the native plugin instead.
  }

  /** Paints into one more place: the id of an element, or an object. */
  renderAddTarget(config: TargetConfig): void {
    const target = targetFrom(config, this.#face, over({}, this._config, this.live()));
    this.#targets.push(target);
    this.tell('render.new', target);
    this._updateAll();
  }

  /** Paints all targets at once; `before` and `after` may change each of them. */
  render(before: Modifier = same, after: Modifier = same): Promise<unknown[]> {
    const targets = this.#targets.map((target) => (before(target) ?? target) as RenderTarget);
    if (this.#isReady) {
      for (const target of targets) this.#paint(target);
      const painted = targets.map((target) => after(target));
      this.kit.painted();
      this.tell('render.rendered', targets);
      return Promise.resolve(painted);
    }
    return Promise.resolve(targets.map((target) => after(target)));
  }

  /** Refreshes the data and paints all targets, once at the end of this turn. */
  updateRenders(..._given: readonly unknown[]): void {
    this._updateAll();
  }

  protected _updateAll(after: Modifier = same): void {
    if (this.#isAsked && after === same) return;
    this.#isAsked = true;
    queueMicrotask(() => {
      this.#isAsked = false;
      if (!this.kit.engine.ctx.signal.aborted) void this.render(this.#refresh, after);
    });
  }

  /** What it is painted into. */
  _roots(): readonly Element[] {
    const roots = this.#targets.map((target) => (target.enabled ? rootOf(target) : null));
    return roots.filter((root): root is Element => root?.isConnected === true);
  }

  /** Empties all targets, and takes its marks from them. */
  _end(): void {
    for (const target of this.#targets) rootOf(target)?.replaceChildren();
    this.#targets.length = 0;
    // The next phone in these places marks them for itself.
    for (const root of this.#marked) root.removeAttribute('data-cordboard');
    for (const attribute of this.#spoken) attribute.ownerElement?.removeAttributeNode(attribute);
  }

  readonly #refresh = (target: RenderTarget): void => {
    target.data = over(target.data, this.live());
  };

  #paint(target: RenderTarget): void {
    const root = rootOf(target);
    if (!target.enabled || !root) return;
    try {
      target.html = this.#drawn(target);
      const drawn = parseHtml(target.html);
      const last = root.lastElementChild;
      if (last?.matches(announcerMark)) drawn.append(last.cloneNode());
      holdFocus(root, this.kit.engine.ctx.signal, () => {
        morphChildren(root, drawn);
      });
      this.#mark(root);
      this.#speak(root);
      this.#bind(target, root);
    } catch (error) {
      reportError(error);
    }
  }

  #drawn({ template, data, i18n, by_id, by_name }: RenderTarget): string {
    const draw = compiled.get(template) ?? compile(template, {});
    compiled.set(template, draw);
    const texts = Object.entries(i18n).map(([name, key]) => [name, this.kit.translate(key)]);
    return draw({ data, i18n: Object.fromEntries(texts) as object, by_id, by_name });
  }

  // What the page has written there itself stays.
  #speak(root: Element): void {
    const locale = this.kit.locale();
    if (!locale) return;
    for (const name of ['lang', 'dir'] as const) {
      const there = root.getAttributeNode(name);
      if (there && !this.#spoken.has(there)) continue;
      const ours = there ?? document.createAttribute(name);
      ours.value = locale[name];
      root.setAttributeNode(ours);
      this.#spoken.add(ours);
    }
  }

  // Keys are for the phone that was touched last, and for one that is on the page.
  #mark(root: Element): void {
    if (root.hasAttribute('data-cordboard')) return;
    root.setAttribute('data-cordboard', this.#face.name);
    this.#marked.add(root);
    const { keyboard, signal } = this.kit.engine.ctx;
    for (const type of ['pointerdown', 'focusin']) {
      root.addEventListener(type, keyboard.use, { signal });
    }
  }

  #bind(target: RenderTarget, root: Element): void {
    const bind = (element: Element, events: Plain): void => {
      for (const [name, handler] of Object.entries(events)) {
        if (!name.startsWith('on') || typeof handler !== 'function') continue;
        const hear = (event: Event): unknown => handler.call(this, event, target) as unknown;
        Reflect.set(element, name, hear);
      }
    };
    for (const entry of Object.values(target.by_id)) {
      const element = root.querySelector(`#${CSS.escape(entry.elementId)}`);
      entry.element = element;
      if (element) bind(element, entry.events);
    }
    for (const entry of Object.values(target.by_name)) {
      const elements = root.querySelectorAll(`[name="${CSS.escape(entry.elementName)}"]`);
      entry.elements = elements;
      for (const element of elements) bind(element, entry.events);
    }
  }
}

const same: Modifier = (target) => target;

function rootOf({ root }: RenderTarget): Element | null {
  if (root.element?.isConnected) return root.element;
  const found = root.elementId ? document.getElementById(root.elementId) : null;
  if (found) root.element = found;
  return root.element ?? null;
}
