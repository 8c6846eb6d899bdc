import type { Renderer, View, ViewSpec } from '../../../core/view/types.ts';

const view: View = {
  invalidate: () => undefined,
  tick: () => undefined,
  addTarget: () => () => undefined,
  roots: [],
  destroy: () => undefined,
};

let latest = new Map<string, ViewSpec>();

/** What the plugins of the phone that was made last would have drawn, by their names. */
export function latestViews(): ReadonlyMap<string, ViewSpec> {
  return latest;
}

/** Draws nothing and keeps what it was to draw: the drop-in paints its own targets. */
export function createRenderer(): Renderer {
  const specs = new Map<string, ViewSpec>();
  latest = specs;
  return {
    view: (spec) => {
      specs.set(spec.plugin, spec);
      return view;
    },
    flush: () => undefined,
    isShown: () => true,
    invalidateAll: () => undefined,
    destroy: () => {
      specs.clear();
    },
  };
}
