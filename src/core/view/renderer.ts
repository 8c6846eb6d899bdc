import { createAnnouncer, factsIn } from './announcer.ts';
import { settle, type ViewData } from './model.ts';
import { createMount, type Mount } from './mount.ts';
import { describeTarget } from './roots.ts';
import type { Fact, Off, Renderer, RenderTarget, View, ViewServices, ViewSpec } from './types.ts';

/** What a view needs from its renderer. */
interface Drawing {
  readonly services: ViewServices;
  /** Runs `work` and reports what it throws, so that everything else runs on. */
  readonly attempt: (plugin: string, work: () => void) => void;
  /** A number no other mount of the plugin has had. */
  readonly number: (plugin: string) => number;
  readonly schedule: (view: OwnView) => void;
  readonly forget: (view: OwnView) => void;
}

interface OwnView extends View {
  readonly draw: () => void;
  readonly facts: () => readonly Fact[];
}

const ticker =
  (mounts: Iterable<Mount>, draw: Off): View['tick'] =>
  (...row) => {
    for (const mount of mounts) if (!mount.tick(...row)) draw();
  };

function createView(spec: ViewSpec, drawing: Drawing): OwnView {
  const { services } = drawing;
  const { plugin } = spec;
  const mounts = new Set<Mount>();
  let data: ViewData | undefined;
  let computing = false;

  const attempt = drawing.attempt.bind(null, plugin);

  // What asks for a draw while it is read would never come to an end.
  const read = (work: () => void): void => {
    computing = true;
    attempt(work);
    computing = false;
  };

  const draw = (): void => {
    if (mounts.size === 0) return;
    read(() => {
      data = settle(spec, spec.model(services.texts(plugin)), data);
    });
    attempt(() => {
      const current = data;
      if (current === undefined) return;
      const ambient = { texts: services.texts(plugin), ...services.locale() };
      for (const mount of mounts) {
        attempt(() => {
          mount.draw(current, ambient);
        });
      }
    });
  };

  const invalidate = (): void => {
    if (!computing && (mounts.size > 0 || spec.says)) drawing.schedule(view);
  };

  const addTarget = (target: RenderTarget): Off => {
    const mount = createMount({
      spec,
      target: describeTarget(target),
      uid: `${services.uid}-${plugin}-${drawing.number(plugin)}`,
      report: services.report.bind(null, plugin),
      used: services.used,
      attempt,
    });
    mounts.add(mount);
    invalidate();
    return () => {
      if (mounts.delete(mount)) mount.remove();
    };
  };

  const view: OwnView = {
    invalidate,
    tick: ticker(mounts, invalidate),
    addTarget,
    draw,
    facts: () => {
      let facts: readonly Fact[] = [];
      read(() => {
        facts = spec.says?.() ?? [];
      });
      return facts;
    },
    get roots() {
      return [...mounts].flatMap(({ root }) => root ?? []);
    },
    destroy: () => {
      for (const mount of mounts) mount.remove();
      mounts.clear();
      data = undefined;
      drawing.forget(view);
    },
  };
  return view;
}

/**
 * Draws the views of one phone: each at most once a turn, after all that happened in that turn.
 * Where there is no document, nothing is drawn and nothing fails.
 */
export function createRenderer(services: ViewServices): Renderer {
  const views = new Set<OwnView>();
  const waiting = new Set<OwnView>();
  const numbers = new Map<string, number>();
  let scheduled = false;
  let drawing = false;
  const announce = createAnnouncer(services);

  const attempt = (plugin: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      services.report(plugin, error);
    }
  };

  const flush = (): void => {
    // What is asked for while drawing has its own turn.
    if (drawing) return;
    drawing = true;
    const batch = [...waiting];
    waiting.clear();
    for (const view of batch) if (views.has(view)) view.draw();
    drawing = false;
    const all = [...views];
    const roots = all.flatMap((view) => view.roots);
    attempt('announcer', () => {
      announce([...all.flatMap((view) => view.facts()), ...factsIn(all)], roots);
    });
  };

  const schedule = (view: OwnView): void => {
    if (typeof document === 'undefined' || !views.has(view)) return;
    waiting.add(view);
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      flush();
    });
  };

  const number = (plugin: string): number => {
    const next = (numbers.get(plugin) ?? 0) + 1;
    numbers.set(plugin, next);
    return next;
  };

  const forget = (view: OwnView): void => {
    views.delete(view);
    waiting.delete(view);
  };

  return {
    view: (spec) => {
      const view = createView(spec, { services, attempt, number, schedule, forget });
      views.add(view);
      return view;
    },
    flush,
    isShown: () => [...views].some(({ roots }) => roots.length > 0),
    invalidateAll: () => {
      for (const view of views) view.invalidate();
    },
    destroy: () => {
      for (const view of views) view.destroy();
    },
  };
}
