import { expect } from 'vitest';
import type { PageSeen, Party, Tab } from './browser.ts';
import { enter } from './cast.ts';
import type { Member, Stage } from './cast.ts';
import { isUp } from './phone.ts';
import { until } from './processes.ts';
import type { Colour } from './y4m.ts';

/** A person whose camera shows one colour. */
export interface Filmed extends Member {
  readonly colour: Colour;
}

/** What the cameras of the people show, and what arrives from one that is muted. */
export const red: Colour = [220, 40, 40];
export const blue: Colour = [40, 60, 220];
export const black: Colour = [0, 0, 0];

type Name = Parameters<typeof enter>[0];

/** Starts a browser with a camera, and a registered phone, for a person. */
export async function film(
  name: Name,
  colour: Colour,
  stage: Omit<Stage, 'party'> & {
    readonly party: (options: {
      readonly name: string;
      readonly hz: number;
      readonly colour: Colour;
    }) => Promise<Party>;
  },
): Promise<Filmed> {
  const { party } = stage;
  const member = await enter(name, { ...stage, party: (options) => party({ ...options, colour }) });
  return { ...member, colour };
}

/** True when two colours are the same as far as an encoder keeps them. */
function isColour(seen: readonly number[], colour: Colour, tolerance = 24): boolean {
  return seen.every((part, place) => Math.abs(part - (colour[place] ?? 0)) < tolerance);
}

/** Waits until a tab receives a picture of this colour in its newest call. */
export async function sees(tab: Tab, colour: Colour): Promise<PageSeen> {
  return until(`the colour ${colour.join()}`, async () => {
    const picture = await tab.look();
    return picture !== null && isColour(picture.colour, colour) && picture;
  });
}

/** Waits until an element on the page shows a picture of this colour. */
export async function shows(tab: Tab, selector: string, colour: Colour): Promise<void> {
  await until(`${selector} to show ${colour.join()}`, async () => {
    if ((await tab.page.locator(selector).count()) === 0) return false;
    const picture = await tab.look({ selector });
    return picture !== null && isColour(picture.colour, colour);
  });
}

/** Waits until a canvas has colours at places, which are shares of its width and height. */
export async function isComposed(
  tab: Tab,
  selector: string,
  places: readonly (readonly [x: number, y: number, colour: Colour])[],
): Promise<void> {
  const at = places.map(([x, y]) => [x, y] as const);
  await until(`colours on ${selector}`, async () => {
    const found = await tab.page.evaluate(
      ([name, points]) => {
        const canvas = document.querySelector<HTMLCanvasElement>(name);
        const context = canvas?.getContext('2d');
        return points.map(([x, y]) => [
          ...(context?.getImageData(x * (canvas?.width ?? 0), y * (canvas?.height ?? 0), 1, 1)
            .data ?? []),
        ]);
      },
      [selector, at] as const,
    );
    return found.every((seen, place) => isColour(seen.slice(0, 3), places[place]?.[2] ?? black));
  });
}

/** The frames that a tab has decoded so far in its newest call. */
export async function framesOf(tab: Tab): Promise<number> {
  return (await tab.stats()).video.inbound?.frames ?? 0;
}

/** Counts the frames that arrive within `ms`. */
export async function arrivingFrames(tab: Tab, ms = 700): Promise<number> {
  const before = await framesOf(tab);
  await tab.page.waitForTimeout(ms);
  return (await framesOf(tab)) - before;
}

/** Waits until no frames arrive, then measures a window in which none may arrive. */
export async function seesNothing(tab: Tab): Promise<void> {
  await until('frames to stop', async () => (await arrivingFrames(tab, 300)) === 0);
  expect(await arrivingFrames(tab)).toBe(0);
}

/** Calls with a camera; gives the id of the call. */
function videoCall(from: Member, to: Member): Promise<string> {
  return from.page.evaluate(
    async (user) => (await phone.userAgent.call(user, [], { video: true })).id,
    to.user,
  );
}

/** A call with a camera that is answered with `answer`: its id at either end. */
export async function talkFilmed(
  from: Member,
  to: Member,
  answer: object,
): Promise<readonly [string, string]> {
  const atCaller = await videoCall(from, to);
  const atCallee = await to.nextIncoming();
  await to.run('answer', atCallee, answer);
  await Promise.all([
    from.waitForCall('the call to be up', isUp, atCaller),
    to.waitForCall('the call to be up', isUp, atCallee),
  ]);
  return [atCaller, atCallee];
}

/** The cameras that are open. */
export async function camerasOf({ tab }: Member): Promise<number> {
  return (await tab.liveTracks()).filter(({ kind }) => kind === 'video').length;
}
