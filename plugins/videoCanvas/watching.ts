import type { Off } from '../../src/core/index.ts';

/** Runs at once and whenever the canvas comes into sight or goes out of it. */
export function watchVisibility(canvas: Element, tell: (isVisible: boolean) => void): Off {
  let isInView = true;
  const update = (): void => {
    tell(isInView && document.visibilityState === 'visible');
  };
  const observer = new IntersectionObserver((entries) => {
    isInView = entries.at(-1)?.isIntersecting === true;
    update();
  });
  observer.observe(canvas);
  document.addEventListener('visibilitychange', update);
  return () => {
    observer.disconnect();
    document.removeEventListener('visibilitychange', update);
  };
}

/** Runs for each new frame of a video; where the browser does not tell of them, for each of its own. */
export function eachFrame(video: HTMLVideoElement, run: (at: number) => void): Off {
  let handle = 0;
  if (!('requestVideoFrameCallback' in video)) {
    const next = (at: number): void => {
      handle = requestAnimationFrame(next);
      run(at);
    };
    handle = requestAnimationFrame(next);
    return () => {
      cancelAnimationFrame(handle);
    };
  }
  const next = (at: number): void => {
    handle = video.requestVideoFrameCallback(next);
    run(at);
  };
  handle = video.requestVideoFrameCallback(next);
  return () => {
    video.cancelVideoFrameCallback(handle);
  };
}

/** Lets through at most so many a second, evenly where they come in more often. */
export function createPace(): (at: number, perSecond: number) => boolean {
  let due = 0;
  return (at, perSecond) => {
    // Frames never come to the millisecond.
    if (at < due - 4) return false;
    const interval = 1000 / perSecond;
    // A little late is made good by the next one; a long pause is not.
    due = (at - due < interval ? due : at) + interval;
    return true;
  };
}

/**
 * Tells whether a video shows more than black. Looking costs much of what drawing the frame does, so a
 * picture is looked at every two seconds, and a black one twice a second: what comes is waited for.
 */
export function createLightMeter(
  threshold: number,
): (video: HTMLVideoElement, at: number) => boolean {
  const sample = Object.assign(document.createElement('canvas'), { width: 4, height: 4 });
  const context = sample.getContext('2d', { willReadFrequently: true });
  let isLit = true;
  let due = -Infinity;
  return (video, at) => {
    if (!context || at < due) return isLit;
    context.drawImage(video, 0, 0, 4, 4);
    const { data } = context.getImageData(0, 0, 4, 4);
    // Every fourth value is the opacity, 255 for all.
    const sum = data.reduce((total, value) => total + value, 0) - 16 * 255;
    isLit = sum / 48 > threshold;
    due = at + (isLit ? 2000 : 500);
    return isLit;
  };
}
