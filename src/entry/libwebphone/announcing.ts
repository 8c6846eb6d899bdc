import { announcerMark, createAnnouncer } from '../../core/view/announcer.ts';
import type { CallSnapshot } from '../../core/index.ts';
import { toFacts } from '../../../plugins/callList/view.ts';
import type { Engine } from './kit.ts';
import { utils } from './utils.ts';
import type { Words } from './words.ts';

/** What the announcer is made of. */
export interface AnnouncingServices {
  readonly engine: Engine;
  readonly words: Words;
  /** What is painted into at present. */
  readonly roots: () => readonly Element[];
}

// The page has no sheet of ours; a policy that forbids styles in the markup lets a script set them.
const unseen = {
  ...{ position: 'absolute', width: '1px', height: '1px', margin: '-1px', overflow: 'hidden' },
  ...{ clipPath: 'inset(50%)', whiteSpace: 'nowrap' },
};

/**
 * Has screen readers hear of calls, in the native words and by the native announcer: templates of libwebphone say
 * nothing of what happens. Returns what looks again at all that is so.
 */
export function announceCalls({ engine, words, roots }: AnnouncingServices): () => void {
  const { ctx, calls } = engine;
  const announce = createAnnouncer({
    uid: utils.randomElementId(),
    after: ctx.clock.after,
    texts: ctx.i18n.texts,
  });
  // Why a call has ended stands in a section of its own; the others are texts of the class, which a page may change.
  const t: Words['translate'] = (key, variables) =>
    words.translate(key.includes('.') ? key : `libwebphone:callList.${key}`, variables);
  let ended: readonly CallSnapshot[] = [];
  const look = (): void => {
    if (ctx.signal.aborted) return;
    const up = calls.list().filter((call) => !call.isEnded());
    const places = roots();
    announce(toFacts({ calls: up.map(({ snapshot }) => snapshot), state: { ended }, t }), places);
    for (const root of places) {
      const region = root.querySelector<HTMLElement>(announcerMark);
      if (region) Object.assign(region.style, unseen);
    }
  };
  ctx.on('call.created', () => {
    ended = [];
  });
  ctx.on('call.terminated', ({ call }) => {
    ended = [...ended, call];
  });
  for (const event of ['call.created', 'call.changed', 'call.terminated'] as const) {
    ctx.on(event, () => {
      queueMicrotask(look);
    });
  }
  return look;
}
