import { firefox } from 'playwright-core';
import type { Browser } from 'playwright-core';
import process from 'node:process';
import { scratchDirectory } from './processes.ts';
import type { Pulse } from './pulse.ts';

/** The tone of its fake microphone in Hz. */
export const firefoxHz = 1500;

const media = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.navigator.audio.fake_frequency': firefoxHz,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  // Names in the place of addresses (mDNS) would be resolved by no other browser here.
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.peerconnection.ice.loopback': true,
  // A network without a way out is a network all the same.
  'network.manage-offline-status': false,
};

const nowhere = 'http://127.0.0.1:9/';
const silence = {
  'app.update.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'media.gmp-manager.url': nowhere,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': nowhere,
  'toolkit.telemetry.enabled': false,
};

/** Starts Debian's Firefox. Without a sound server its AudioContext stands still: hence `pulse`. */
export function launchFirefox(pulse: Pulse): Promise<Browser> {
  return firefox.launch({
    // Driven by WebDriver BiDi: the one way for a Firefox that is as its makers made it.
    channel: 'moz-firefox',
    executablePath: process.env['FIREFOX'] ?? '/usr/bin/firefox-esr',
    headless: true,
    firefoxUserPrefs: { ...media, ...silence },
    env: {
      ...process.env,
      ...pulse.env,
      HOME: scratchDirectory('firefox'),
      // Its sandbox keeps the content processes from the sound server's socket.
      MOZ_DISABLE_CONTENT_SANDBOX: '1',
    },
  });
}
