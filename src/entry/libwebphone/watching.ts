/** After which native events a plugin is painted again, by its name. */
const changes: Readonly<Record<string, RegExp>> = {
  userAgent: /^userAgent\.(?!received|redial)/,
  callList: /^call\.(?!primary|timeupdate)(\w+)$/,
  callControl: /^call\.(?!primary|timeupdate)(\w+|transfer\.\w+)$|^userAgent\.(call|redial)\./,
  dialpad: /^dialpad\.(?!tones)|^call\.(?!primary|timeupdate)(\w+|transfer\.\w+)$/,
  mediaDevices: /^mediaDevices\./,
  audioContext: /^audioContext\.channel\./,
  videoCanvas: /^videoCanvas\./,
  conference: /^conference\./,
  blf: /^blf\./,
};

/** Whether an event changes what a plugin shows. */
export function isSeen(plugin: string, event: string): boolean {
  return changes[plugin]?.test(event) ?? false;
}
