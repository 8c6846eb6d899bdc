// Phones of the drop-in on one page, and what each of them told: names, and who or what the arguments are.
(() => {
  const plugins = [
    ...['userAgent', 'callList', 'callControl', 'dialpad', 'mediaDevices', 'audioContext'],
    'videoCanvas',
    ...['conference', 'blf'],
  ];

  const getter = (phone, name) => phone[`get${name[0].toUpperCase()}${name.slice(1)}`]();

  function kindOf(value, phone) {
    if (value === phone) return 'phone';
    if (typeof value === 'function') return 'function';
    if (value === null || value === undefined) return String(value);
    return typeof value === 'object' ? kindOfObject(value, phone) : value;
  }

  function kindOfCall(call) {
    return call.hasSession() || call.isEnded() ? 'call' : 'new call';
  }

  function kindOfObject(value, phone) {
    const plugin = plugins.find((name) => getter(phone, name) === value);
    if (plugin) return plugin;
    if (value instanceof HTMLMediaElement) return value.localName;
    if (value instanceof Event) return `event ${value.type}`;
    if (value instanceof Error) return value.name;
    if ('getId' in value) return kindOfCall(value);
    const name = value.constructor.name;
    return name === 'Object' || Array.isArray(value) ? Object.keys(value) : name;
  }

  window.dropIns = {};
  window.dropInTold = {};

  window.makeDropIn = (name, config) => {
    const phone = new window.libwebphone(config);
    window.dropIns[name] = phone;
    window.dropInTold[name] = [];
    phone.onAny((event, ...args) => {
      if (event.endsWith('timeupdate') && window.dropInTold[name].some((one) => one.name === event))
        return;
      window.dropInTold[name].push({
        name: event,
        args: args.map((value) => kindOf(value, phone)),
      });
    });
    return true;
  };

  /** Chooses the last device of a kind. */
  window.chooseLast = (name, kind) => {
    const devices = window.dropIns[name].getMediaDevices();
    const { id } = devices.live()[kind].devices.at(-1);
    return devices.changeDevice(kind, id);
  };

  /** The codecs of the newest call of a phone, sent and received, and the energy of what is heard. */
  window.spokenBy = async (name) => {
    const call = window.dropIns[name].getCallList().getCalls().at(-1);
    const all = [...(await call.getPeerConnection().getStats()).values()];
    const streams = ['outbound-rtp', 'inbound-rtp'].flatMap((type) =>
      all.filter((each) => each.type === type && each.kind === 'audio' && each.codecId),
    );
    // The comfort noise of who is muted (RFC 3389) has no codec in the statistics.
    const inbound = all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
    return {
      codecs: streams.map(({ codecId }) => all.find(({ id }) => id === codecId).mimeType),
      energy: inbound?.totalAudioEnergy ?? 0,
      seconds: inbound?.totalSamplesDuration ?? 0,
    };
  };

  const ask = navigator.mediaDevices.getUserMedia;
  window.refuseDevices = () => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('no', 'NotReadableError'));
  };
  window.grantDevices = () => {
    navigator.mediaDevices.getUserMedia = ask;
  };

  /** Dispatches every event on every element of a phone and its call; gives those not heard of. */
  window.sayAll = (name) => {
    const phone = window.dropIns[name];
    const call = phone.getCallList().getCalls().at(-1);
    const devices = phone.getMediaDevices();
    const told = (event) => window.dropInTold[name].some((one) => one.name === event);
    const say = (element, prefix) =>
      phone
        .getUtils()
        .mediaElementEvents()
        .filter((type) => {
          element.dispatchEvent(new Event(type));
          return !told(`${prefix}.${type}`);
        })
        .map((type) => `${prefix}.${type}`);
    const ofCall = ['Remote', 'Local'].flatMap((side) =>
      ['Audio', 'Video'].flatMap((kind) => {
        const element = call[`get${side}${kind}`]();
        const rest = `${side}.${kind}`.toLowerCase();
        return [...say(element, `call.${rest}`), ...say(element, `call.primary.${rest}`)];
      }),
    );
    const ofDevices = ['ring', 'audio'].flatMap((kind) =>
      say(devices.getMediaElement(`${kind}output`), `mediaDevices.${kind}.output`),
    );
    return [...ofCall, ...ofDevices];
  };
})();
