import en from '../../../locales/en.json' with { type: 'json' };
import keys from './textKeys.json' with { type: 'json' };

type Texts = Readonly<Record<string, string>>;

const own: Readonly<Record<string, Texts>> = {
  videoCanvas: {
    piprescale: 'Preview Rescale',
    framespersecond: 'Canvas Frames per Second',
    pipenable: 'Enable',
    pipdisable: 'Disable',
    startfullscreen: 'Start',
    stopfullscreen: 'Exit',
    screenshare: 'Screen Share',
    startscreenshare: 'Start',
    stopscreenshare: 'Stop',
    video: 'Video',
    show: 'Show',
    hide: 'Hide',
    rescale: 'Rescale',
    position: 'Position',
    x: 'X',
    y: 'Y',
    center: 'Center',
    topleft: 'Top left',
    topright: 'Top right',
    bottomleft: 'Bottom left',
    bottomright: 'Bottom right',
    absolute: 'Absolute',
    relative: 'Relative',
  },
};

const shared: Readonly<Record<string, Texts>> = en;

/** libwebphone's English texts by class; most of them are the native ones. */
export const texts: Readonly<Record<string, Texts>> = Object.fromEntries(
  Object.entries(keys).map(([name, wanted]) => [
    name,
    {
      ...Object.fromEntries(wanted.map((key) => [key, shared[name]?.[key] ?? key])),
      ...own[name],
    },
  ]),
);
