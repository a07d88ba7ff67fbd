import { firefox, type Browser } from 'playwright-core'

/**
 * Debian's Firefox with a fake microphone that sounds one note without end. The channel makes Playwright drive it by WebDriver BiDi,
 * not as the patched Firefox of Playwright. playwright-core 1.65 needs a command that Firefox 153 does not have yet.
 */
export async function openFirefox(): Promise<Browser> {
  return firefox.launch({
    channel: 'moz-firefox',
    executablePath: '/usr/bin/firefox-esr',
    firefoxUserPrefs: {
      'media.navigator.streams.fake': true,
      // The user has allowed the microphone for good. Without that, Firefox hides the addresses of this host.
      'permissions.default.microphone': 1,
      // This machine has no loudspeaker, and without one Firefox does not run an AudioContext.
      'media.cubeb.force_mock_context': true,
    },
  })
}
