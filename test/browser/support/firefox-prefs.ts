import type { Level } from './launch.ts'

type Prefs = Readonly<Record<string, string | number | boolean>>

/** A plain browser stores more than Tor Browser: it writes session, cache and history to disk. */
export const keepMore: Prefs = {
  'browser.sessionstore.resume_from_crash': true,
  'browser.sessionstore.interval': 500,
  'browser.startup.page': 3,
}

/**
 * Turns off the requests that Firefox makes on its own, so that every request seen comes from the
 * page.
 */
const quiet: Prefs = {
  'app.normandy.enabled': false,
  'app.update.auto': false,
  'app.update.enabled': false,
  'browser.discovery.enabled': false,
  'browser.ml.enable': false,
  'browser.newtabpage.activity-stream.feeds.section.topstories': false,
  'browser.newtabpage.activity-stream.telemetry': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'browser.safebrowsing.provider.google4.updateURL': '',
  'browser.safebrowsing.provider.mozilla.updateURL': '',
  'browser.search.serpEventTelemetryCategorization.enabled': false,
  'browser.topsites.contile.enabled': false,
  'browser.translations.enable': false,
  'captivedetect.canonicalURL': '',
  'datareporting.usage.uploadEnabled': false,
  'dom.push.connection.enabled': false,
  'dom.push.enabled': false,
  'extensions.getAddons.showPane': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.systemAddon.update.url': '',
  'media.gmp-manager.url': '',
  'media.gmp-provider.enabled': false,
  'media.peerconnection.enabled': false,
  'messaging-system.rsexperimentloader.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.predictor.enabled': false,
  'network.prefetch-next': false,
  'network.trr.mode': 5,
  'nimbus.rollouts.enabled': false,
  'security.OCSP.enabled': 0,
  'security.remote_settings.crlite_filters.enabled': false,
  'security.remote_settings.intermediates.enabled': false,
  // The only value that a release build accepts to disable this service.
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': '',
  'toolkit.telemetry.unified': false,
}

/** Treats an onion page as a plain browser does: no secure context, and no upgrade to https. */
const onion: Prefs = {
  'network.dns.blockDotOnion': false,
  'dom.securecontext.allowlist_onions': false,
  'dom.security.https_first': false,
  'dom.security.https_first_schemeless': false,
  'dom.security.https_only_mode': false,
}

/** The preferences that Tor Browser's security levels set. */
const levels: Readonly<Record<Level, Prefs>> = {
  standard: {},
  safer: {
    'javascript.options.asmjs': false,
    'javascript.options.baselinejit': false,
    'javascript.options.ion': false,
    'javascript.options.native_regexp': false,
    'javascript.options.wasm': false,
    'javascript.options.wasm_baselinejit': false,
    'javascript.options.wasm_optimizingjit': false,
    'gfx.font_rendering.opentype_svg.enabled': false,
    'mathml.disabled': true,
  },
  safest: { 'javascript.enabled': false },
}

export function firefoxPrefs(options: {
  level: Level
  proxyAddress: string
  isTor: boolean
  isDark: boolean
}): Record<string, string | number | boolean> {
  return {
    ...quiet,
    ...onion,
    ...levels[options.level],
    ...(options.isTor ? throughTor(options.proxyAddress) : throughProxy(options.proxyAddress)),
    'network.proxy.type': 1,
    'network.proxy.no_proxies_on': '',
    'network.proxy.allow_hijacking_localhost': true,
    'layout.css.prefers-color-scheme.content-override': options.isDark ? 0 : 1,
    'ui.prefersReducedMotion': 1,
  }
}

function throughProxy(address: string): Prefs {
  const [host, port] = parted(address)
  return {
    'network.proxy.http': host,
    'network.proxy.http_port': port,
    'network.proxy.ssl': host,
    'network.proxy.ssl_port': port,
  }
}

/** As in Tor Browser: names are resolved by tor, and an onion page is a secure context. */
function throughTor(address: string): Prefs {
  const [host, port] = parted(address)
  return {
    'network.proxy.socks': host,
    'network.proxy.socks_port': port,
    'network.proxy.socks_version': 5,
    'network.proxy.socks_remote_dns': true,
    'dom.securecontext.allowlist_onions': true,
  }
}

function parted(address: string): [host: string, port: number] {
  const [host = '', port = ''] = address.split(':')
  return [host, Number(port)]
}
